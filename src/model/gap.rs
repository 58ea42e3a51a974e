//! What could not be read, decided or resolved, and what it hides.

use super::kind::{Key, Kind};
use super::origin::Location;
use std::borrow::Cow;
use std::sync::Arc;

/// Something that could not be read, decided or resolved. Where one is open no verdict is clean.
#[derive(Debug, Clone)]
pub struct Gap {
    /// Stable, for `explain`: lower-case words joined by `_`. Owned when it was read from a saved snapshot.
    pub code: Cow<'static, str>,
    /// `terraform` or a provider's system.
    pub system: String,
    pub scope: Option<Arc<str>>,
    pub hides: Hides,
    /// What happened, with the system's own words.
    pub reason: String,
    /// The way out.
    pub hint: String,
    pub location: Option<Location>,
}

/// How many kinds a gap names in words; a report for programs has the ids of all.
const SHOWN: usize = 6;

/// What a gap keeps from view.
#[derive(Debug, Clone)]
pub enum Hides {
    /// Live things of these kinds whose key has all these fields; no field means all of them.
    Facts { kinds: Vec<&'static Kind>, fixed: Vec<(&'static str, String)> },
    /// Some properties of live things of a kind.
    Properties { kind: &'static Kind, properties: Vec<&'static str>, fixed: Vec<(&'static str, String)> },
    /// What Terraform declares: something may look unmanaged only because its declaration was not read.
    /// Empty kinds mean all.
    Claims { kinds: Vec<&'static Kind> },
    /// The desired values of a plan.
    Desired,
    /// Declared or live things that nothing here can read, in words; no verdict on anything else depends on it.
    Unread(String),
    /// Source lines only; nothing about what is declared or live.
    Lines,
}

impl Gap {
    /// Whether a live thing of this kind, scope and key could be there without having been seen.
    pub fn hides_fact(&self, kind: &Kind, scope: &str, key: &Key) -> bool {
        let Hides::Facts { kinds, fixed } = &self.hides else { return false };
        self.in_scope(scope) && kinds.iter().any(|k| **k == *kind) && key.matches(kind, fixed)
    }

    /// Whether some live thing of this kind could be there without having been seen.
    pub fn hides_some_of(&self, kind: &Kind) -> bool {
        matches!(&self.hides, Hides::Facts { kinds, .. } if kinds.iter().any(|k| **k == *kind))
    }

    /// Whether this property of a live thing was not read.
    pub fn hides_property(&self, kind: &Kind, scope: &str, key: &Key, property: &str) -> bool {
        let Hides::Properties { kind: of, properties, fixed } = &self.hides else { return false };
        self.in_scope(scope) && **of == *kind && properties.contains(&property) && key.matches(kind, fixed)
    }

    /// Whether a declaration of a thing of this kind could exist without having been read.
    pub fn hides_claim(&self, kind: &Kind) -> bool {
        match &self.hides {
            Hides::Claims { kinds } => kinds.is_empty() || kinds.iter().any(|k| **k == *kind),
            _ => false,
        }
    }

    /// Kinds of live things that it hides, wholly or in part.
    pub fn hidden_kinds(&self) -> &[&'static Kind] {
        match &self.hides {
            Hides::Facts { kinds, .. } => kinds,
            Hides::Properties { kind, .. } => std::slice::from_ref(kind),
            Hides::Claims { .. } | Hides::Desired | Hides::Unread(_) | Hides::Lines => &[],
        }
    }

    /// What it hides, in words.
    pub fn hides_in_words(&self) -> String {
        let nouns = |kinds: &[&'static Kind], fixed: &[(&'static str, String)]| {
            let mut names: Vec<_> = kinds.iter().map(|k| k.nouns()).collect();
            names.dedup();
            if names.len() > SHOWN {
                let others = names.split_off(SHOWN - 1).len();
                names.push(format!("{others} other kinds"));
            }
            let which: Vec<_> =
                fixed.iter().map(|(name, value)| format!("{} `{value}`", name.replace('_', " "))).collect();
            if which.is_empty() { names.join(", ") } else { format!("{} of {}", names.join(", "), which.join(", ")) }
        };
        match &self.hides {
            Hides::Facts { kinds, fixed } => nouns(kinds, fixed),
            Hides::Properties { kind, properties, fixed } => {
                format!("{} of {}", properties.join(", "), nouns(&[kind], fixed))
            }
            Hides::Claims { kinds } if kinds.is_empty() => "what is declared".to_owned(),
            Hides::Claims { kinds } => format!("declared {}", nouns(kinds, &[])),
            Hides::Desired => "the values that the plan wants".to_owned(),
            Hides::Unread(what) => what.clone(),
            Hides::Lines => "source lines".to_owned(),
        }
    }

    /// Whether it is about this scope, or about all of them.
    pub fn in_scope(&self, scope: &str) -> bool {
        self.scope.as_deref().is_none_or(|own| own == scope)
    }
}
