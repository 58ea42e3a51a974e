//! Tells a strange cluster from one where something was deleted, where nobody said which cluster is meant.

use super::Declared;
use crate::model::{Claim, Key, Kind, Observation, Problem, Scope};
use crate::providers::{self, Provider};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer than this many are soon gone.
const ENOUGH: usize = 4;

/// What stands for itself, and what does not show.
#[derive(Default)]
struct Tally {
    all: usize,
    absent: Vec<String>,
}

/// A cluster in which hardly anything is that everything recorded rests on is taken for another one: that is one error. It
/// cannot be told from one where all of that was deleted, so the error says both, and that the run goes on once
/// somebody said that this cluster is the one.
///
/// # Errors
/// When three quarters of what is recorded are not there.
pub(super) fn refuse(scope: &Scope, declared: &Declared, observation: &Observation) -> Result<(), Problem> {
    let Some(provider) = providers::system(&scope.system).filter(|provider| provider.has_clusters()) else {
        return Ok(());
    };
    let tally = tally(provider, scope, declared, observation);
    if tally.all < ENOUGH || tally.absent.len() * 4 < tally.all * 3 {
        return Ok(());
    }
    let shown: Vec<_> = tally.absent.iter().take(3).map(String::as_str).collect();
    let more = tally.absent.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Err(Problem::new(format!(
        "{} `{}` answered `{}` and has {} of the {} roles and databases that the recorded things rest on; {}{more} are not \
         there: this is another cluster, or nearly everything was deleted",
        scope.system,
        scope.id,
        scope.identity,
        tally.all - tally.absent.len(),
        tally.all,
        shown.join(", ")
    ))
    .help(format!(
        "look at what answers at that address; if it is the right cluster, `--cluster {}` shows everything that is missing",
        scope.id
    )))
}

/// What was never applied is not there in any cluster, what vendors make is in every one, and what a gap hides may be there.
fn tally(provider: &dyn Provider, scope: &Scope, declared: &Declared, observation: &Observation) -> Tally {
    let id = &*scope.id;
    let facts = observation.facts.iter().filter(|fact| *fact.scope == *id);
    let live: BTreeMap<_, _> = facts.map(|fact| ((fact.kind.id, &fact.key), fact.vendor_made.is_some())).collect();
    let recorded = &declared.recorded;
    let claims = recorded.claims.iter().chain(recorded.sweeps.iter().map(|sweep| &sweep.claim));
    let applied = |claim: &&Claim| claim.scope.as_deref() == Some(id) && !declared.is_stateless(claim.by.root);
    let rests: BTreeSet<(&'static str, Key)> = claims
        .filter(applied)
        .flat_map(|claim| provider.rests_on(claim.kind, &claim.key))
        .filter(|(kind, key)| !is_hidden(kind, key, id, observation))
        .map(|(kind, key)| (kind.id, key))
        .collect();
    let mut tally = Tally::default();
    for (kind, key) in &rests {
        match live.get(&(*kind, key)) {
            Some(true) => {}
            Some(false) => tally.all += 1,
            None => {
                tally.all += 1;
                let sort = kind.rsplit('/').next().unwrap_or_default();
                tally.absent.push(format!("{sort} `{}`", key.values().join("`, `")));
            }
        }
    }
    tally
}

fn is_hidden(kind: &Kind, key: &Key, id: &str, observation: &Observation) -> bool {
    observation.gaps.iter().any(|gap| gap.hides_fact(kind, id, key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Claims, Fact, Gap, Hides, InstanceRef, ProviderRef, Strength};
    use crate::providers::postgres::kinds::{database, grant, role};
    use std::sync::Arc;

    fn claim(kind: &'static Kind, key: &[&str], root: Option<usize>) -> Claim {
        let by = InstanceRef {
            address: "postgresql_role.app".parse().unwrap(),
            provider: ProviderRef::default(),
            state: None,
            root,
        };
        Claim {
            kind,
            key: Key::new(key.iter().copied()),
            scope: Some("1".into()),
            by: Arc::new(by),
            properties: BTreeMap::new(),
            at: crate::model::AttrPath::default(),
            strength: Strength::Own,
            unseen: false,
            repeatable: false,
            unique_id: None,
        }
    }

    fn recorded() -> Vec<Claim> {
        let roles = ["a", "b", "c"].map(|name| claim(&role::KIND, &[name], None));
        let on = claim(&grant::schema::KIND, &["shop", "sales", "a"], None);
        // In every cluster, whatever it is.
        let everywhere = [
            claim(&grant::schema::KIND, &["postgres", "public", "public"], None),
            claim(&grant::schema::KIND, &["", "public", "a"], None),
        ];
        roles.into_iter().chain([on]).chain(everywhere).collect()
    }

    fn there(kind: &'static Kind, name: &str) -> Fact {
        Fact::new(kind, "1".into(), Key::new([name]))
    }

    fn told(claims: Vec<Claim>, mut facts: Vec<Fact>, gaps: Vec<Gap>) -> Option<Problem> {
        let mut own = there(&database::KIND, "postgres");
        own.vendor_made = Some("made by `initdb`".to_owned());
        facts.push(own);
        let scope = Scope {
            system: "postgres".to_owned(),
            id: "1".into(),
            identity: "postgres at db:5432".to_owned(),
            facts: 0,
            requests: 0,
            complete: true,
            meant_by: Vec::new(),
        };
        let mut declared = Declared { recorded: Claims { claims, ..Claims::default() }, ..Declared::default() };
        declared.stateless.insert(7);
        refuse(&scope, &declared, &Observation { facts, gaps, scopes: Vec::new() }).err()
    }

    #[test]
    fn a_cluster_that_shares_a_name_is_a_strange_one_all_the_same() {
        let problem = told(recorded(), vec![there(&role::KIND, "a"), there(&role::KIND, "other")], Vec::new()).unwrap();
        assert!(problem.message.contains("has 1 of the 4 roles and databases"), "{}", problem.message);
        assert!(problem.message.contains("database `shop`, role `b`, role `c` are not there"), "{}", problem.message);
        assert!(problem.help.unwrap().contains("`--cluster 1` shows everything that is missing"));
    }

    #[test]
    fn where_more_is_there_the_rest_was_deleted() {
        assert!(told(recorded(), vec![there(&role::KIND, "a"), there(&database::KIND, "shop")], Vec::new()).is_none());
        // Too few to tell.
        assert!(told(recorded().drain(..3).collect(), vec![there(&role::KIND, "other")], Vec::new()).is_none());
    }

    #[test]
    fn what_is_hidden_or_was_never_applied_says_nothing() {
        let hides = Hides::Facts { kinds: vec![&role::KIND], fixed: Vec::new() };
        let gap = Gap {
            code: "denied".into(),
            system: "postgres".to_owned(),
            scope: Some("1".into()),
            hides,
            reason: String::new(),
            hint: String::new(),
            location: None,
        };
        assert!(told(recorded(), Vec::new(), vec![gap]).is_none());
        let planned = ["a", "b", "c", "d", "e"].map(|name| claim(&role::KIND, &[name], Some(7)));
        assert!(told(planned.to_vec(), Vec::new(), Vec::new()).is_none());
    }
}
