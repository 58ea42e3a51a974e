//! What Terraform says: claims on single things, and authorities over whole sets.

use super::gap::Gap;
use super::instance::Instance;
use super::instance::InstanceRef;
use super::kind::{Key, Kind};
use super::origin::AttrPath;
use super::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one resource instance says about one thing.
#[derive(Debug, Clone)]
pub struct Claim {
    pub kind: &'static Kind,
    pub key: Key,
    /// The account the thing is said to live in, where an attribute of the instance says so (an ARN).
    pub scope: Option<Arc<str>>,
    pub by: Arc<InstanceRef>,
    pub properties: BTreeMap<&'static str, Claimed>,
    /// Where in the resource block the thing's existence is said; empty for the block itself.
    pub at: AttrPath,
    pub strength: Strength,
    /// The resource type does not look whether the thing is there: an apply does not make it again.
    pub unseen: bool,
    /// Making it where it is there already makes it as declared: there is no need to import it.
    pub repeatable: bool,
    /// The system's own id as it was recorded.
    pub unique_id: Option<String>,
}

/// A property's value and where in the resource block it is said.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub value: Value,
    pub at: AttrPath,
    /// Keys of a map that Terraform was told not to look at; a trailing `*` stands for any ending.
    pub ignoring: Vec<String>,
    /// The resource type makes the property so and never looks at it again: an apply does not put it back.
    pub unseen: bool,
}

/// How directly an instance claims a thing; the strongest claim gives a finding its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// The thing is what the block is for.
    Own,
    /// One element of a set that the block owns or names.
    Listed,
    /// Recorded in an optional and computed attribute, and the configuration that would tell whether
    /// anyone declared it is not at hand.
    Recorded,
    /// A deposed object: still there, to be destroyed by the next apply.
    Leftover,
}

/// Says that the claimed members of a set are all of it.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Kind of the members.
    pub kind: &'static Kind,
    pub scope: Option<Arc<str>>,
    /// Key fields that pick the set, for example `principal = deploy`.
    pub fixed: Vec<(&'static str, String)>,
    pub by: Arc<InstanceRef>,
    /// The attribute that lists the members.
    pub at: AttrPath,
    /// The resource type does not see a member that nobody claims: an apply does not take it away.
    pub unseen: bool,
}

impl Authority {
    /// Whether a thing of this kind, scope and key would belong to the set.
    pub fn covers(&self, kind: &Kind, key: &Key) -> bool {
        *self.kind == *kind && key.matches(kind, &self.fixed)
    }
}

/// What one instance says of every thing of a set that only the live side can list: all tables of a schema, a function
/// whose arguments are written in another way than the server writes them.
#[derive(Debug, Clone)]
pub struct Sweep {
    /// What is said of each thing. Its key names the set as far as the declaration does.
    pub claim: Claim,
    /// Which set, in a word of the system's folder, which turns it into claims on single things.
    pub over: &'static str,
}

/// Everything that instances claim, and what could not be decided on the way.
#[derive(Debug, Default)]
pub struct Claims {
    pub claims: Vec<Claim>,
    /// Claims on sets, until the live side is at hand.
    pub sweeps: Vec<Sweep>,
    pub authorities: Vec<Authority>,
    pub gaps: Vec<Gap>,
}

impl Claims {
    /// Adds the claim that `instance` makes on one thing, to be filled in by the caller.
    pub fn claim(&mut self, instance: &Instance, kind: &'static Kind, key: Key) -> &mut Claim {
        self.claims.push(Claim::new(instance, kind, key));
        let last = self.claims.len() - 1;
        &mut self.claims[last]
    }

    /// Adds the claim that `instance` makes on each thing of a set, to be filled in by the caller.
    pub fn sweep(&mut self, instance: &Instance, kind: &'static Kind, key: Key, over: &'static str) -> &mut Claim {
        self.sweeps.push(Sweep { claim: Claim::new(instance, kind, key), over });
        let last = self.sweeps.len() - 1;
        &mut self.sweeps[last].claim
    }

    /// Adds an authority over the members of `kind` whose key has the `fixed` fields. A deposed object rules nothing.
    pub fn authority(
        &mut self,
        instance: &Instance,
        kind: &'static Kind,
        fixed: Vec<(&'static str, String)>,
        at: AttrPath,
    ) {
        if instance.deposed.is_none() {
            self.authorities.push(Authority { kind, scope: None, fixed, by: instance.by.clone(), at, unseen: false });
        }
    }
}

impl Claim {
    fn new(instance: &Instance, kind: &'static Kind, key: Key) -> Self {
        Claim {
            kind,
            key,
            scope: None,
            by: instance.by.clone(),
            properties: BTreeMap::new(),
            at: AttrPath::default(),
            strength: if instance.deposed.is_some() { Strength::Leftover } else { Strength::Own },
            unseen: false,
            repeatable: false,
            unique_id: None,
        }
    }

    /// Sets a property said by the argument of the same name.
    pub fn set(&mut self, property: &'static str, value: Value) -> &mut Self {
        self.set_at(property, value, AttrPath::attr(property))
    }

    /// Sets a property said somewhere else in the block.
    pub fn set_at(&mut self, property: &'static str, value: Value, at: AttrPath) -> &mut Self {
        self.properties.insert(property, Claimed { value, at, ignoring: Vec::new(), unseen: false });
        self
    }

    /// Marks a property that the resource type does not look at once it is made.
    pub fn unseen(&mut self, property: &str) -> &mut Self {
        if let Some(claimed) = self.properties.get_mut(property) {
            claimed.unseen = true;
        }
        self
    }

    /// Says that an apply takes what is there for its own.
    pub fn repeatable(&mut self) -> &mut Self {
        self.repeatable = true;
        self
    }

    pub fn at(&mut self, at: AttrPath) -> &mut Self {
        self.at = at;
        self
    }

    /// Weakens the claim; a leftover stays one.
    pub fn strength(&mut self, strength: Strength) -> &mut Self {
        self.strength = self.strength.max(strength);
        self
    }
}
