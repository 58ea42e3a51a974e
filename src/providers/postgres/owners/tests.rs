//! Owners of a small cluster: `deploy` may make things in `sales`, `owner` owns the schema, `dba` is a superuser.

use super::*;
use crate::model::{AttrPath, Authority, Claim, Claims, Hides, InstanceRef, ProviderRef, Strength};
use crate::providers::postgres::kinds::default_privileges;

fn fact(kind: &'static Kind, key: &[&str]) -> Fact {
    Fact::new(kind, "1".into(), Key::new(key.iter().copied()))
}

fn privileges(all: &[&str]) -> Value {
    Value::List(all.iter().map(|one| Value::from(*one)).collect())
}

fn owned(kind: &'static Kind, key: &[&str]) -> Fact {
    let mut own = fact(kind, key).with("owner", true).with("privileges", privileges(&["SELECT"]));
    own.vendor_made = Some(grant::OWN_RIGHTS.to_owned());
    own
}

/// The cluster with one more table of this owner in the schema.
fn cluster(schema: &str, owner: &str, more: Vec<Fact>) -> Observation {
    let role = |name, superuser| fact(&role::KIND, &[name]).with("superuser", superuser);
    let mut facts = vec![
        role("dba", true),
        role("owner", false),
        role("deploy", false),
        role("app", false),
        fact(&database::KIND, &["shop"]).with("owner", "shop_owner"),
        fact(&schema::KIND, &["shop", "sales"]).with("owner", "owner"),
        fact(&schema::KIND, &["shop", "pg_catalog"]).with("owner", "dba"),
        fact(&grant::schema::KIND, &["shop", "sales", "deploy"]).with("privileges", privileges(&["CREATE", "USAGE"])),
        fact(&grant::schema::KIND, &["shop", "sales", "app"]).with("privileges", privileges(&["USAGE"])),
        owned(&grant::table::KIND, &["shop", schema, "orders", owner]),
    ];
    facts.extend(more);
    Observation { facts, ..Observation::default() }
}

fn found(observation: &mut Observation) -> Vec<&Fact> {
    find(observation, &"1".into());
    observation.facts.iter().filter(|fact| *fact.kind == owner::KIND).collect()
}

fn is_strange(schema: &str, owner: &str, more: Vec<Fact>) -> bool {
    !found(&mut cluster(schema, owner, more)).is_empty()
}

#[test]
fn whoever_might_have_made_it_is_expected_to_own_it() {
    for owner in ["dba", "owner", "deploy", "shop_owner"] {
        assert!(!is_strange("sales", owner, Vec::new()), "{owner}");
    }
    assert!(is_strange("sales", "app", Vec::new()));
    assert!(!is_strange("sales", "app", vec![fact(&membership::KIND, &["app", "deploy"])]));
    let everybody =
        fact(&grant::schema::KIND, &["shop", "sales", EVERYBODY]).with("privileges", privileges(&["CREATE"]));
    assert!(!is_strange("sales", "app", vec![everybody]));
    // An owner of the database may make nothing among the server's own things.
    assert!(is_strange("pg_catalog", "shop_owner", Vec::new()) && !is_strange("pg_catalog", "dba", Vec::new()));
}

#[test]
fn a_strange_owner_is_told_with_whose_it_would_be() {
    let mut observation = cluster("sales", "app", Vec::new());
    let found = found(&mut observation);
    assert_eq!(found[0].key.values(), ["shop", "sales", "table", "orders", "app"]);
    assert_eq!(found[0].properties["belongs_to"], Value::from("owner"));
    assert_eq!(owner::KIND.describe(&found[0].key), "owner `app` of table `sales.orders` of `shop`");
}

#[test]
fn where_something_was_not_read_nobody_is_called_strange() {
    for kind in [&role::KIND, &membership::KIND, &schema::KIND, &grant::schema::KIND] {
        let mut observation = cluster("sales", "app", Vec::new());
        observation.gaps.push(Gap {
            code: "denied".into(),
            system: "postgres".to_owned(),
            scope: None,
            hides: Hides::Facts { kinds: vec![kind], fixed: Vec::new() },
            reason: String::new(),
            hint: String::new(),
            location: None,
        });
        assert!(found(&mut observation).is_empty(), "{}", kind.id);
    }
}

