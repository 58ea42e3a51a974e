//! What is declared of owners that nothing live explains: somebody is said to make things there, or to have no more
//! than some rights of this very object.

use super::{SORTS, SUBSCRIPTION, reached};
use crate::model::{AttrPath, Authority, Claim, Claims, Fact, InstanceRef, Key, Kind, Observation, Strength, Value};
use crate::providers::postgres::kinds::{database, default_privileges, grant, membership, owner, role, schema};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Claims what is declared of each owner that is a fact. One that is declared to make things there, and one whose
/// difference another finding tells, is no finding of its own; one that is granted all that there is, and owns the
/// object beyond that, is one more thing than the grant says.
pub(in crate::providers::postgres) fn settle(claims: &mut Claims, observation: &Observation) {
    let owners: Vec<_> = observation.facts.iter().filter(|fact| *fact.kind == owner::KIND).collect();
    if owners.is_empty() {
        return;
    }
    let live = own_rights(observation);
    let said = Said::of(claims);
    let (mut own, mut rules) = (Vec::new(), Vec::new());
    for fact in owners {
        if let Some(claim) = said.explained(fact) {
            own.push(of_owner(fact, &claim.by, claim.at.clone()));
        } else if let Some(claim) = said.granted(fact) {
            let wanted = claim.properties.get("privileges").map(|said| set(&said.value)).unwrap_or_default();
            let same = live.get(&(claim.kind.id, &*fact.scope, &claim.key)).is_some_and(|held| *held == wanted);
            if same {
                rules.push(rule(fact, claim));
            } else {
                own.push(of_owner(fact, &claim.by, claim.at.clone()));
            }
        } else if let Some(rule) = said.kept_out(fact) {
            own.push(of_owner(fact, &rule.by, rule.at.clone()));
        }
    }
    claims.claims.extend(own);
    claims.authorities.extend(rules);
}

fn set(privileges: &Value) -> BTreeSet<&str> {
    privileges.strings().collect()
}

/// What owners have of their objects.
fn own_rights(observation: &Observation) -> BTreeMap<(&'static str, &str, &Key), BTreeSet<&str>> {
    let own = observation.facts.iter().filter(|fact| fact.properties.get("owner") == Some(&Value::Bool(true)));
    own.filter_map(|fact| Some(((fact.kind.id, &*fact.scope, &fact.key), set(fact.properties.get("privileges")?))))
        .collect()
}

fn of_owner(fact: &Fact, by: &Arc<InstanceRef>, at: AttrPath) -> Claim {
    Claim {
        kind: fact.kind,
        key: fact.key.clone(),
        scope: Some(fact.scope.clone()),
        by: by.clone(),
        properties: BTreeMap::new(),
        at,
        strength: Strength::Listed,
        unseen: true,
        repeatable: false,
        unique_id: None,
    }
}

/// That the grant says all that its role has of the object.
fn rule(fact: &Fact, claim: &Claim) -> Authority {
    let fixed = fact.kind.key.iter().copied().zip(fact.key.values().iter().cloned()).collect();
    let (by, at) = (claim.by.clone(), AttrPath::attr("role"));
    Authority { kind: fact.kind, scope: Some(fact.scope.clone()), fixed, by, at, unseen: true }
}

/// Scope, database, schema (empty for all of them) and role.
type Place<'a> = (&'a str, &'a str, &'a str, &'a str);

