//! What this version and the one that took a snapshot do not both know: gaps, never absences.

use super::v1;
use crate::model::{Gap, Hides, Kind, Property};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What facts of a snapshot carry that has no place here.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lost {
    /// Facts of a kind that is not known.
    Kind(String),
    /// Facts of a known kind that were told apart by other fields.
    Key(&'static str),
    /// A property that the known kind does not have.
    Property(&'static str, String),
}

/// Counts what is lost, for each scope.
#[derive(Default)]
pub(super) struct LostThings(BTreeMap<(Arc<str>, Lost), Tally>);

#[derive(Default)]
struct Tally {
    things: usize,
    /// The kind, where it is known here.
    kind: Option<&'static Kind>,
}

impl LostThings {
    pub(super) fn add(&mut self, scope: &Arc<str>, what: Lost, kind: Option<&'static Kind>) {
        let tally = self.0.entry((scope.clone(), what)).or_default();
        tally.things += 1;
        tally.kind = kind;
    }

    /// One gap for each sort of loss in a scope.
    pub(super) fn into_gaps(self, taken_by: &str) -> Vec<Gap> {
        let hint = format!("use driftline {taken_by}, which took the snapshot, or take it again");
        self.0.into_iter().map(|((scope, what), tally)| lost_gap(scope, what, &tally, &hint)).collect()
    }
}

fn lost_gap(scope: Arc<str>, what: Lost, tally: &Tally, hint: &str) -> Gap {
    let things = if tally.things == 1 { "1 thing".to_owned() } else { format!("{} things", tally.things) };
    let all = || Hides::Facts { kinds: tally.kind.into_iter().collect(), fixed: Vec::new() };
    let (code, id, reason, hides) = match what {
        Lost::Kind(id) => {
            let reason = format!("the snapshot holds {things} of kind `{id}`, which this version does not know");
            ("snapshot_kind_unknown", id, reason, all())
        }
        Lost::Key(id) => {
            let reason = format!("the snapshot tells {things} of kind `{id}` apart by other fields than this version");
            ("snapshot_key_unknown", id.to_owned(), reason, all())
        }
        Lost::Property(id, name) => {
            let reason =
                format!("the snapshot holds `{name}` of {things} of kind `{id}`, which this version does not know");
            let some = |kind| Hides::Properties { kind, properties: Vec::new(), fixed: Vec::new() };
            ("snapshot_property_unknown", id.to_owned(), reason, tally.kind.map_or_else(all, some))
        }
    };
    let system = id.split('/').next().unwrap_or_default().to_owned();
    Gap { code: code.into(), system, scope: Some(scope), hides, reason, hint: hint.to_owned(), location: None }
}

/// Kinds and properties that are known here and were not read then, in the accounts that the snapshot is about.
pub(super) fn unread(known: &[&'static Kind], file: &v1::File) -> Vec<Gap> {
    let scopes: BTreeSet<_> = file.scopes.iter().map(|scope| (scope.system.as_str(), scope.id.as_str())).collect();
    let gaps_of = |(system, scope): (&str, &str)| {
        let hidden = unread_of(known, system, &file.kinds);
        hidden.into_iter().map(|hides| unread_gap(system, scope, hides)).collect::<Vec<_>>()
    };
    scopes.into_iter().flat_map(gaps_of).collect()
}

fn unread_of(known: &[&'static Kind], system: &str, coverage: &BTreeMap<String, v1::Coverage>) -> Vec<Hides> {
    let mut unread = Vec::new();
    let mut hidden = Vec::new();
    for kind in known.iter().copied().filter(|kind| kind.system() == system) {
        let Some(read) = coverage.get(kind.id) else {
            unread.push(kind);
            continue;
        };
        let is_new = |property: &&Property| !read.properties.iter().any(|name| name == property.name);
        let properties: Vec<_> = kind.properties.iter().filter(is_new).map(|property| property.name).collect();
        if !properties.is_empty() {
            hidden.push(Hides::Properties { kind, properties, fixed: Vec::new() });
        }
    }
    if !unread.is_empty() {
        hidden.push(Hides::Facts { kinds: unread, fixed: Vec::new() });
    }
    hidden
}

fn unread_gap(system: &str, scope: &str, hides: Hides) -> Gap {
    let (code, reason) = match &hides {
        Hides::Properties { .. } => {
            ("snapshot_property_unread", "the snapshot was taken by a version that did not read it")
        }
        _ => ("snapshot_kind_unread", "they were not read when the snapshot was taken"),
    };
    Gap {
        code: code.into(),
        system: system.to_owned(),
        scope: Some(scope.into()),
        hides,
        reason: reason.to_owned(),
        hint: "take the snapshot again with this version, without `--only`".to_owned(),
        location: None,
    }
}
