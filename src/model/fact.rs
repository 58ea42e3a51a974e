//! What is there, live.

use super::gap::Gap;
use super::instance::ProviderUse;
use super::kind::{Key, Kind};
use super::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One thing of a kind that is there, live.
#[derive(Debug, Clone)]
pub struct Fact {
    pub kind: &'static Kind,
    /// Account, tenant, organisation or cluster that it lives in: the `id` of a [`Scope`].
    pub scope: Arc<str>,
    pub key: Key,
    pub properties: BTreeMap<&'static str, Value>,
    /// The system's own id that changes when the thing is made anew under the same name.
    pub unique_id: Option<String>,
    /// What `terraform import` takes for the first type of [`Kind::declared_by`].
    pub import_id: Option<String>,
    /// RFC 3339, where the system says so.
    pub created: Option<String>,
    pub last_used: Option<String>,
    /// Why nobody is expected to declare it (made by the vendor, or the vendor's default); `None` for the rest.
    pub vendor_made: Option<String>,
    pub privilege: Privilege,
    /// The principal that this gives something to, when the thing itself is not a principal.
    pub holder: Option<(&'static Kind, Key)>,
}

impl Fact {
    /// A bare fact; the caller fills in what the system says beyond existence.
    pub fn new(kind: &'static Kind, scope: Arc<str>, key: Key) -> Self {
        Fact {
            kind,
            scope,
            key,
            properties: BTreeMap::new(),
            unique_id: None,
            import_id: None,
            created: None,
            last_used: None,
            vendor_made: None,
            privilege: Privilege::None,
            holder: None,
        }
    }

    pub fn with(mut self, property: &'static str, value: impl Into<Value>) -> Self {
        self.properties.insert(property, value.into());
        self
    }
}

/// How much a thing lets its holder do, as far as it shows without comparing policies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privilege {
    /// Gives nothing that is known.
    None,
    /// Gives something; the reason names it.
    Some(String),
    /// Gives everything; the reason names what does.
    Admin(String),
    /// Opens something to everybody; the reason names what does.
    Public(String),
}

/// An account, tenant or cluster that was asked.
#[derive(Debug, Clone)]
pub struct Scope {
    pub system: String,
    /// For AWS the account number, for PostgreSQL the cluster's system identifier.
    pub id: Arc<str>,
    /// As whom the system knew us.
    pub identity: String,
    pub facts: usize,
    pub requests: u64,
    /// Whether nothing of it lies inside a gap.
    pub complete: bool,
    /// The provider configurations that turned out to mean it; none where saved facts stand for it.
    pub meant_by: Vec<ProviderUse>,
}

/// What reading one or several live systems gave: never facts alone.
#[derive(Debug, Default)]
pub struct Observation {
    pub scopes: Vec<Scope>,
    pub facts: Vec<Fact>,
    pub gaps: Vec<Gap>,
}

impl Observation {
    pub fn extend(&mut self, other: Observation) {
        self.scopes.extend(other.scopes);
        self.facts.extend(other.facts);
        self.gaps.extend(other.gaps);
    }
}
