//! Plans as real Terraform printed them, and what cannot be read as one.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::model::value::Secret;
use crate::model::{Hides, Problem, Value};
use serde_json::{Value as Json, json};

fn no_masks(_: &str) -> &'static [&'static str] {
    &[]
}

fn sample(name: &str) -> Plan {
    plan(std::fs::read(format!("testdata/terraform/plan/{name}.json")).unwrap())
}

fn plan(bytes: impl Into<Vec<u8>>) -> Plan {
    read(bytes.into(), "p.json", &no_masks).unwrap()
}

fn problem(bytes: impl Into<Vec<u8>>) -> Problem {
    read(bytes.into(), "p.json", &no_masks).unwrap_err()
}

fn change<'a>(plan: &'a Plan, address: &str) -> &'a Change {
    plan.changes().find(|c| c.address.to_string() == address && c.deposed.is_none()).unwrap()
}

fn recorded(change: &Change) -> Value {
    change.recorded().unwrap().unwrap()
}

fn desired(change: &Change) -> Value {
    match change.desired().unwrap() {
        Desired::Value(value) => value,
        other => panic!("{other:?}"),
    }
}

fn secret() -> Value {
    Value::Secret(Secret::present())
}

/// A plan of one change.
fn one(change: Json) -> Vec<u8> {
    let entry = json!({"address": "t.n", "mode": "managed", "type": "t", "name": "n", "provider_name": "aws", "change": change});
    json!({"format_version": "1.2", "resource_changes": [entry]}).to_string().into_bytes()
}

#[test]
fn recorded_is_what_was_applied_and_not_what_was_refreshed() {
    let plan = sample("drift");
    assert_eq!((plan.errored, plan.complete, plan.applyable, plan.refresh_only), (false, true, Some(true), false));
    assert_eq!((plan.terraform_version.as_deref(), plan.gaps.len()), (Some("1.11.4"), 0));
    let alice = change(&plan, "idp_user.alice");
    assert_eq!(alice.action, Some(Action::Update));
    assert_eq!(recorded(alice).text("email"), Some("alice@example.com"));
    assert_eq!(desired(alice).text("email"), Some("alice@example.com"));
    assert_eq!(change(&plan, "idp_user.temp").action, Some(Action::NoOp));
    assert!(plan.changes().all(|c| c.address.to_string() != "data.idp_user.lookup"));
}

#[test]
fn what_vanished_is_recorded_and_wanted_again() {
    let plan = sample("drift");
    let carol = change(&plan, "idp_user.many[\"carol.d\"]");
    assert_eq!(carol.action, Some(Action::Create));
    assert_eq!(recorded(carol).text("id"), Some("b46f87be-4bf7-4c2f-b5cb-493058260845"));
    assert_eq!(desired(carol).get("id"), Some(&Value::Unknown));
    assert_eq!(desired(carol).text("email"), Some("carol.d@example.com"));
}

/// As Terraform 1.11.4 prints it for a root module of one variable.
#[test]
fn a_plan_of_nothing_is_whole() {
    let nothing = r#"{"format_version":"1.2","planned_values":{"root_module":{}},"configuration":{"root_module":
        {"variables":{"who":{"default":"ada"}}}},"applyable":false,"complete":true,"errored":false}"#;
    assert!(!plan(nothing).refresh_only);
    let declares = nothing.replace("\"variables\"", "\"module_calls\":{\"a\":{}},\"variables\"");
    assert!(plan(declares).refresh_only);
}

#[test]
fn a_refresh_only_plan_plans_nothing() {
    let plan = sample("refresh_only");
    assert!(plan.refresh_only);
    let addresses: Vec<_> = plan.changes().map(|c| c.address.to_string()).collect();
    assert_eq!(
        addresses,
        ["idp_user.alice", "idp_user.many[\"carol.d\"]", "module.squad[\"red\"].idp_group_member.this[0]"]
    );
    for change in plan.changes() {
        assert_eq!((change.action, change.desired().unwrap()), (None, Desired::NotPlanned));
        assert!(change.recorded().unwrap().is_some());
    }
}

