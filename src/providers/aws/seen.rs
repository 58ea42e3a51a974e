//! What reading an account has given so far: facts and gaps together.

use super::account::Account;
use crate::http::Error;
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

    pub(super) fn lost_of(&mut self, error: &Error, hides: Hides) {
        self.gaps.push(gaps::gap(error, "aws", &self.account.id, hides));
    }

    pub(super) fn merge(&mut self, other: Seen) {
        self.add(other.facts);
        self.gaps.extend(other.gaps);
    }
}
