//! The live side: what a system's folder gives to the rest, and the table of systems.

use crate::model::{Claims, Instance, Kind, Observation, Problem, ProviderConfiguration, Value};
use async_trait::async_trait;

/// One system. Everything that driftline knows of it stands in its folder.
#[async_trait]
pub trait Provider: Sync {
    /// Name used in kinds, in `--only` and on the command line, for example `aws`.
    fn system(&self) -> &'static str;

    /// Sources of the Terraform providers that manage this system, for example `hashicorp/aws`.
    fn sources(&self) -> &'static [&'static str];

    fn kinds(&self) -> &'static [&'static Kind];

    fn resource_types(&self) -> &'static [ResourceType];

    /// The least read-only permissions that observing needs, ready to paste.
    fn permissions(&self) -> String;

    /// The account an attribute of a recorded instance names, if any does (for AWS: the account in its `arn`).
    fn scope_of(&self, attributes: &Value) -> Option<String>;

    /// Reads the live system. `Err` when nothing can be read as asked (no credentials, another account); whatever is
    /// refused or lost on the way is a gap in the observation.
    async fn observe(&self, ask: &Ask) -> Result<Observation, Problem>;
}

/// What a resource type claims.
pub struct ResourceType {
    pub name: &'static str,
    /// Turns one instance into claims and authorities.
    pub claims: fn(&Instance, &mut Claims),
    /// Kinds that an instance may claim: what is uncertain when one cannot be read.
    pub kinds: &'static [&'static Kind],
    /// Attributes that are secret whether or not the provider marks them so.
    pub secrets: &'static [&'static str],
    /// For `explain`: what it declares, and what of it is left out.
    pub about: &'static str,
}

/// What to observe.
#[derive(Debug, Default)]
pub struct Ask {
    /// Provider configurations whose accounts are to be read; empty means the environment's own.
    pub configurations: Vec<ProviderConfiguration>,
    /// Accounts that the claims speak of, for telling a wrong account from an empty one.
    pub claimed_scopes: Vec<String>,
    /// Ids of the kinds wanted; `None` for all.
    pub only: Option<Vec<String>>,
    /// Requests under way at once.
    pub jobs: usize,
    /// Called with a line on what is being read.
    pub progress: Option<fn(&str)>,
}

impl Ask {
    /// Whether any of these kinds is wanted.
    pub fn wants(&self, kinds: &[&Kind]) -> bool {
        match &self.only {
            None => true,
            Some(ids) => kinds.iter().any(|kind| ids.iter().any(|id| id == kind.id)),
        }
    }

    pub fn report(&self, what: &str) {
        if let Some(progress) = self.progress {
            progress(what);
        }
    }
}
