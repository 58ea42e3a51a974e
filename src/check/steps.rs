//! What the steps of a finding have to know beside it: its root module, what depends on the thing, whose access the run
//! stands on.

use super::Declared;
use crate::model::{Fact, Finding, Observation};
use crate::providers;
use crate::reconcile::{self, About, Apply, Principal};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that steps are made from.
pub(super) struct Steps<'a> {
    pub declared: &'a Declared,
    observation: &'a Observation,
    in_use: Vec<Principal>,
    /// What is held by whom, by scope, kind and key of the holder.
    held: BTreeMap<(&'a str, &'static str, &'a [String]), Vec<&'a Fact>>,
    /// Who is in what, likewise.
    joined: BTreeMap<(String, &'static str, Vec<String>), usize>,
    /// Names of blocks that are taken.
    names: BTreeSet<(String, String)>,
    /// For how many things it is still tried to list them beside others.
    left_to_list: usize,
}

/// For how many things of one run it is tried to list them beside others: each takes several evaluations of the source.
const MAX_LISTED: usize = 100;

impl<'a> Steps<'a> {
    pub(super) fn new(declared: &'a Declared, observation: &'a Observation) -> Self {
        let mut held: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut joined = BTreeMap::new();
        for fact in &observation.facts {
            if let Some((kind, key)) = &fact.holder {
                held.entry((&*fact.scope, kind.id, key.values())).or_default().push(fact);
            }
            let provider = providers::system(fact.kind.system());
            if let Some((kind, key)) = provider.and_then(|provider| provider.joined(fact)) {
                *joined.entry((fact.scope.to_string(), kind.id, key.values().to_vec())).or_default() += 1;
            }
        }
        let sides = [Some(&declared.recorded), declared.desired.as_ref()].into_iter().flatten();
        let addresses = sides.flat_map(|claims| claims.claims.iter()).map(|claim| &claim.by.address);
        let of_root = addresses.filter(|address| address.module.0.is_empty());
        let names = of_root.map(|address| (address.resource_type.clone(), address.name.clone())).collect();
        Steps {
            declared,
            observation,
            in_use: reconcile::in_use(observation),
            held,
            joined,
            names,
            left_to_list: MAX_LISTED,
        }
    }

    /// `root` is the root module of whoever claims it; `None` when nobody does.
    pub(super) fn about(
        &mut self,
        finding: &Finding,
        fact: Option<&'a Fact>,
        root: Option<Option<usize>>,
        apply: Apply,
    ) -> About<'_> {
        let block_name = self.free_name(finding);
        let (root, provider) = match root {
            Some(root) => (root, None),
            None => self.home_of(finding),
        };
        let address = finding.address.clone();
        let brings = address.and_then(|address| self.declared.dependencies.get(&(root, address)));
        About {
            apply,
            fact,
            root: root.and_then(|root| self.declared.homes.get(root)),
            provider,
            block_name,
            in_use: &self.in_use,
            dependants: fact.map(|fact| self.dependants(fact)).unwrap_or_default(),
            brings: brings.cloned().unwrap_or_default(),
            member_of: fact.map(|fact| self.member_of(fact)).unwrap_or_default(),
        }
    }

    /// The root module that manages the account, and the provider configuration that a block there has to name.
    fn home_of(&self, finding: &Finding) -> (Option<usize>, Option<String>) {
        let scopes = self.observation.scopes.iter().filter(|scope| scope.id == finding.scope);
        let mut uses = scopes.flat_map(|scope| &scope.meant_by).filter(|used| used.root.is_some());
        let plain = uses.clone().find(|used| used.provider.alias.is_none() && used.provider.module.is_empty());
        match plain.or_else(|| uses.find(|used| used.provider.module.is_empty())) {
            Some(used) => {
                let alias = used.provider.alias.as_ref();
                (used.root, alias.map(|alias| format!("{}.{alias}", used.provider.local_name())))
            }
            // Saved facts do not say: one root module leaves no choice.
            None => (Some(0).filter(|_| self.declared.homes.len() == 1), None),
        }
    }

    fn free_name(&mut self, finding: &Finding) -> String {
        let name = reconcile::block_name(finding);
        let (None, Some(resource_type)) = (&finding.address, &finding.resource_type) else { return name };
        let mut taken = |name: &str| !self.names.insert((resource_type.clone(), name.to_owned()));
        if taken(&name) { format!("{name}_{}", finding.id) } else { name }
    }

    /// Whether it is tried for one more thing to list it beside others.
    pub(super) fn may_list(&mut self) -> bool {
        let may = self.left_to_list > 0;
        self.left_to_list = self.left_to_list.saturating_sub(1);
        may
    }

    /// Everything that is live.
    pub(super) fn facts(&self) -> &'a [Fact] {
        &self.observation.facts
    }

    /// What falls away with a thing, counted by kind.
    fn dependants(&self, fact: &Fact) -> Vec<String> {
        let mut counts: BTreeMap<&str, (&Fact, usize)> = BTreeMap::new();
        for held in self.held.get(&(&*fact.scope, fact.kind.id, fact.key.values())).into_iter().flatten() {
            counts.entry(held.kind.id).or_insert((held, 0)).1 += 1;
        }
        let mut words: Vec<_> = counts
            .values()
            .map(
                |(one, count)| {
                    if *count == 1 { one.kind.describe(&one.key) } else { format!("{count} {}", one.kind.nouns()) }
                },
            )
            .collect();
        let members = self.joined.get(&(fact.scope.to_string(), fact.kind.id, fact.key.values().to_vec()));
        match members {
            Some(1) => words.push("1 member".to_owned()),
            Some(count) => words.push(format!("{count} members")),
            None => {}
        }
        words
    }

    /// What a PostgreSQL-like principal is a member of: one resource type may declare both.
    pub(super) fn member_of(&self, fact: &Fact) -> Vec<String> {
        let Some(provider) = providers::system(fact.kind.system()) else { return Vec::new() };
        let held = self.held.get(&(&*fact.scope, fact.kind.id, fact.key.values())).into_iter().flatten();
        // Only where a principal is joined to its own kind does its block list them.
        let joined = held.filter_map(|held| provider.joined(held)).filter(|(kind, _)| *kind.id == *fact.kind.id);
        joined.flat_map(|(_, key)| key.values().to_vec()).collect()
    }
}
