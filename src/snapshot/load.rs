//! Reads a snapshot back. What this version and the one that took the snapshot do not both know becomes a gap.

use super::gaps::{self, Lost, LostThings};
use super::{open, v1};
use crate::model::{Fact, Gap, Hides, Key, Kind, Location, Observation, Precision, Privilege, Problem, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The observation that a snapshot file holds. `kinds` are all that this version knows.
///
/// The hash finds damage and careless edits; it proves nothing about who took the snapshot.
pub fn load(text: &str, path: &str, kinds: &[&'static Kind]) -> Result<Observation, Problem> {
    let file = open::open(text, path)?;
    let unread = gaps::unread(kinds, &file);
    let mut loader = Loader { kinds, names: BTreeSet::new(), lost: LostThings::default() };
    let mut observation = Observation {
        scopes: file.scopes.into_iter().map(|scope| loader.scope(scope)).collect(),
        facts: file.facts.into_iter().filter_map(|fact| loader.fact(fact, &file.kinds)).collect(),
        gaps: file.gaps.into_iter().map(|gap| loader.gap(gap)).collect(),
    };
    for gap in loader.lost.into_gaps(&file.tool_version).into_iter().chain(unread) {
        for scope in observation.scopes.iter_mut().filter(|scope| scope.system == gap.system) {
            scope.complete &= gap.scope.as_ref().is_some_and(|hit| *hit != scope.id);
        }
        observation.gaps.push(gap);
    }
    Ok(observation)
}

struct Loader<'a> {
    kinds: &'a [&'static Kind],
    /// Names of scopes, each kept once.
    names: BTreeSet<Arc<str>>,
    lost: LostThings,
}

impl Loader<'_> {
    fn kind(&self, id: &str) -> Option<&'static Kind> {
        self.kinds.iter().find(|kind| kind.id == id).copied()
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return known.clone();
        }
        let name: Arc<str> = text.into();
        self.names.insert(name.clone());
        name
    }

    fn scope(&mut self, scope: v1::Scope) -> Scope {
        Scope {
            id: self.name(&scope.id),
            system: scope.system,
            identity: scope.identity,
            facts: scope.facts,
            requests: scope.requests,
            complete: scope.complete,
            meant_by: Vec::new(),
        }
    }

    fn fact(&mut self, saved: v1::Fact, coverage: &BTreeMap<String, v1::Coverage>) -> Option<Fact> {
        let scope = self.name(&saved.scope);
        let Some(kind) = self.kind(&saved.kind) else {
            self.lost.add(&scope, Lost::Kind(saved.kind), None);
            return None;
        };
        let same_fields = coverage.get(kind.id).is_none_or(|read| read.key == kind.key);
        if !same_fields || saved.key.len() != kind.key.len() {
            self.lost.add(&scope, Lost::Key(kind.id), Some(kind));
            return None;
        }
        let mut fact = Fact::new(kind, scope.clone(), Key::new(saved.key));
        for (name, value) in saved.properties {
            match kind.property(&name) {
                Some(property) => drop(fact.properties.insert(property.name, value.0)),
                None => self.lost.add(&scope, Lost::Property(kind.id, name), Some(kind)),
            }
        }
        fact.unique_id = saved.unique_id;
        fact.import_id = saved.import_id;
        fact.created = saved.created;
        fact.last_used = saved.last_used;
        fact.vendor_made = saved.vendor_made;
        fact.privilege = privilege(saved.privilege);
        fact.holder = saved.holder.and_then(|holder| self.holder(kind, &scope, holder));
        Some(fact)
    }

    fn holder(&mut self, of: &'static Kind, scope: &Arc<str>, holder: v1::Holder) -> Option<(&'static Kind, Key)> {
        let kind = self.kind(&holder.kind).filter(|kind| kind.key.len() == holder.key.len());
        if kind.is_none() {
            self.lost.add(scope, Lost::Property(of.id, "holder".to_owned()), Some(of));
        }
        kind.map(|kind| (kind, Key::new(holder.key)))
    }

    fn gap(&mut self, gap: v1::Gap) -> Gap {
        Gap {
            code: gap.code.into(),
            system: gap.system,
            scope: gap.scope.map(|scope| self.name(&scope)),
            hides: self.hides(gap.hides),
            reason: gap.reason,
            hint: gap.hint,
            location: gap.location.map(location),
        }
    }

    /// What is not known here is left out, so that a gap hides rather more than less: without a field that picks
    /// some things it hides all of the kind.
    fn hides(&self, hides: v1::Hides) -> Hides {
        let known = |ids: Vec<String>| ids.iter().filter_map(|id| self.kind(id)).collect::<Vec<_>>();
        match hides {
            v1::Hides::Facts { kinds, fixed } => {
                let kinds = known(kinds);
                Hides::Facts { fixed: known_fields(&kinds, fixed), kinds }
            }
            v1::Hides::Properties { kind, properties, fixed } => match self.kind(&kind) {
                Some(kind) => Hides::Properties {
                    kind,
                    properties: properties.iter().filter_map(|name| Some(kind.property(name)?.name)).collect(),
                    fixed: known_fields(&[kind], fixed),
                },
                None => Hides::Facts { kinds: Vec::new(), fixed: Vec::new() },
            },
            v1::Hides::Claims { kinds } => Hides::Claims { kinds: known(kinds) },
            v1::Hides::Desired => Hides::Desired,
            v1::Hides::Unread { what } => Hides::Unread(what),
            v1::Hides::Lines => Hides::Lines,
        }
    }
}

fn known_fields(kinds: &[&'static Kind], fixed: Vec<(String, String)>) -> Vec<(&'static str, String)> {
    let fields = || kinds.iter().flat_map(|kind| kind.key.iter().copied());
    fixed.into_iter().filter_map(|(name, value)| Some((fields().find(|field| *field == name)?, value))).collect()
}

fn privilege(privilege: v1::Privilege) -> Privilege {
    match privilege {
        v1::Privilege::None => Privilege::None,
        v1::Privilege::Some(reason) => Privilege::Some(reason),
        v1::Privilege::Admin(reason) => Privilege::Admin(reason),
        v1::Privilege::Public(reason) => Privilege::Public(reason),
    }
}

fn location(location: v1::Location) -> Location {
    Location {
        path: location.path,
        line: location.line,
        column: location.column,
        end_line: location.end_line,
        end_column: location.end_column,
        precision: match location.precision {
            v1::Precision::Value => Precision::Value,
            v1::Precision::Attribute => Precision::Attribute,
            v1::Precision::Block => Precision::Block,
            v1::Precision::ModuleCall => Precision::ModuleCall,
            v1::Precision::State => Precision::State,
        },
        excerpt: location.excerpt,
    }
}
