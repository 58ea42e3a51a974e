//! Amazon Web Services: IAM and the settings of S3 that open buckets.
//!
//! `auth` finds credentials, `client` asks, `operations` is the list of everything that may be asked, `kinds` says what
//! the answers mean and who declares it, `observe` reads a whole account.

mod account;
mod auth;
mod client;
mod credentials;
pub mod endpoints;
mod iam;
pub mod kinds;
mod observe;
pub mod operations;
mod policy_document;
mod privilege;
mod remedies;
mod s3;
mod seen;
mod tags;
mod unread;
mod xml;

pub use client::{NoObject, Stored, stored};

use crate::model::{Fact, Key, Kind, Observation, Problem, ProviderConfiguration, Value};
use crate::providers::remedy::Remedy;
use crate::providers::{Ask, Provider, ResourceType};
use crate::terraform::computed::Computed;
use async_trait::async_trait;

/// The system `aws`.
pub struct Aws;

#[async_trait]
impl Provider for Aws {
    fn system(&self) -> &'static str {
        "aws"
    }

    fn sources(&self) -> &'static [&'static str] {
        &["hashicorp/aws"]
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        kinds::KINDS
    }

    fn resource_types(&self) -> &'static [&'static [ResourceType]] {
        kinds::TYPES
    }

    fn unread_types(&self) -> &'static [(&'static str, &'static str)] {
        unread::TYPES
    }

    fn computed(&self) -> &'static [Computed] {
        &[policy_document::COMPUTED]
    }

    fn remedies(&self) -> &'static [Remedy] {
        remedies::ROWS
    }

    fn principal(&self, identity: &str) -> Option<(&'static Kind, Key)> {
        // `arn:aws:iam::ACCOUNT:user/PATH/NAME` or `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`.
        let (sort, rest) = identity.splitn(6, ':').nth(5)?.split_once('/')?;
        match sort {
            "user" => Some((&kinds::user::KIND, Key::new([rest.rsplit('/').next()?]))),
            "assumed-role" => Some((&kinds::role::KIND, Key::new([rest.split('/').next()?]))),
            _ => None,
        }
    }

    fn administrator_by_name(&self, name: &str) -> Option<&'static str> {
        kinds::attachment::administrator_by_name(name)
    }

    fn joined(&self, membership: &Fact) -> Option<(&'static Kind, Key)> {
        let is_one = *membership.kind == kinds::membership::KIND;
        let group = membership.key.field(membership.kind, "group").filter(|_| is_one)?;
        Some((&kinds::group::KIND, Key::new([group])))
    }

    fn permissions(&self) -> String {
        operations::permission_policy()
    }

    fn scope_of(&self, attributes: &Value) -> Option<String> {
        // A managed policy is attached in its own account only.
        let named = ["arn", "policy_arn"].into_iter().filter_map(|name| attributes.text(name));
        named.into_iter().find_map(kinds::account_in).or_else(|| attributes.text("account_id")).map(str::to_owned)
    }

    fn complete(&self, attributes: &mut Value, recorded: Option<&Value>, block: Option<&ProviderConfiguration>) {
        tags::complete(attributes, recorded, block);
    }

    fn in_environment(&self) -> bool {
        auth::in_environment(&auth::Surroundings::of_process())
    }

    async fn observe(&self, ask: &Ask) -> Result<Observation, Problem> {
        observe::observe(ask).await
    }
}
