//! Snapshots are read back as they were written, and everything else is a problem or a gap.

use super::*;
use crate::model::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

static USER: Kind = Kind {
    id: "test/user",
    noun: "user",
    title: "user `{name}`",
    class: Class::Principal,
    key: &["name"],
    properties: &[
        Property { name: "path", compare: Compare::Exact, weight: Weight::Metadata },
        Property { name: "tags", compare: Compare::Map, weight: Weight::Metadata },
    ],
    declared_by: &["test_user"],
    about: "",
};

static GRANT: Kind = Kind {
    id: "test/grant",
    noun: "grant",
    title: "`{role}` for `{to}`",
    class: Class::Grant,
    key: &["to", "role"],
    properties: &[Property { name: "expires", compare: Compare::Exact, weight: Weight::Access }],
    declared_by: &["test_grant"],
    about: "",
};

/// The user of a later version: one property more.
static USER_LATER: Kind = Kind {
    id: "test/user",
    noun: "user",
    title: "user `{name}`",
    class: Class::Principal,
    key: &["name"],
    properties: &[
        Property { name: "path", compare: Compare::Exact, weight: Weight::Metadata },
        Property { name: "disabled", compare: Compare::Flag(false), weight: Weight::Credential },
    ],
    declared_by: &["test_user"],
    about: "",
};

const KINDS: &[&Kind] = &[&USER, &GRANT];

fn saved(observation: &Observation) -> String {
    save(observation, KINDS, "2026-11-21T03:00:00Z", "0.1.0").unwrap_or_default()
}

fn scope() -> Scope {
    Scope {
        system: "test".to_owned(),
        id: "acme".into(),
        identity: "reader".to_owned(),
        facts: 3,
        requests: 8,
        complete: true,
        meant_by: Vec::new(),
    }
}

fn sample() -> Observation {
    let tags = BTreeMap::from([("sensitive".to_owned(), Value::from(true)), ("$secret".to_owned(), Value::from("no"))]);
    let mut grant = Fact::new(&GRANT, "acme".into(), Key::new(["ann", "owner"]));
    grant.privilege = Privilege::Admin("`owner` may do everything".to_owned());
    grant.holder = Some((&USER, Key::new(["ann"])));
    let mut user = Fact::new(&USER, "acme".into(), Key::new(["ann"])).with("tags", Value::Map(tags));
    user.properties.insert("path", Value::Secret(Secret::present()));
    user.created = Some("2020-01-01T00:00:00Z".to_owned());
    Observation { scopes: vec![scope()], facts: vec![user, grant], gaps: vec![refused()] }
}

fn refused() -> Gap {
    Gap {
        code: "access_denied".into(),
        system: "test".to_owned(),
        scope: Some("acme".into()),
        hides: Hides::Properties { kind: &USER, properties: vec!["tags"], fixed: vec![("name", "bob".to_owned())] },
        reason: "refused".to_owned(),
        hint: "ask".to_owned(),
        location: None,
    }
}

/// Everything that an observation holds, without its order.
fn content(observation: &Observation) -> Vec<String> {
    let mut all: Vec<_> = observation.facts.iter().map(|fact| format!("{fact:?}")).collect();
    all.extend(observation.scopes.iter().map(|scope| format!("{scope:?}")));
    all.extend(observation.gaps.iter().map(|gap| format!("{gap:?}")));
    all.sort();
    all
}

