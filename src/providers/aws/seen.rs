//! What reading an account has given so far: facts and gaps together.

use super::account::Account;
use crate::http::{Error, Kind as Failure};
use crate::model::{Fact, Gap, Hides, Key, Kind};
use crate::providers::gaps;
use std::collections::BTreeSet;

/// Facts and gaps of one account.
pub(super) struct Seen {
    pub account: Account,
    pub facts: Vec<Fact>,
    pub gaps: Vec<Gap>,
    /// Things seen already: a page that comes twice adds nothing.
    names: BTreeSet<(&'static str, Key)>,
}

impl Seen {
    pub(super) fn new(account: Account) -> Self {
        Seen { account, facts: Vec::new(), gaps: Vec::new(), names: BTreeSet::new() }
    }

    pub(super) fn add(&mut self, facts: impl IntoIterator<Item = Fact>) {
        for fact in facts {
            if self.names.insert((fact.kind.id, fact.key.clone())) {
                self.facts.push(fact);
            }
        }
    }

    /// A failed request hides these kinds, all of them or those with the fixed key fields.
    pub(super) fn lost(&mut self, error: &Error, kinds: &[&'static Kind], fixed: &[(&'static str, &str)]) {
        let fixed = fixed.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        self.lost_of(error, Hides::Facts { kinds: kinds.to_vec(), fixed });
    }

    /// Failures of requests that were sent one for each thing, by the value of the key field that names it. Refused for
    /// all of them, one permission is missing, and one gap says so.
    pub(super) fn lost_each(
        &mut self,
        asked: usize,
        mut lost: Vec<(String, Error)>,
        kind: &'static Kind,
        field: &'static str,
    ) {
        lost.sort_by(|a, b| a.0.cmp(&b.0));
        match lost.first() {
            Some((_, error)) if lost.len() == asked && lost.iter().all(|(_, error)| error.kind == Failure::Denied) => {
                self.lost(error, &[kind], &[]);
            }
            _ => lost.iter().for_each(|(name, error)| self.lost(error, &[kind], &[(field, name)])),
        }
    }

    pub(super) fn lost_of(&mut self, error: &Error, hides: Hides) {
        self.gaps.push(gaps::gap(error, "aws", &self.account.id, hides));
    }

    pub(super) fn merge(&mut self, other: Seen) {
        self.add(other.facts);
        self.gaps.extend(other.gaps);
    }
}
