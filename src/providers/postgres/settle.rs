//! Settles what only the live side can tell of a claim: which tables a schema has, which function a person meant, what `ALL`
//! stands for on the server's version.

use super::acl::MAINTAIN;
use super::kinds::{default_privileges, function, grant, role, schema, security_label, shared};
use super::signature;
use crate::model::{Authority, Claim, Claims, Fact, Gap, Hides, Key, Kind, Observation, Strength, Sweep, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Stands for all objects of a schema in the key of a claim on none of them alone.
const ALL_OF_THEM: &str = "*";

/// Turns claims on sets into claims on their members, and spells `ALL` out.
pub(super) fn settle(claims: &mut Claims, observation: &Observation) {
    let sweeps = std::mem::take(&mut claims.sweeps);
    let (own, others): (Vec<_>, Vec<_>) =
        sweeps.into_iter().partition(|sweep| sweep.claim.kind.system() == role::KIND.system());
    claims.sweeps = others;
    let live = Live::of(observation);
    for sweep in own {
        match sweep.over {
            shared::LOOKED_FOR => claims.claims.push(live.found(sweep.claim)),
            _ => live.spread(&sweep, claims),
        }
    }
    for claim in &mut claims.claims {
        spell_out(claim, &live);
        live.overlook(claim);
    }
}

type Place<'a> = (&'static str, &'a str, &'a str, &'a str);

/// The live side by what is looked for in it.
struct Live<'a> {
    /// The owners' own rights by kind, cluster, database and schema: one for each object.
    members: BTreeMap<Place<'a>, Vec<&'a Fact>>,
    /// Views and what else the provider does not look at, although it is granted as a table.
    odd: BTreeSet<(&'a str, &'a str, &'a str, &'a str)>,
    /// Who has anything of which object.
    grants: BTreeMap<(&'static str, &'a str, &'a Key), &'a Fact>,
    /// Things that are looked for, by kind.
    things: BTreeMap<&'static str, Vec<&'a Fact>>,
    /// Clusters that know the privilege to maintain tables: the role that has it on all came with it.
    maintaining: BTreeSet<&'a str>,
    gaps: &'a [Gap],
}

impl<'a> Live<'a> {
    fn of(observation: &'a Observation) -> Self {
        let mut live = Live {
            members: BTreeMap::new(),
            odd: BTreeSet::new(),
            grants: BTreeMap::new(),
            things: BTreeMap::new(),
            maintaining: BTreeSet::new(),
            gaps: &observation.gaps,
        };
        let own = observation.facts.iter().filter(|fact| fact.kind.system() == role::KIND.system());
        for fact in own {
            let (kind, scope) = (fact.kind, &*fact.scope);
            if grant::sort_of(kind).is_some() {
                live.grants.insert((kind.id, scope, &fact.key), fact);
                let field = |name| fact.key.field(kind, name).unwrap_or_default();
                if fact.properties.get("owner") == Some(&Value::Bool(true)) {
                    let place = (kind.id, scope, field("database"), field("schema"));
                    live.members.entry(place).or_default().push(fact);
                    if *kind == grant::table::KIND && sort_of(fact).is_some() {
                        live.odd.insert((scope, field("database"), field("schema"), field("table")));
                    }
                }
            } else if *kind == role::KIND {
                if fact.vendor_made.is_some() && fact.key.values() == ["pg_maintain"] {
                    live.maintaining.insert(scope);
                }
            } else if kind.key.contains(&"database") {
                live.things.entry(kind.id).or_default().push(fact);
            }
        }
        live
    }

    fn hidden(&self, claim: &Claim) -> bool {
        let scope = claim.scope.as_deref().unwrap_or_default();
        self.gaps.iter().any(|gap| gap.hides_fact(claim.kind, scope, &claim.key))
    }

    fn has(&self, claim: &Claim) -> Option<&'a Fact> {
        self.grants.get(&(claim.kind.id, claim.scope.as_deref()?, &claim.key)).copied()
    }

    /// The claim with the key of the live thing that it means. Where none is found and a database was not looked into, the
    /// thing may be there.
    fn found(&self, claim: Claim) -> Claim {
        let scope = claim.scope.clone().unwrap_or_else(|| "".into());
        let things = self.things.get(claim.kind.id).map(Vec::as_slice).unwrap_or_default();
        let mut meant = things.iter().filter(|fact| fact.scope == scope && means(claim.kind, &claim.key, &fact.key));
        if let (Some(fact), None) = (meant.next(), meant.next()) {
            return Claim { key: fact.key.clone(), ..claim };
        }
        if claim.key.field(claim.kind, "database") != Some("") {
            return claim;
        }
        let unread = |gap: &&Gap| gap.in_scope(&scope) && gap.hides_some_of(claim.kind);
        let database = self.gaps.iter().filter(unread).find_map(database_of);
        match database {
            Some(database) => Claim { key: with_first(&claim.key, database), ..claim },
            None => claim,
        }
    }

    /// Adds what the sweep says of each object. Where the role has nothing of any of several, that is one thing.
    fn spread(&self, sweep: &Sweep, out: &mut Claims) {
        let claim = &sweep.claim;
        let [database, schema, object, grantee] = claim.key.values() else { return };
        let scope = claim.scope.as_deref().unwrap_or_default();
        let place = (claim.kind.id, scope, database.as_str(), schema.as_str());
        let all = self.members.get(&place).map(Vec::as_slice).unwrap_or_default();
        let members: Vec<_> = all.iter().copied().filter(|fact| belongs(sweep, fact)).collect();
        let nothing = claim.properties.get("privileges").is_some_and(|said| grant::is_nothing(&said.value));
        let on = |object: &str| {
            let key = Key::new([database, schema, object, grantee].map(|field: &str| field.to_owned()));
            Claim { key, ..claim.clone() }
        };
        if nothing {
            if claim.strength != Strength::Leftover {
                out.authorities.extend(members.iter().map(|fact| rule(&on(object_of(fact)))));
            }
            return;
        }
        let set = if object.is_empty() { ALL_OF_THEM } else { object };
        let mut claims: Vec<_> = members.iter().map(|fact| on(object_of(fact))).collect();
        if claims.len() > 1 && claims.iter().all(|claim| self.has(claim).is_none()) {
            claims = vec![on(set)];
        } else if members.is_empty() {
            // Without a schema, or behind a gap, there may be no objects to name; in an empty one there is nothing to say.
            let claim = on(set);
            if !object.is_empty() || self.hidden(&claim) || !self.has_schema(scope, database, schema) {
                claims.push(claim);
            }
        }
        out.claims.extend(claims);
    }

    /// Marks what the provider does not look at: it looks at ordinary tables alone (`readRolePrivileges`). An owner may hand
    /// on what he likes, whether or not it is written.
    fn overlook(&self, claim: &mut Claim) {
        if self.has(claim).is_some_and(|fact| fact.properties.get("owner") == Some(&Value::Bool(true))) {
            claim.properties.remove("grant_options");
            claim.properties.remove("grant_option");
        }
        if ![grant::table::KIND.id, grant::column::KIND.id].contains(&claim.kind.id) {
            return;
        }
        let field = |name| claim.key.field(claim.kind, name).unwrap_or_default();
        let scope = claim.scope.as_deref().unwrap_or_default();
        if self.odd.contains(&(scope, field("database"), field("schema"), field("table"))) {
            claim.unseen = true;
            claim.unseen("privileges");
        }
    }

    fn has_schema(&self, scope: &str, database: &str, name: &str) -> bool {
        let key = Key::new([database, name]);
        let schemas = self.things.get(schema::KIND.id).map(Vec::as_slice).unwrap_or_default();
        schemas.iter().any(|fact| &*fact.scope == scope && fact.key == key)
    }
}