#[test]
fn moved_removed_and_imported_objects() {
    let plan = sample("moved_removed_import");
    let renamed = change(&plan, "idp_user.alice_renamed");
    assert_eq!(renamed.previous_address.as_ref().unwrap().to_string(), "idp_user.alice");
    assert_eq!(renamed.action, Some(Action::Replace));
    assert_eq!(recorded(renamed).text("login"), Some("alice"));
    assert_eq!(desired(renamed).text("login"), Some("alice2"));
    let temps: Vec<_> = plan.changes().filter(|c| c.address.name == "temp").collect();
    assert_eq!(temps.iter().map(|c| c.deposed.as_deref()).collect::<Vec<_>>(), [None, Some("3664df20")]);
    for temp in temps {
        assert_eq!((temp.action, temp.desired().unwrap()), (Some(Action::Forget), Desired::Gone));
        assert!(recorded(temp).text("login").is_some());
    }
    let gone = change(&plan, "idp_user.many[\"carol.d\"]");
    assert_eq!((gone.action, gone.desired().unwrap()), (Some(Action::Delete), Desired::Gone));
    // An import's `before` is the live object: no state has recorded it.
    for (address, action) in [("idp_user.imported", Action::Update), ("idp_user.imp_each[\"a\"]", Action::NoOp)] {
        let imported = change(&plan, address);
        assert_eq!((imported.action, imported.importing), (Some(action), true));
        assert_eq!(imported.recorded().unwrap(), None);
        assert_eq!(desired(imported).text("login"), Some("imported"));
    }
    let cursed = change(&plan, "idp_user.cursed");
    assert_eq!((cursed.action, recorded(cursed).text("login")), (Some(Action::Create), Some("cursed")));
}

