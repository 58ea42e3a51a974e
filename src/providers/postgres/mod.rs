//! PostgreSQL: roles of a cluster, who is a member of which, and who may do what with which object.
//!
//! `settings` says whom to ask and as whom, `passfile` finds a password, `tls` how far the server is believed, `session` is the one way to ask,
//! `queries` the list of everything that may be asked, `kinds` what the answers mean and who declares it, `observe` reads
//! a whole cluster, `databases` says into which databases, `inside` reads one. `acl` knows access lists, `templates` what
//! default privileges explain, `owners` whom nobody expects to own something, `settle` and `signature` what only the live
//! side tells of a declaration.

mod acl;
mod databases;
mod inside;
pub mod kinds;
mod observe;
mod owners;
mod passfile;
mod privilege;
pub mod queries;
mod reading;
mod remedies;
mod session;
mod settings;
mod settle;
mod shared;
mod signature;
mod stored;
mod templates;
mod tls;

pub use stored::{NoRow, Stored, stored};

use crate::model::{Claims, Fact, Key, Kind, Observation, Problem, Value};
use crate::providers::remedy::Remedy;
use crate::providers::{Ask, Provider, ResourceType};
use async_trait::async_trait;

/// The system `postgres`.
pub struct Postgres;

#[async_trait]
impl Provider for Postgres {
    fn system(&self) -> &'static str {
        "postgres"
    }

    fn sources(&self) -> &'static [&'static str] {
        // The second is what a state of a configuration without `required_providers` was written with.
        &["cyrilgdn/postgresql", "hashicorp/postgresql"]
    }

    fn kinds(&self) -> &'static [&'static Kind] {
        kinds::KINDS
    }

    fn resource_types(&self) -> &'static [&'static [ResourceType]] {
        kinds::TYPES
    }

    fn unread_types(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn without_access(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (
                "postgresql_extension",
                "what an extension makes, and gives to whom, is read; that it is there is no access",
            ),
            (
                "postgresql_replication_slot",
                "it keeps changes for a subscriber; who may read them is a matter of roles",
            ),
            ("postgresql_physical_replication_slot", "it keeps changes for a standby, which logs in as a role"),
        ]
    }

    fn remedies(&self) -> &'static [Remedy] {
        remedies::ROWS
    }

    fn principal(&self, identity: &str) -> Option<(&'static Kind, Key)> {
        // As `observe` writes it: `USER at SERVER`.
        let (user, _) = identity.rsplit_once(" at ")?;
        Some((&kinds::role::KIND, Key::new([user])))
    }

    fn joined(&self, membership: &Fact) -> Option<(&'static Kind, Key)> {
        let is_one = *membership.kind == kinds::membership::KIND;
        is_one.then(|| (&kinds::role::KIND, Key::new([kinds::membership::ends(&membership.key).1])))
    }

    fn permissions(&self) -> String {
        queries::permissions()
    }

    fn scope_of(&self, _: &Value) -> Option<String> {
        // Nothing that the provider records names the cluster: the provider configuration tells.
        None
    }

    fn has_clusters(&self) -> bool {
        true
    }

    fn rests_on(&self, kind: &Kind, key: &Key) -> Vec<(&'static Kind, Key)> {
        kinds::rests_on(kind, key)
    }

    fn settle(&self, claims: &mut Claims, observation: &Observation) {
        settle::settle(claims, observation);
    }

    fn in_environment(&self) -> bool {
        settings::variable("PGHOST").is_some()
    }

    async fn observe(&self, ask: &Ask) -> Result<Observation, Problem> {
        observe::observe(ask).await
    }
}