/// The database that could not be looked into.
fn database_of(gap: &Gap) -> Option<&str> {
    let Hides::Facts { fixed, .. } = &gap.hides else { return None };
    fixed.iter().find(|(name, _)| *name == "database").map(|(_, name)| name.as_str())
}

fn object_of(fact: &Fact) -> &str {
    fact.key.values().get(2).map(String::as_str).unwrap_or_default()
}

fn sort_of(fact: &Fact) -> Option<&str> {
    fact.properties.get("sort").and_then(Value::as_str)
}

/// Whether the object is of the set.
fn belongs(sweep: &Sweep, member: &Fact) -> bool {
    let procedure = sort_of(member) == Some("procedure");
    match sweep.over {
        grant::ALL_FUNCTIONS => !procedure,
        grant::ALL_PROCEDURES => procedure,
        grant::NAMED_FUNCTION => {
            signature::means(sweep.claim.key.values().get(2).map_or("", String::as_str), object_of(member))
        }
        _ => true,
    }
}

/// Whether a key that a person wrote names the thing with this key.
fn means(kind: &'static Kind, written: &Key, live: &Key) -> bool {
    let (Some((database, rest)), Some((of, live))) = (written.values().split_first(), live.values().split_first())
    else {
        return false;
    };
    let same = |at: usize| match (rest.get(at), live.get(at)) {
        (Some(written), Some(live)) if at + 1 < rest.len() => written == live,
        (Some(written), Some(live)) if *kind == function::KIND => signature::means(written, live),
        (Some(written), Some(live)) if *kind == security_label::KIND => security_label::names(live, written),
        (written, live) => written == live,
    };
    (database.is_empty() || database == of) && rest.len() == live.len() && (0..rest.len()).all(same)
}

fn with_first(key: &Key, first: &str) -> Key {
    Key::new([first.to_owned()].into_iter().chain(key.values().iter().skip(1).cloned()))
}

/// That the role has nothing of the object.
fn rule(claim: &Claim) -> Authority {
    let fixed = claim.kind.key.iter().copied().zip(claim.key.values().iter().cloned()).collect();
    let at = crate::model::AttrPath::attr("privileges");
    Authority { kind: claim.kind, scope: claim.scope.clone(), fixed, by: claim.by.clone(), at }
}

/// `ALL` is every privilege of the sort of object that the server's version knows (`resourcePrivilegesEqual` in
/// `helpers.go` of the provider).
fn spell_out(claim: &mut Claim, live: &Live<'_>) {
    let sort = grant::sort_of(claim.kind).or_else(|| {
        (*claim.kind == default_privileges::KIND).then(|| default_privileges::sort_of(&claim.key)).flatten()
    });
    let Some(sort) = sort else { return };
    let says_all = |value: &Value| value.strings().any(|privilege| privilege == "ALL");
    if !claim.properties.values().any(|said| says_all(&said.value)) {
        return;
    }
    let scope = claim.scope.as_deref().unwrap_or_default();
    let held = live.has(claim).and_then(|fact| fact.properties.get("privileges"));
    let maintain = live.maintaining.contains(scope) || held.is_some_and(|all| all.strings().any(|one| one == MAINTAIN));
    let everything = Value::List(sort.everything(maintain).into_iter().map(Value::from).collect());
    for said in claim.properties.values_mut().filter(|said| says_all(&said.value)) {
        said.value = everything.clone();
    }
}