#[test]
fn tainted_objects_are_replaced() {
    let plan = sample("tainted");
    let bad = change(&plan, "terraform_data.bad");
    assert_eq!((bad.action, bad.provider.source.as_str()), (Some(Action::Replace), "builtin/terraform"));
    assert_eq!(desired(bad).get("id"), Some(&Value::Unknown));
    assert_eq!(recorded(bad).text("input"), Some("boom"));
    assert!(plan.changes().any(|c| c.address.to_string().starts_with(r#"module.team["quo\"te$${x}"]."#)));
}

#[test]
fn the_alias_comes_from_the_configuration() {
    let plan = sample("drift");
    let alias = |address: &str| change(&plan, address).provider.alias.clone();
    assert_eq!(alias("idp_user.alice"), None);
    assert_eq!(alias("idp_user.many[\"bob\"]").as_deref(), Some("emea"));
    assert_eq!(alias("module.squad[\"blue\"].idp_group_member.this[1]").as_deref(), Some("emea"));
    let entry = |address: &str| {
        json!({"address": address, "mode": "managed", "type": "t", "name": "n",
        "provider_name": "registry.terraform.io/hashicorp/aws", "change": {"actions": ["no-op"], "after": {}}})
    };
    let text = json!({
        "format_version": "1.2",
        "resource_changes": [entry("module.a[0].t.n"), entry("module.a[0].t.unknown"), entry("module.gone.t.n")],
        "configuration": {
            "provider_config": {"module.a:aws.x": {"name": "aws", "alias": "x", "module_address": "module.a"}},
            "root_module": {"module_calls": {"a": {"module": {"resources": [
                {"address": "t.n", "provider_config_key": "module.a:aws.x"},
                {"address": "t.unknown", "provider_config_key": "a:aws.y"}
            ]}}}}
        }
    });
    let providers = plan_of(&text);
    assert_eq!((providers[0].alias.as_deref(), providers[0].module.as_slice()), (Some("x"), &["a".to_owned()][..]));
    for provider in &providers[1..] {
        assert_eq!((provider.source.as_str(), provider.alias.as_deref()), ("hashicorp/aws", None));
    }
}

fn plan_of(text: &Json) -> Vec<crate::model::ProviderRef> {
    plan(text.to_string()).changes().map(|c| c.provider.clone()).collect()
}

#[test]
fn secrets_of_either_side_are_masked() {
    for name in ["drift", "refresh_only", "moved_removed_import", "errored", "target", "tainted"] {
        let plan = sample(name);
        let sides: Vec<_> = plan.changes().map(|c| (c.recorded().unwrap(), c.desired().unwrap())).collect();
        let all = format!("{plan:?}{sides:?}");
        for secret in ["s3cret-value", "not-var", "rotated"] {
            assert!(!all.contains(secret), "{name}: {secret}");
        }
    }
    let alice = sample("drift");
    let alice = change(&alice, "idp_user.alice");
    assert_eq!((recorded(alice).get("password"), desired(alice).get("password")), (Some(&secret()), Some(&secret())));
    let masks = |_: &str| -> &'static [&'static str] { &["key"] };
    let text = one(json!({"actions": ["update"], "before": {"key": "k"}, "after": {"key": "l"}}));
    let plan = read(text, "p.json", &masks).unwrap();
    let change = change(&plan, "t.n");
    assert_eq!((recorded(change).get("key"), desired(change).get("key")), (Some(&secret()), Some(&secret())));
}

#[test]
fn unknown_values_are_laid_over_the_planned_ones() {
    let text = one(json!({"actions": ["create"], "before": null,
        "after": {"list": [null, "b"], "block": [{"kept": 1}], "odd": ["x"], "known": "k", "null": null},
        "after_unknown": {"id": true, "list": [true, false], "block": [{"arn": true}], "odd": [false, true],
            "known": false, "null": {"x": true}, "token": true},
        "before_sensitive": false, "after_sensitive": {"token": true}}));
    let plan = plan(text);
    let change = change(&plan, "t.n");
    assert_eq!(change.recorded().unwrap(), None);
    let value = desired(change);
    for name in ["id", "odd", "null", "token"] {
        assert_eq!(value.get(name), Some(&Value::Unknown), "{name}");
    }
    assert_eq!(value.get("list").unwrap().items(), [Value::Unknown, Value::from("b")]);
    let block = &value.get("block").unwrap().items()[0];
    assert_eq!((block.get("arn"), block.get("kept")), (Some(&Value::Unknown), Some(&Value::from(1))));
    assert_eq!(value.text("known"), Some("k"));
}

#[test]
fn what_a_plan_leaves_open_is_a_gap() {
    fn codes(plan: &Plan) -> Vec<&str> {
        plan.gaps.iter().map(|gap| gap.code.as_ref()).collect()
    }
    let errored = sample("errored");
    assert_eq!((errored.errored, codes(&errored)), (true, vec!["plan_errored"]));
    let partial = sample("target");
    assert_eq!((partial.complete, codes(&partial)), (false, vec!["plan_partial"]));
    assert!(matches!(partial.gaps[0].hides, Hides::Desired));
    let entry = |address: &str| {
        json!({"reason": "instance_count_unknown", "resource_change": {"address": address, "mode": "managed",
            "provider_name": "aws", "change": {"actions": ["update"], "before": {"a": 1}, "after": {"a": 2}}}})
    };
    let deferred = json!({"format_version": "1.2", "complete": false, "resource_changes": [],
        "deferred_changes": [entry("t.n[*]"), entry("t.m")]});
    let deferred = plan(deferred.to_string());
    assert_eq!(codes(&deferred), ["plan_deferred", "plan_deferred"]);
    assert_eq!(deferred.gaps[0].reason, "the plan puts `t.n[*]` off: instance_count_unknown");
    let change = change(&deferred, "t.m");
    assert_eq!((recorded(change).get("a"), change.desired().unwrap()), (Some(&Value::from(1)), Desired::NotPlanned));
    assert_eq!(deferred.changes().count(), 1);
    // Formats before 1.2 do not say whether they are complete.
    let old = plan(r#"{"format_version":"0.1","planned_values":{}}"#);
    assert_eq!((old.complete, old.applyable, codes(&old).len()), (true, None, 0));
}

#[test]
fn a_mere_move_is_no_drift() {
    let entry = json!({"address": "t.new", "previous_address": "t.old", "mode": "managed", "provider_name": "aws",
        "change": {"actions": ["no-op"], "before": {}, "after": {}}});
    let text = json!({"format_version": "1.2", "planned_values": {}, "resource_drift": [entry]});
    assert_eq!(plan(text.to_string()).changes().count(), 0);
}

#[test]
fn what_cannot_be_read_is_named() {
    let state = std::fs::read("testdata/terraform/state/tainted_deposed.tfstate").unwrap();
    assert!(problem(state).message.contains("a state, not a plan"));
    assert!(problem(r#"{"format_version":"1.0"}"#).message.contains("a state, not a plan"));
    assert!(problem("PK\x03\x04").message.contains("it breaks off"));
    assert!(problem("[1]").message.contains("neither a state nor a plan"));
    assert!(problem(r#"{"format_version":"3.0","planned_values":{}}"#).message.contains("3.0"));
    assert_eq!(problem("{").place.as_deref(), Some("p.json:1:1"));
    let of = |change: Json| problem(one(change)).message;
    assert_eq!(
        of(json!({"actions": ["explode"]})),
        "resource `t.n` in the plan cannot be read: its actions `explode` are not known"
    );
    assert!(of(json!({"actions": ["update"], "after": null})).ends_with("it has no `after`"));
    assert_eq!(of(json!({})), "`t.n` of `resource_changes` in the plan cannot be read: missing field `actions`");
    let bad = plan(one(json!({"actions": ["update"], "after": "hunter2"})));
    let message = change(&bad, "t.n").desired().unwrap_err().message;
    assert_eq!(message, "the attributes of `t.n` in the plan cannot be read: expected a map");
    let text = r#"{"format_version":"1.2","resource_changes":{},"errored":"hunter2"}"#;
    assert_eq!(problem(text).message, "`errored` in the plan cannot be read: expected a boolean");
}

#[test]
fn what_was_changed_outside_of_terraform_is_told_and_its_secrets_are_not() {
    let plan = sample("drift");
    let drift = |address: &str| change(&plan, address).drift().unwrap();
    let Some(Drift::Changed(changed)) = drift("idp_user.alice") else { panic!("alice was changed") };
    let said: Vec<_> = changed.iter().map(|one| (one.name.as_str(), one.wants)).collect();
    let back = Wants::WhatIsRecorded;
    assert_eq!(said, [("admin", back), ("email", back), ("groups", back), ("password", back), ("tags", back)]);
    let password = changed.iter().find(|one| one.name == "password").unwrap();
    assert_eq!((&password.recorded, &password.seen, password.wanted.as_ref()), (&secret(), &secret(), Some(&secret())));
    assert_eq!(drift("idp_user.many[\"carol.d\"]"), Some(Drift::Gone));
    assert_eq!(drift("idp_user.temp"), None);
    let refresh_only = sample("refresh_only");
    let Some(Drift::Changed(changed)) = change(&refresh_only, "idp_user.alice").drift().unwrap() else { panic!() };
    assert!(changed.iter().all(|one| one.wants == Wants::NotSaid && one.wanted.is_none()));
}

/// A secret on one side is one on every side, and so is what its name tells; empty and absent are the same.
#[test]
fn each_side_of_a_difference_hides_what_any_side_calls_secret() {
    let entry = |change: Json| {
        json!({"address": "t.n", "mode": "managed", "type": "t", "name": "n", "provider_name": "p", "change": change})
    };
    let drift = json!({"actions": ["update"],
        "before": {"a": "old-a", "b": "old-b", "api_token": "old-c", "nested": {"client_secret": "old-d", "n": 1}, "x": null},
        "after": {"a": "new-a", "b": "new-b", "api_token": "new-c", "nested": {"client_secret": "new-d", "n": 2}, "x": ""},
        "before_sensitive": {"a": true}, "after_sensitive": {"b": true}});
    let planned = json!({"actions": ["update"], "before": {}, "after": {"a": "wanted-a", "b": "new-b"},
        "after_unknown": {"nested": true}, "before_sensitive": {}, "after_sensitive": {}});
    let text = json!({"format_version": "1.2", "resource_drift": [entry(drift)], "resource_changes": [entry(planned)]});
    let plan = plan(text.to_string());
    let drift = change(&plan, "t.n").drift().unwrap();
    let shown = format!("{drift:?}");
    assert!(!["old-", "new-", "wanted-"].iter().any(|secret| shown.contains(secret)), "{shown}");
    let Some(Drift::Changed(changed)) = drift else { panic!("it was changed") };
    let said: Vec<_> = changed.iter().map(|one| (one.name.as_str(), one.wants)).collect();
    assert_eq!(
        said,
        [("a", Wants::Another), ("api_token", Wants::Another), ("b", Wants::WhatIsSeen), ("nested", Wants::NotSaid)]
    );
    assert_eq!(changed[3].seen.get("n"), Some(&Value::from(2)));
}
