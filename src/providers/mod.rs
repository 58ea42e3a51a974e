//! The live side: what a system's folder gives to the rest, and the table of systems.

pub mod aws;
mod claiming;
pub mod clusters;
mod gaps;
pub mod postgres;
pub mod remedy;

use crate::model::{
    Claims, Fact, Instance, Key, Kind, Observation, Problem, ProviderConfiguration, ProviderUse, Value,
};
use crate::terraform::computed::Computed;
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// The systems, in the order in which help shows them.
pub static SYSTEMS: &[&dyn Provider] = &[&aws::Aws, &postgres::Postgres];

/// The system of this name.
pub fn system(name: &str) -> Option<&'static dyn Provider> {
    SYSTEMS.iter().copied().find(|provider| provider.system() == name)
}

/// Every kind of every system.
pub fn kinds() -> Vec<&'static Kind> {
    SYSTEMS.iter().flat_map(|provider| provider.kinds()).copied().collect()
}

/// The kind with this id.
pub fn kind(id: &str) -> Option<&'static Kind> {
    kinds().into_iter().find(|kind| kind.id == id)
}

/// The resource type of this name, with the system that it belongs to.
pub fn resource_type(name: &str) -> Option<(&'static dyn Provider, &'static ResourceType)> {
    SYSTEMS.iter().copied().find_map(|provider| {
        let found = provider.resource_types().iter().flat_map(|group| group.iter()).find(|t| t.name == name)?;
        Some((provider, found))
    })
}

/// Attributes of a resource type that are secret whether or not its provider marks them so.
pub fn secrets_of(resource_type_name: &str) -> &'static [&'static str] {
    resource_type(resource_type_name).map_or(&[], |(_, found)| found.secrets)
}

/// What a type declares that some system lists among those that declare access and are not read.
pub fn unread_type(resource_type_name: &str) -> Option<&'static (&'static str, &'static str)> {
    SYSTEMS.iter().flat_map(|provider| provider.unread_types()).find(|(name, _)| *name == resource_type_name)
}

/// The data sources that are computed, of every system.
pub fn computed() -> Vec<&'static Computed> {
    SYSTEMS.iter().flat_map(|provider| provider.computed()).collect()
}

/// One system. Everything that driftline knows of it stands in its folder.
#[async_trait]
pub trait Provider: Sync {
    /// Name used in kinds, in `--only` and on the command line, for example `aws`.
    fn system(&self) -> &'static str;

    /// Sources of the Terraform providers that manage this system, for example `hashicorp/aws`.
    fn sources(&self) -> &'static [&'static str];

    fn kinds(&self) -> &'static [&'static Kind];

    /// The resource types of each kind's file.
    fn resource_types(&self) -> &'static [&'static [ResourceType]];

    /// Types of the same providers that declare identities or access and that nothing here reads yet, each with what
    /// it declares: instances of them are a gap, not silence.
    fn unread_types(&self) -> &'static [(&'static str, &'static str)];

    /// Types of the same providers that declare no access at all, each with why: nothing is said of them.
    fn without_access(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Data sources that are computed as the provider does, because their arguments say all.
    fn computed(&self) -> &'static [Computed] {
        &[]
    }

    /// How its things are taken away past Terraform, and how they are written as resource blocks.
    fn remedies(&self) -> &'static [remedy::Remedy];

    /// The principal that an identity ([`Scope::identity`](crate::model::Scope::identity)) stands for, if it is one that
    /// can lose its access.
    fn principal(&self, identity: &str) -> Option<(&'static Kind, Key)>;

    /// What a membership brings its member into: a group, or a role that it may become.
    fn joined(&self, membership: &Fact) -> Option<(&'static Kind, Key)>;

    /// The least read-only permissions that observing needs, ready to paste.
    fn permissions(&self) -> String;

    /// The account an attribute of a recorded instance names, if any does (for AWS: the account in its `arn`).
    fn scope_of(&self, attributes: &Value) -> Option<String>;

    /// Whether its accounts are clusters, which nothing recorded names ([`clusters`]).
    fn has_clusters(&self) -> bool {
        false
    }

    /// What a recorded thing cannot be without, and what each cluster names in its own way: whether these are there is
    /// what tells one cluster from another.
    fn rests_on(&self, _: &Kind, _: &Key) -> Vec<(&'static Kind, Key)> {
        Vec::new()
    }

    /// Turns what is claimed of sets that only the live side can list ([`Claims::sweeps`]) into claims on single things,
    /// and settles what else of a claim depends on the live side. Most systems have neither.
    fn settle(&self, _: &mut Claims, _: &Observation) {}

    /// Fills in attributes that the provider computes from others, where `attributes` come from the source and not from a
    /// plan: in `attributes` these stand as they are recorded, or are unknown.
    fn complete(&self, _attributes: &mut Value, _recorded: Option<&Value>, _block: Option<&ProviderConfiguration>) {}

    /// Whether the environment of the process names an account of this system: where nothing at all is declared, that
    /// is what tells which systems are meant.
    fn in_environment(&self) -> bool;

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
    /// Attributes that `claims` reads and the provider fills in where the source leaves them out (computed ones, and those
    /// with a default that is not the absent value of the property): such a one stays as it is recorded. `id` goes
    /// without saying.
    pub fills_in: &'static [&'static str],
    /// For `explain`: what it declares, and what of it is left out.
    pub about: &'static str,
}

/// A provider configuration whose account is to be read.
#[derive(Default)]
pub struct Used {
    pub of: ProviderUse,
    /// What the source says of it; without a block Terraform uses what the environment gives.
    pub block: Option<Arc<ProviderConfiguration>>,
    /// Accounts that what it manages names; none when nothing of it tells.
    pub accounts: Vec<String>,
}

/// What to observe.
#[derive(Default)]
pub struct Ask {
    /// Provider configurations whose accounts are to be read; empty means the environment's own.
    pub configurations: Vec<Used>,
    /// Accounts that the claims speak of, for telling a wrong account from an empty one.
    pub claimed_scopes: Vec<String>,
    /// Ids and keys of what is claimed, for asking after what nobody would look into otherwise.
    pub claimed: BTreeSet<(&'static str, Key)>,
    /// Ids of the kinds wanted; `None` for all.
    pub only: Option<Vec<String>>,
    /// Databases that the user names, of systems whose accounts hold several; none where nobody said.
    pub databases: Vec<String>,
    /// Clusters that may answer; none where nobody said.
    pub clusters: Vec<clusters::Expected>,
    /// Requests under way at once.
    pub jobs: usize,
    /// Longest wait for one answer; `None` for the usual one.
    pub timeout: Option<Duration>,
    /// Ask after the credentials of every single user, where a bulk report may be hours old.
    pub fresh_credentials: bool,
    /// Certificate authorities to trust in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// Called with a line on what is being read.
    pub progress: Option<Progress>,
}

/// Told what is being read, for people who wait.
pub type Progress = std::sync::Arc<dyn Fn(&str) + Send + Sync>;

impl Ask {
    /// Whether any of these kinds is wanted.
    pub fn wants(&self, kinds: &[&Kind]) -> bool {
        match &self.only {
            None => true,
            Some(ids) => kinds.iter().any(|kind| ids.iter().any(|id| id == kind.id)),
        }
    }

    pub fn report(&self, what: &str) {
        if let Some(progress) = &self.progress {
            progress(what);
        }
    }
}
