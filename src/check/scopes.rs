//! Which account every claim speaks of, and that the account that was asked is the one meant.

use super::{Declared, strangers};
use crate::model::{
    Claim, Claims, Fact, Gap, Hides, InstanceRef, Kind, Observation, Problem, ProviderRef, ProviderUse, Scope,
};
use crate::providers::clusters::{self, Expected};
use crate::providers::{self, Provider};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A provider configuration within one state: everything managed with it lives in one account.
type Managed = (Option<usize>, Option<String>, ProviderRef);

/// Accounts seen in recorded attributes, by the provider configuration that manages what carries them.
#[derive(Debug, Default)]
pub struct Accounts(BTreeMap<Managed, BTreeSet<String>>);

impl Accounts {
    /// Notes that an instance names this account.
    pub fn note(&mut self, by: &InstanceRef, account: String) {
        self.0.entry(managed(by)).or_default().insert(account);
    }

    /// Every account of a system that is named anywhere.
    pub fn of_system(&self, provider: &dyn Provider) -> Vec<String> {
        let own = self.0.iter().filter(|((_, _, name), _)| provider.sources().contains(&name.source.as_str()));
        own.flat_map(|(_, accounts)| accounts).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The accounts that things managed with one provider configuration name.
    pub(super) fn of_use(&self, used: &ProviderUse) -> Vec<String> {
        let own = self.0.iter().filter(|((root, _, name), _)| *root == used.root && *name == used.provider);
        own.flat_map(|(_, accounts)| accounts).cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether things managed with the same configuration name several accounts, so that none of them can be told to be
    /// the one of a thing that names none.
    fn disagree(&self, by: &InstanceRef) -> bool {
        self.0.get(&managed(by)).is_some_and(|accounts| accounts.len() > 1)
    }

    fn of(&self, by: &InstanceRef) -> Option<&str> {
        match self.0.get(&managed(by)) {
            Some(accounts) if accounts.len() == 1 => accounts.first().map(String::as_str),
            _ => None,
        }
    }
}

fn managed(by: &InstanceRef) -> Managed {
    (by.root, by.state.as_ref().map(|state| state.path.clone()), by.provider.clone())
}

/// Provider configurations as the declared side knows them. Where nothing recorded names an account (a PostgreSQL role
/// says nothing of its cluster), the configuration that manages a thing is what tells where it lives.
pub(super) struct Leads {
    pub used: BTreeSet<ProviderUse>,
    /// Those that may be any of several.
    pub ambiguous: BTreeSet<ProviderUse>,
}

/// Gives every claim and authority its account. Claims on accounts that were not asked are taken out, with a gap that
/// says how many.
///
/// # Errors
/// When everything that is declared of a system lives in accounts other than those asked, or an account that was asked
/// shows nothing at all: that is the wrong account, not a thousand missing users.
pub(super) fn resolve(
    declared: &mut Declared,
    observation: &Observation,
    clusters: &[Expected],
) -> Result<Vec<Gap>, Problem> {
    for provider in providers::SYSTEMS {
        refuse_others(*provider, &declared.accounts, observation)?;
    }
    let leads = declared.leads();
    let places = Places { accounts: &declared.accounts, leads: &leads, observation };
    let mut left_out: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    places.settle(&mut declared.recorded, &mut left_out);
    if let Some(desired) = &mut declared.desired {
        places.settle(desired, &mut BTreeMap::new());
    }
    for scope in observation.scopes.iter().filter(|scope| !clusters::is_proven(clusters, &scope.id)) {
        refuse_empty(scope, &declared.recorded, observation)?;
        strangers::refuse(scope, declared, observation)?;
    }
    let asked = |system: &str| observation.scopes.iter().any(|scope| scope.system == system);
    Ok(left_out.into_iter().map(|((system, account), n)| out_of_scope(system, &account, asked(system), n)).collect())
}

/// Credentials of an account that nothing declared lives in.
fn refuse_others(provider: &dyn Provider, accounts: &Accounts, observation: &Observation) -> Result<(), Problem> {
    let scopes = observation.scopes.iter().filter(|scope| scope.system == provider.system());
    let asked: BTreeSet<&str> = scopes.map(|scope| scope.id.as_ref()).collect();
    let named = accounts.of_system(provider);
    if let Some(first) = named.first()
        && !asked.is_empty()
        && !named.iter().any(|account| asked.contains(account.as_str()))
    {
        let asked: Vec<_> = asked.iter().map(|id| format!("`{id}`")).collect();
        return Err(Problem::new(format!(
            "wrong account: what is declared lives in account `{first}`, and {} answered",
            asked.join(", ")
        ))
        .help("use credentials of the account that the state belongs to, for example with `AWS_PROFILE`"));
    }
    Ok(())
}

/// A scope that answers every question and holds nothing of anybody's, although several things are recorded there, is
/// not one where everything was deleted: these credentials see nothing, or something else answers in its place. One
/// recorded thing may well be gone; that is a finding.
fn refuse_empty(scope: &Scope, recorded: &Claims, observation: &Observation) -> Result<(), Problem> {
    let id = &*scope.id;
    let claims = recorded.claims.iter().filter(|claim| claim.scope.as_deref() == Some(id));
    let things: BTreeSet<_> = claims.map(|claim| (claim.kind.id, &claim.key)).collect();
    // Some of what vendors make is in every account.
    let speaks = |fact: &Fact| fact.vendor_made.is_none() || things.contains(&(fact.kind.id, &fact.key));
    let shows = observation.facts.iter().any(|fact| *fact.scope == *id && speaks(fact));
    let hidden = observation.gaps.iter().any(|gap| gap.in_scope(id) && matches!(gap.hides, Hides::Facts { .. }));
    if things.len() > 1 && !shows && !hidden {
        return Err(Problem::new(format!(
            "{} `{id}` answered `{}` and shows nothing at all, although {} things are recorded there",
            scope.system,
            scope.identity,
            things.len()
        ))
        .help(
            "look at what these credentials may see and at what answers at that address (an emulator that was \
             started anew?); if everything was deleted indeed, `terraform plan` wants to make it all again",
        ));
    }
    Ok(())
}

/// Finds the account of claims and authorities.
struct Places<'a> {
    accounts: &'a Accounts,
    leads: &'a Leads,
    observation: &'a Observation,
}

impl Places<'_> {
    fn settle(&self, claims: &mut Claims, left_out: &mut BTreeMap<(&'static str, String), usize>) {
        let mut settle = |claim: &mut Claim| {
            claim.scope = self.scope_of(claim.scope.as_ref(), &claim.by, claim.kind);
            let system = claim.kind.system();
            let known = claim.scope.as_deref().is_some_and(|id| self.of(system).any(|scope| &*scope.id == id));
            if !known {
                *left_out.entry((system, claim.scope.as_deref().unwrap_or_default().to_owned())).or_default() += 1;
            }
            known
        };
        claims.claims.retain_mut(&mut settle);
        claims.sweeps.retain_mut(|sweep| settle(&mut sweep.claim));
        for authority in &mut claims.authorities {
            authority.scope = self.scope_of(authority.scope.as_ref(), &authority.by, authority.kind);
        }
    }

    /// What the instance itself says, else what other instances of its provider configuration say, else where that
    /// configuration led, else the only account of the system.
    fn scope_of(&self, own: Option<&Arc<str>>, by: &InstanceRef, kind: &Kind) -> Option<Arc<str>> {
        if own.is_none() && self.accounts.disagree(by) {
            return None;
        }
        let recorded = || self.accounts.of(by).map(Into::into);
        own.cloned().or_else(recorded).or_else(|| self.led_to(by, kind)).or_else(|| self.only(kind))
    }

    fn of<'s>(&'s self, system: &'s str) -> impl Iterator<Item = &'s Scope> {
        self.observation.scopes.iter().filter(move |scope| scope.system == system)
    }

    fn led_to(&self, by: &InstanceRef, kind: &Kind) -> Option<Arc<str>> {
        let used = ProviderUse { root: by.root, provider: by.provider.clone() };
        if self.leads.ambiguous.contains(&used) {
            return None;
        }
        self.of(kind.system()).find(|scope| scope.meant_by.contains(&used)).map(|scope| scope.id.clone())
    }

    /// The only account of the system, when it is certain that it is the only one: a provider configuration that led
    /// nowhere (its account could not be asked) may mean another.
    fn only(&self, kind: &Kind) -> Option<Arc<str>> {
        let mut scopes = self.of(kind.system());
        let (Some(scope), None) = (scopes.next(), scopes.next()) else { return None };
        let of_system = |used: &&ProviderUse| {
            let provider = providers::system(kind.system());
            provider.is_some_and(|provider| provider.sources().contains(&used.provider.source.as_str()))
        };
        let saved = scope.meant_by.is_empty();
        let all_led_here = || self.leads.used.iter().filter(of_system).all(|used| scope.meant_by.contains(used));
        (saved || all_led_here()).then(|| scope.id.clone())
    }
}

fn out_of_scope(system: &str, account: &str, asked: bool, count: usize) -> Gap {
    let things = if count == 1 { "1 declared thing".to_owned() } else { format!("{count} declared things") };
    let (what, reason) = if !asked {
        (format!("{things} of {system}"), format!("no live side of {system} was given or could be asked"))
    } else if account.is_empty() {
        (
            format!("{things} of accounts that are not known"),
            "nothing recorded tells which account they live in".to_owned(),
        )
    } else {
        (format!("{things} in account `{account}`"), format!("account `{account}` was not asked"))
    };
    Gap {
        code: "out_of_scope".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Unread(what),
        reason,
        hint: "run again with credentials of that account, or give a snapshot of it with `--live`".to_owned(),
        location: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::postgres::kinds::role;

    fn used(alias: Option<&str>) -> ProviderUse {
        let provider = ProviderRef {
            source: "cyrilgdn/postgresql".to_owned(),
            alias: alias.map(str::to_owned),
            ..ProviderRef::default()
        };
        ProviderUse { root: Some(0), provider }
    }

    fn scope(id: &str, meant_by: &[&ProviderUse]) -> Scope {
        Scope {
            system: "postgres".to_owned(),
            id: id.into(),
            identity: String::new(),
            facts: 0,
            requests: 0,
            complete: true,
            meant_by: meant_by.iter().map(|used| (*used).clone()).collect(),
        }
    }

    fn owned(uses: &[&ProviderUse]) -> BTreeSet<ProviderUse> {
        uses.iter().map(|used| (*used).clone()).collect()
    }

    /// Where something managed with this configuration lives, by these scopes.
    fn lives(by: &ProviderUse, scopes: Vec<Scope>, all: &[&ProviderUse], ambiguous: &[&ProviderUse]) -> Option<String> {
        let by = InstanceRef {
            address: "postgresql_role.app".parse().unwrap(),
            provider: by.provider.clone(),
            state: None,
            root: by.root,
        };
        let leads = Leads { used: owned(all), ambiguous: owned(ambiguous) };
        let observation = Observation { scopes, ..Observation::default() };
        let places = Places { accounts: &Accounts::default(), leads: &leads, observation: &observation };
        places.scope_of(None, &by, &role::KIND).map(|id| id.to_string())
    }

    #[test]
    fn what_records_no_account_lives_where_its_provider_configuration_leads() {
        let (first, second) = (used(None), used(Some("second")));
        let both = [&first, &second];
        let each = || vec![scope("1", &[&first]), scope("2", &[&second])];
        assert_eq!(lives(&first, each(), &both, &[]).as_deref(), Some("1"));
        assert_eq!(lives(&second, each(), &both, &[]).as_deref(), Some("2"));
        // The second could not be asked: its things are not the first one's.
        assert_eq!(lives(&second, vec![scope("1", &[&first])], &both, &[]), None);
        // Both mean the same.
        assert_eq!(lives(&second, vec![scope("1", &both)], &both, &[]).as_deref(), Some("1"));
    }

    #[test]
    fn what_may_be_of_several_configurations_is_laid_to_none() {
        let (first, second) = (used(None), used(Some("second")));
        let both = [&first, &second];
        let each = vec![scope("1", &[&first]), scope("2", &[&second])];
        assert_eq!(lives(&first, each, &both, &[&first]), None);
        assert_eq!(lives(&first, vec![scope("1", &both)], &both, &[&first]).as_deref(), Some("1"));
    }

    #[test]
    fn saved_facts_of_one_account_stand_for_the_only_one() {
        let first = used(None);
        assert_eq!(lives(&first, vec![scope("1", &[])], &[&first], &[]).as_deref(), Some("1"));
        assert_eq!(lives(&first, vec![scope("1", &[]), scope("2", &[])], &[&first], &[]), None);
        assert_eq!(lives(&first, Vec::new(), &[&first], &[]), None);
    }
}