/// What is declared, by what is looked for.
#[derive(Default)]
struct Said<'a> {
    /// Who is said to make things where, or to own all that is there.
    makers: BTreeMap<Place<'a>, &'a Claim>,
    /// What each role of a scope is said to be a member of.
    joined: BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a str>>>,
    grants: BTreeMap<(&'static str, &'a str, &'a Key), &'a Claim>,
    /// Where roles are said to have nothing.
    rules: BTreeMap<(&'static str, &'a str, Vec<&'a str>), &'a Authority>,
}

impl<'a> Said<'a> {
    fn of(claims: &'a Claims) -> Self {
        let mut said = Said::default();
        for claim in claims.claims.iter().filter(|claim| claim.strength != Strength::Leftover) {
            let Some(scope) = claim.scope.as_deref() else { continue };
            if grant::sort_of(claim.kind).is_some() {
                said.grants.insert((claim.kind.id, scope, &claim.key), claim);
            }
            if let Some((database, schema, role)) = maker(claim) {
                said.makers.entry((scope, database, schema, role)).or_insert(claim);
            }
            if *claim.kind == membership::KIND {
                let (member, of) = membership::ends(&claim.key);
                said.joined.entry(scope).or_default().entry(member).or_default().push(of);
            }
        }
        for rule in &claims.authorities {
            if let Some(scope) = rule.scope.as_deref().filter(|_| rule.fixed.len() == rule.kind.key.len()) {
                let key = rule.fixed.iter().map(|(_, value)| value.as_str()).collect();
                said.rules.insert((rule.kind.id, scope, key), rule);
            }
        }
        said
    }

    /// What says that the owner, or a role that it is declared to be a member of, makes such things or owns this one.
    fn explained(&self, fact: &'a Fact) -> Option<&'a Claim> {
        let [database, schema, sort, name, owner] = fact.key.values() else { return None };
        let scope: &str = &fact.scope;
        let joined = self.joined.get(scope);
        let roles = reached(owner, |role| joined.and_then(|all| all.get(role)).into_iter().flatten().copied());
        let said =
            |database: &str, schema: &str, role: &str| self.makers.get(&(scope, database, schema, role)).copied();
        let own_schema = if sort == "schema" { name } else { schema };
        let in_database = |role| said(database, own_schema, role).or_else(|| said(database, "", role));
        // Only as a superuser somebody is said to make a subscription.
        let by_place = |role| in_database(role).filter(|_| sort != SUBSCRIPTION).or_else(|| said("", "", role));
        roles.into_iter().find_map(by_place)
    }

    /// What is declared of the owner's rights of the object.
    fn granted(&self, fact: &Fact) -> Option<&'a Claim> {
        let (kind, key) = grant_of(fact)?;
        self.grants.get(&(kind.id, &*fact.scope, &key)).copied()
    }

    fn kept_out(&self, fact: &Fact) -> Option<&'a Authority> {
        let (kind, key) = grant_of(fact)?;
        self.rules.get(&(kind.id, &*fact.scope, key.values().iter().map(String::as_str).collect())).copied()
    }
}

/// Where a claim says that which role makes things: as a superuser, as the owner of a database or schema, by `CREATE`,
/// or by default privileges of what it makes.
fn maker(claim: &Claim) -> Option<(&str, &str, &str)> {
    let said = |property: &str| claim.properties.get(property).map(|said| &said.value);
    let owner = || said("owner").and_then(Value::as_str);
    let creates = || said("privileges").is_some_and(|all| all.strings().any(|one| one == "CREATE"));
    match claim.key.values() {
        [role] if *claim.kind == role::KIND => {
            (said("superuser") == Some(&Value::Bool(true))).then_some(("", "", role.as_str()))
        }
        [database] if *claim.kind == database::KIND => Some((database.as_str(), "", owner()?)),
        [database, schema] if *claim.kind == schema::KIND => Some((database.as_str(), schema.as_str(), owner()?)),
        [database, schema, grantee] if *claim.kind == grant::schema::KIND => {
            creates().then_some((database.as_str(), schema.as_str(), grantee.as_str()))
        }
        [database, owner, schema, ..] if *claim.kind == default_privileges::KIND => {
            Some((database.as_str(), schema.as_str(), owner.as_str()))
        }
        _ => None,
    }
}

/// Kind and key of the owner's grant on the object.
fn grant_of(fact: &Fact) -> Option<(&'static Kind, Key)> {
    let [database, schema, sort, name, owner] = fact.key.values() else { return None };
    let usual = match sort.as_str() {
        "view" | "materialized view" | "foreign table" => "table",
        "procedure" | "aggregate" | "window function" => "function",
        other => other,
    };
    let kind = SORTS.iter().find(|(_, sort)| *sort == usual).map(|(kind, _)| *kind)?;
    let path = [database, schema, name, owner].into_iter().filter(|part| !part.is_empty());
    Some((kind, Key::new(path.map(String::as_str))))
}
