//! Which account every claim speaks of, and that the account that was asked is the one meant.

use super::Declared;
use crate::model::{Claims, Fact, Gap, Hides, InstanceRef, Observation, Problem, ProviderRef};
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

    /// Every account that is named anywhere.
    pub fn all(&self) -> Vec<String> {
        self.0.values().flatten().cloned().collect::<BTreeSet<_>>().into_iter().collect()
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

/// Gives every claim and authority its account. Claims on accounts that were not asked are taken out, with a gap that
/// says how many.
///
/// # Errors
/// When everything that is declared lives in accounts other than those asked, or the account that was asked shows
/// nothing at all: that is the wrong account, not a thousand missing users.
pub(super) fn resolve(declared: &mut Declared, observation: &Observation) -> Result<Vec<Gap>, Problem> {
    let asked: BTreeSet<&str> = observation.scopes.iter().map(|scope| scope.id.as_ref()).collect();
    let named = declared.accounts.all();
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
    let only = if asked.len() == 1 { asked.first().copied() } else { None };
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    place(&mut declared.recorded, &declared.accounts, only, &asked, &mut left_out);
    if let Some(desired) = &mut declared.desired {
        place(desired, &declared.accounts, only, &asked, &mut BTreeMap::new());
    }
    refuse_empty(&declared.recorded, observation)?;
    Ok(left_out.into_iter().map(|(account, count)| out_of_scope(&account, count)).collect())
}

/// A scope that answers every question and holds nothing of anybody's, although several things are recorded there, is
/// not one where everything was deleted: these credentials see nothing, or something else answers in its place. One
/// recorded thing may well be gone; that is a finding.
fn refuse_empty(recorded: &Claims, observation: &Observation) -> Result<(), Problem> {
    for scope in &observation.scopes {
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
    }
    Ok(())
}

fn place(
    claims: &mut Claims,
    accounts: &Accounts,
    only: Option<&str>,
    asked: &BTreeSet<&str>,
    left_out: &mut BTreeMap<String, usize>,
) {
    let settle = |scope: &Option<Arc<str>>, by: &InstanceRef| -> Option<Arc<str>> {
        scope.clone().or_else(|| accounts.of(by).map(Into::into)).or_else(|| only.map(Into::into))
    };
    claims.claims.retain_mut(|claim| {
        claim.scope = settle(&claim.scope, &claim.by);
        let known = claim.scope.as_deref().is_some_and(|scope| asked.contains(scope));
        if !known {
            *left_out.entry(claim.scope.as_deref().unwrap_or_default().to_owned()).or_default() += 1;
        }
        known
    });
    for authority in &mut claims.authorities {
        authority.scope = settle(&authority.scope, &authority.by);
    }
}

fn out_of_scope(account: &str, count: usize) -> Gap {
    let things = if count == 1 { "1 declared thing".to_owned() } else { format!("{count} declared things") };
    let (what, reason) = if account.is_empty() {
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