fn problem(text: &str, kinds: &[&'static Kind]) -> String {
    load(text, "live.json", kinds).map_or_else(|problem| problem.to_string(), |_| "read".to_owned())
}

/// Codes of the gaps with what each hides, after reading with these kinds; and whether the scope is complete.
fn gaps(text: &str, kinds: &[&'static Kind]) -> (Vec<(String, String)>, bool) {
    let read = load(text, "live.json", kinds).unwrap_or_default();
    let gaps = read.gaps.iter().map(|gap| (gap.code.to_string(), gap.reason.clone())).collect();
    (gaps, read.scopes.iter().all(|scope| scope.complete))
}

#[test]
fn the_file_reads_like_this() {
    insta::assert_snapshot!(saved(&sample()));
}

#[test]
fn what_was_saved_is_read_back() {
    let read = load(&saved(&sample()), "live.json", KINDS).unwrap_or_default();
    assert_eq!(content(&read), content(&sample()));
    assert!(read.scopes[0].complete);
}

#[test]
fn secrets_are_markers_that_no_tag_can_imitate() {
    let text = saved(&sample());
    assert!(text.contains(r#""path":{"$secret":true}"#), "{text}");
    assert!(text.contains(r#""tags":{"$map":{"$secret":"no","sensitive":true}}"#), "{text}");
}

#[test]
fn white_space_does_not_matter_and_everything_else_does() {
    let text = saved(&sample());
    let loose: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    assert_eq!(problem(&loose.to_string(), KINDS), "read");
    let altered = "live.json: the snapshot was altered: its content does not fit its `sha256`\n  \
                   help: `driftline snapshot -o FILE` takes a new one";
    for (from, to) in [("ann", "eve"), ("2026-11-21", "2026-11-22"), ("\"reader\"", "\"root\""), ("[\"name\"]", "[]")] {
        assert!(text.contains(from));
        assert_eq!(problem(&text.replace(from, to), KINDS), altered);
    }
}

#[test]
fn other_files_and_other_versions_are_refused_with_a_way_out() {
    let text = saved(&sample());
    let newer = text.replace("\"version\": 1", "\"version\": 2").replace("\"0.1.0\"", "\"9.0.0\"");
    insta::assert_snapshot!(problem(&newer, KINDS), @"
    live.json: the snapshot has version 2 (driftline 9.0.0 took it); this driftline reads 1
      help: upgrade driftline, or take the snapshot again
    ");
    insta::assert_snapshot!(problem("", KINDS), @"
    live.json: not readable as a driftline snapshot: EOF while parsing a value
      help: `driftline snapshot -o FILE` takes a new one
    ");
    insta::assert_snapshot!(problem("[]", KINDS), @"
    live.json:1:2: not readable as a driftline snapshot: invalid length 0, expected a driftline snapshot
      help: `driftline snapshot -o FILE` takes a new one
    ");
    insta::assert_snapshot!(problem(r#"{"version": 4, "lineage": "x"}"#, KINDS), @"
    live.json:1:30: not readable as a driftline snapshot: missing field `format`
      help: `driftline snapshot -o FILE` takes a new one
    ");
    insta::assert_snapshot!(problem(r#"{"format": "other", "version": 1}"#, KINDS), @"
    live.json: not a driftline snapshot: its format is `other`
      help: `driftline snapshot -o FILE` takes a new one
    ");
    insta::assert_snapshot!(problem(&text.replace("$secret\":true", "$secret\":1"), KINDS), @"
    live.json:13:85: not readable as a driftline snapshot: `$secret` is not understood
      help: `driftline snapshot -o FILE` takes a new one
    ");
    insta::assert_snapshot!(problem(&text[..text.len() / 2], KINDS), @"
    live.json:12:64: not readable as a driftline snapshot: EOF while parsing a string
      help: `driftline snapshot -o FILE` takes a new one
    ");
}

#[test]
fn what_this_version_does_not_know_is_a_gap() {
    let known: &[&Kind] = &[&USER_LATER];
    let (gaps, complete) = gaps(&saved(&sample()), known);
    insta::assert_debug_snapshot!(gaps, @r#"
    [
        (
            "access_denied",
            "refused",
        ),
        (
            "snapshot_kind_unknown",
            "the snapshot holds 1 thing of kind `test/grant`, which this version does not know",
        ),
        (
            "snapshot_property_unknown",
            "the snapshot holds `tags` of 1 thing of kind `test/user`, which this version does not know",
        ),
        (
            "snapshot_property_unread",
            "the snapshot was taken by a version that did not read it",
        ),
    ]
    "#);
    assert!(!complete);
}

#[test]
fn what_was_not_read_then_is_a_gap_and_no_absence() {
    let only_grants = save(&Observation { scopes: vec![scope()], ..Observation::default() }, &[&GRANT], "", "");
    let read = load(&only_grants.unwrap_or_default(), "live.json", KINDS).unwrap_or_default();
    let ann = Key::new(["ann"]);
    assert!(read.gaps.iter().any(|gap| gap.hides_fact(&USER, "acme", &ann)));
    assert!(!read.gaps.iter().any(|gap| gap.hides_fact(&USER, "other", &ann)));
    assert!(!read.gaps.iter().any(|gap| gap.hides_fact(&GRANT, "acme", &Key::new(["ann", "owner"]))));
    let later = load(&saved(&sample()), "live.json", &[&USER_LATER, &GRANT]).unwrap_or_default();
    assert!(later.gaps.iter().any(|gap| gap.hides_property(&USER_LATER, "acme", &ann, "disabled")));
    assert!(!later.gaps.iter().any(|gap| gap.hides_property(&USER_LATER, "acme", &ann, "path")));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{0,2}", Just("$map".to_owned()), Just("$secret".to_owned()), any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(Value::Unknown),
        Just(Value::Secret(Secret::present())),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(|n| Value::Number(n.into())),
        any::<f64>().prop_map(|n| serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(Value::Map),
        ]
    })
}

fn fact() -> impl Strategy<Value = Fact> {
    let privilege = prop_oneof![
        Just(Privilege::None),
        text().prop_map(Privilege::Some),
        text().prop_map(Privilege::Admin),
        text().prop_map(Privilege::Public),
    ];
    let key = (text(), text());
    let values = (prop::option::of(value()), prop::option::of(value()));
    let told = (prop::option::of(text()), prop::option::of(text()), prop::option::of(text()));
    (any::<bool>(), text(), key, values, told, privilege).prop_map(|(is_user, scope, key, values, told, privilege)| {
        let scope: Arc<str> = scope.into();
        let mut fact = if is_user {
            Fact::new(&USER, scope, Key::new([key.0]))
        } else {
            Fact::new(&GRANT, scope, Key::new([key.0, key.1]))
        };
        let names: &[&'static str] = if is_user { &["path", "tags"] } else { &["expires"] };
        fact.properties = names.iter().copied().zip([values.0, values.1]).filter_map(|(n, v)| Some((n, v?))).collect();
        fact.holder = told.0.clone().filter(|_| !is_user).map(|name| (&USER, Key::new([name])));
        (fact.unique_id, fact.created, fact.vendor_made) = told;
        fact.privilege = privilege;
        fact
    })
}

proptest! {
    #[test]
    fn every_observation_comes_back_whole(facts in prop::collection::vec(fact(), 0..6), complete: bool) {
        let scopes = vec![Scope { complete, ..scope() }];
        let observation = Observation { scopes, facts, gaps: vec![refused()] };
        let text = saved(&observation);
        let read = load(&text, "live.json", KINDS).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        prop_assert_eq!(content(&read), content(&observation));
        prop_assert_eq!(saved(&read), text.clone());
        let mut turned = observation;
        turned.facts.reverse();
        prop_assert_eq!(saved(&turned), text);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), at in any::<prop::sample::Index>(), c in any::<char>()) {
        problem(&text, KINDS);
        let mut damaged: Vec<char> = saved(&sample()).chars().collect();
        let at = at.index(damaged.len());
        damaged[at] = c;
        problem(&damaged.into_iter().collect::<String>(), KINDS);
    }
}