#[test]
fn what_comes_with_the_server_belongs_to_administrators() {
    let built_in = |owner: &str| {
        let mut one = fact(&database::KIND, &["postgres"]).with("owner", owner);
        one.vendor_made = Some(BY_INITDB.to_owned());
        one
    };
    assert!(is_strange("sales", "dba", vec![built_in("app")]) && !is_strange("sales", "dba", vec![built_in("dba")]));
    let master = fact(&role::KIND, &["master"]).with("create_role", true).with("create_database", true);
    assert!(!is_strange("sales", "dba", vec![built_in("master"), master]));
}

#[test]
fn a_subscription_belongs_to_those_who_may_make_one() {
    let feed = |owner: &str, more: Vec<Fact>| {
        let one = fact(&subscription::KIND, &["shop", "feed"]).with("owner", owner);
        is_strange("sales", "dba", more.into_iter().chain([one]).collect())
    };
    let joined = |of: &str| vec![fact(&membership::KIND, &["app", of])];
    // Neither the owner of the database nor whoever may make other things there.
    for owner in ["app", "shop_owner", "deploy"] {
        assert!(feed(owner, Vec::new()), "{owner}");
    }
    assert!(!feed("dba", Vec::new()) && !feed("app", joined("dba")) && !feed("app", joined(SUBSCRIBERS)));
}

#[test]
fn what_the_owner_before_gave_by_default_stays_explained() {
    let by_default = fact(&default_privileges::KIND, &["shop", "owner", "sales", "table", "readers"]);
    let given = fact(&grant::table::KIND, &["shop", "sales", "orders", "readers"]);
    let more = [by_default, given].map(|fact| fact.with("privileges", privileges(&["SELECT"]))).to_vec();
    let mut observation = cluster("sales", "app", more);
    assert_eq!(found(&mut observation).len(), 1);
    assert!(
        observation
            .facts
            .iter()
            .any(|fact| fact.key.values().ends_with(&["readers".into()]) && fact.vendor_made.is_some())
    );
}

fn claim(kind: &'static Kind, key: &[&str], property: &'static str, value: Value) -> Claim {
    let (address, provider) = ("postgresql_grant.this".parse().unwrap(), ProviderRef::default());
    let mut claim = Claim {
        kind,
        key: Key::new(key.iter().copied()),
        scope: Some("1".into()),
        by: Arc::new(InstanceRef { address, provider, state: None, root: None }),
        properties: BTreeMap::new(),
        at: AttrPath::default(),
        strength: Strength::Own,
        unseen: false,
        repeatable: false,
        unique_id: None,
    };
    claim.set(property, value);
    claim
}

/// How many claims and authorities there are on a strange owner `app` once this is declared.
fn settled(claim: Claim) -> (usize, usize) {
    settled_in(cluster("sales", "app", Vec::new()), claim)
}

fn settled_in(mut observation: Observation, claim: Claim) -> (usize, usize) {
    find(&mut observation, &"1".into());
    let mut claims = Claims { claims: vec![claim], ..Claims::default() };
    settle(&mut claims, &observation);
    let own = |kind: &Kind| *kind == owner::KIND;
    let rules = |rule: &&Authority| own(rule.kind);
    (claims.claims.iter().filter(|one| own(one.kind)).count(), claims.authorities.iter().filter(rules).count())
}

#[test]
fn what_is_declared_of_an_owner_explains_it_or_says_more() {
    let granted =
        |all: &[&str]| claim(&grant::table::KIND, &["shop", "sales", "orders", "app"], "privileges", privileges(all));
    assert_eq!(settled(granted(&["SELECT"])), (0, 1), "owning it is one more thing");
    assert_eq!(settled(granted(&["SELECT", "INSERT"])), (1, 0), "the grant itself differs");
    let creates = privileges(&["CREATE"]);
    assert_eq!(settled(claim(&grant::schema::KIND, &["shop", "sales", "app"], "privileges", creates.clone())), (1, 0));
    assert_eq!(settled(claim(&grant::schema::KIND, &["shop", "audit", "app"], "privileges", creates)), (0, 0));
    assert_eq!(settled(claim(&role::KIND, &["app"], "superuser", true.into())), (1, 0));
    assert_eq!(settled(claim(&database::KIND, &["shop"], "owner", "app".into())), (1, 0));
    // Who owns the database is not said to make subscriptions.
    let feed = |claim| {
        let one = fact(&subscription::KIND, &["shop", "feed"]).with("owner", "app");
        settled_in(cluster("sales", "dba", vec![one]), claim)
    };
    assert_eq!(feed(claim(&database::KIND, &["shop"], "owner", "app".into())), (0, 0));
    assert_eq!(feed(claim(&role::KIND, &["app"], "superuser", true.into())), (1, 0));
}
