//! Settles what only the live side can tell of a claim: which tables a schema has, which function a person meant, what `ALL`
//! stands for on the server's version.

use super::acl::MAINTAIN;
use super::kinds::{default_privileges, function, grant, role, schema, security_label, shared};
use super::{owners, signature};
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
    for rule in claims.authorities.iter_mut().filter(|rule| rule.kind.system() == role::KIND.system()) {
        rule.unseen = live.is_unwritten(rule);
    }
    owners::settle(claims, observation);
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

    /// Whether what the rule is against is there because nothing is written: the provider looks at what is written alone
    /// (`readRolePrivileges`, `readRoleDefaultPrivileges`).
    fn is_unwritten(&self, rule: &Authority) -> bool {
        let Some(scope) = rule.scope.as_deref().filter(|_| rule.fixed.len() == rule.kind.key.len()) else {
            return false;
        };
        let key = Key::new(rule.fixed.iter().map(|(_, value)| value.clone()));
        let granted = self.grants.get(&(rule.kind.id, scope, &key)).copied();
        let others = || self.things.get(rule.kind.id).into_iter().flatten().copied();
        let fact = granted.or_else(|| others().find(|fact| &*fact.scope == scope && fact.key == key));
        fact.is_some_and(|fact| fact.vendor_made.as_deref() == Some(grant::UNWRITTEN))
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
    Authority { kind: claim.kind, scope: claim.scope.clone(), fixed, by: claim.by.clone(), at, unseen: false }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AttrPath, Configured, Instance, InstanceRef, ProviderRef};
    use crate::providers::postgres::kinds::user_mapping;
    use crate::providers::resource_type;
    use std::sync::Arc;

    fn instance(address: &str, attributes: &str) -> Instance {
        let by = InstanceRef {
            address: address.parse().unwrap(),
            provider: ProviderRef::default(),
            state: None,
            root: None,
        };
        Instance {
            by: Arc::new(by),
            attributes: Value::from_json(serde_json::from_str(attributes).unwrap()),
            deposed: None,
            tainted: false,
            configured: Configured::Unknown,
            settings: None,
        }
    }

    /// What an instance claims of these facts and gaps: keys with their privileges, and the fixed values of authorities.
    fn settled(name: &str, attributes: &str, facts: Vec<Fact>, gaps: Vec<Gap>) -> (Vec<String>, Vec<String>) {
        let mut claims = Claims::default();
        let (_, of) = resource_type(name).unwrap();
        (of.claims)(&instance(&format!("{name}.this"), attributes), &mut claims);
        for claim in claims.claims.iter_mut().chain(claims.sweeps.iter_mut().map(|sweep| &mut sweep.claim)) {
            claim.scope = Some("1".into());
        }
        settle(&mut claims, &Observation { facts, gaps, ..Observation::default() });
        assert!(claims.sweeps.is_empty());
        let shown = |claim: &Claim| {
            let said =
                claim.properties.get("privileges").map(|said| said.value.strings().collect::<Vec<_>>().join(","));
            let unseen = if claim.unseen { " unseen" } else { "" };
            format!("{} {}{unseen}", claim.key.values().join("/"), said.unwrap_or_default())
        };
        let ruled = |one: &Authority| one.fixed.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join("/");
        (claims.claims.iter().map(shown).collect(), claims.authorities.iter().map(ruled).collect())
    }

    fn owned(kind: &'static Kind, object: &str) -> Fact {
        Fact::new(kind, "1".into(), Key::new(["shop", "sales", object, "owner"])).with("owner", true)
    }

    fn granted(kind: &'static Kind, object: &str, privileges: &[&str]) -> Fact {
        let privileges = Value::List(privileges.iter().map(|one| Value::from(*one)).collect());
        let key = Key::new(["shop", "sales", object, "app"]);
        Fact::new(kind, "1".into(), key).with("privileges", privileges)
    }

    fn schema_there() -> Fact {
        Fact::new(&schema::KIND, "1".into(), Key::new(["shop", "sales"]))
    }

    fn grant_on(object_type: &str, rest: &str) -> String {
        format!(r#"{{"role":"app","database":"shop","schema":"sales","object_type":"{object_type}"{rest}}}"#)
    }

    #[test]
    fn a_grant_without_objects_is_on_every_table_of_the_schema() {
        let table = &grant::table::KIND;
        let select = grant_on("table", r#","privileges":["SELECT"]"#);
        let two = || vec![schema_there(), owned(table, "a"), owned(table, "b")];
        let told = |facts| settled("postgresql_grant", &select, facts, Vec::new()).0;
        let mut one_has_it = two();
        one_has_it.push(granted(table, "a", &["SELECT"]));
        assert_eq!(told(one_has_it), ["shop/sales/a/app SELECT", "shop/sales/b/app SELECT"]);
        // Where the role has it nowhere, that is one thing to say.
        assert_eq!(told(two()), ["shop/sales/*/app SELECT"]);
        assert_eq!(told(vec![schema_there()]), [""; 0]);
        assert_eq!(told(Vec::new()), ["shop/sales/*/app SELECT"]);
        let view = vec![schema_there(), owned(table, "v").with("sort", "view")];
        assert_eq!(told(view), ["shop/sales/v/app SELECT unseen"]);
    }

    #[test]
    fn behind_a_gap_all_of_a_set_is_one_thing_that_is_not_known() {
        let fixed = vec![("database", "shop".to_owned())];
        let gap = Gap {
            code: "denied".into(),
            system: "postgres".to_owned(),
            scope: Some("1".into()),
            hides: Hides::Facts { kinds: vec![&grant::table::KIND, &user_mapping::KIND], fixed },
            reason: String::new(),
            hint: String::new(),
            location: None,
        };
        let select = grant_on("table", r#","privileges":["SELECT"]"#);
        let told = settled("postgresql_grant", &select, vec![schema_there()], vec![gap.clone()]);
        assert_eq!(told.0, ["shop/sales/*/app SELECT"]);
        // Which database it is in is not said, and one was not looked into.
        let mapping = r#"{"server_name":"far","user_name":"app"}"#;
        assert_eq!(settled("postgresql_user_mapping", mapping, Vec::new(), vec![gap]).0, ["shop/far/app "]);
        let there = Fact::new(&user_mapping::KIND, "1".into(), Key::new(["books", "far", "app"]));
        assert_eq!(settled("postgresql_user_mapping", mapping, vec![there], Vec::new()).0, ["books/far/app "]);
    }

    #[test]
    fn functions_are_those_that_a_person_means() {
        let function = &grant::function::KIND;
        let facts = || {
            let procedure = owned(function, "close()").with("sort", "procedure");
            vec![schema_there(), owned(function, "add(integer)"), owned(function, "add(text)"), procedure]
        };
        let told = |object_type, objects| {
            let rest = format!(r#","privileges":["EXECUTE"],"objects":{objects}"#);
            let mut facts = facts();
            facts.push(granted(function, "add(text)", &["EXECUTE"]));
            facts.push(granted(function, "close()", &["EXECUTE"]));
            settled("postgresql_grant", &grant_on(object_type, &rest), facts, Vec::new()).0
        };
        assert_eq!(told("function", r#"["add(int)"]"#), ["shop/sales/add(integer)/app EXECUTE unseen"]);
        let both = ["shop/sales/add(integer)/app EXECUTE", "shop/sales/add(text)/app EXECUTE"];
        assert_eq!(told("function", r#"["add"]"#), both);
        assert_eq!(told("function", "[]"), both);
        assert_eq!(told("procedure", "[]"), ["shop/sales/close()/app EXECUTE"]);
        assert_eq!(told("routine", "[]").len(), 3);
        assert_eq!(told("function", r#"["gone"]"#), ["shop/sales/gone/app EXECUTE"]);
        let nothing = grant_on("function", r#","privileges":null"#);
        let (claims, rules) = settled("postgresql_grant", &nothing, facts(), Vec::new());
        assert_eq!(
            (claims.len(), rules),
            (0, vec!["shop/sales/add(integer)/app".to_owned(), "shop/sales/add(text)/app".to_owned()])
        );
    }

    #[test]
    fn all_is_what_the_servers_version_knows() {
        let table = &grant::table::KIND;
        let all = grant_on("table", r#","privileges":["ALL"],"objects":["a"]"#);
        let told = |facts| settled("postgresql_grant", &all, facts, Vec::new()).0.concat();
        let old = "shop/sales/a/app SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER";
        assert_eq!(told(Vec::new()), old);
        let mut maintain = Fact::new(&role::KIND, "1".into(), Key::new(["pg_maintain"]));
        maintain.vendor_made = Some("made by `initdb`".to_owned());
        assert_eq!(told(vec![maintain]), format!("{old},MAINTAIN"));
        assert_eq!(told(vec![granted(table, "a", &["MAINTAIN"])]), format!("{old},MAINTAIN"));
        // A role of that name that somebody made proves nothing.
        assert_eq!(told(vec![Fact::new(&role::KIND, "1".into(), Key::new(["pg_maintain"]))]), old);
    }

    #[test]
    fn an_owner_may_hand_on_what_he_likes() {
        let mut claims = Claims::default();
        let by = instance("postgresql_grant.this", "{}");
        let key = Key::new(["shop", "sales", "owner"]);
        let claim = claims.claim(&by, &grant::schema::KIND, key.clone());
        claim.scope = Some("1".into());
        claim.set_at("grant_options", Value::List(Vec::new()), AttrPath::attr("with_grant_option"));
        let owner = Fact::new(&grant::schema::KIND, "1".into(), key).with("owner", true);
        settle(&mut claims, &Observation { facts: vec![owner], ..Observation::default() });
        assert!(claims.claims[0].properties.is_empty());
    }

    #[test]
    fn a_rule_is_blind_for_what_holds_while_nothing_is_written() {
        let key = ["shop", "owner", "", "function", "public"];
        let says = |why: &str| {
            let mut claims = Claims::default();
            let this =
                r#"{"database":"shop","owner":"owner","object_type":"function","role":"public","privileges":[]}"#;
            let name = "postgresql_default_privileges";
            (resource_type(name).unwrap().1.claims)(&instance(&format!("{name}.this"), this), &mut claims);
            claims.authorities[0].scope = Some("1".into());
            let mut fact = Fact::new(&default_privileges::KIND, "1".into(), Key::new(key));
            fact.vendor_made = Some(why.to_owned());
            settle(&mut claims, &Observation { facts: vec![fact], ..Observation::default() });
            claims.authorities[0].unseen
        };
        assert!(says(grant::UNWRITTEN));
        assert!(!says("what everybody gets of such an object where nothing is said"));
    }
}
