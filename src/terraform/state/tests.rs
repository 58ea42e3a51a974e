//! States as real Terraform wrote them, and texts that are something else.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::model::value::Secret;
use crate::model::{Problem, ProviderRef, Value};
use serde_json::json;
use std::collections::BTreeMap;

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("testdata/terraform/state/{name}")).unwrap()
}

fn no_masks(_: &str) -> &'static [&'static str] {
    &[]
}

fn state(bytes: impl Into<Vec<u8>>) -> State {
    read(bytes.into(), "s.tfstate", &no_masks).unwrap()
}

fn problem(bytes: impl Into<Vec<u8>>) -> Problem {
    let problem = read(bytes.into(), "s.tfstate", &no_masks).unwrap_err();
    assert!(problem.place.as_ref().is_some_and(|place| place.starts_with("s.tfstate")), "{problem:?}");
    assert!(problem.help.is_some(), "{problem:?}");
    problem
}

fn object<'a>(state: &'a State, address: &str) -> &'a Object {
    state.objects().find(|o| o.address.to_string() == address && o.deposed.is_none()).unwrap()
}

fn secret() -> Value {
    Value::Secret(Secret::present())
}

/// A raw state of one instance.
fn one(instance: serde_json::Value) -> Vec<u8> {
    let resource = json!({"mode": "managed", "type": "t", "name": "n", "instances": [instance],
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]"});
    json!({"version": 4, "serial": 1, "lineage": "l", "resources": [resource]}).to_string().into_bytes()
}

fn attributes(instance: serde_json::Value) -> Value {
    state(one(instance)).objects().next().unwrap().attributes().unwrap()
}

#[test]
fn a_raw_state_gives_its_managed_objects() {
    let state = state(sample("tainted_deposed.tfstate"));
    assert_eq!((state.reference.serial, state.names_aliases), (Some(17), true));
    assert_eq!(state.reference.lineage.as_deref(), Some("2af0919e-a3e7-6142-aec1-7a09cab2300e"));
    let shown: Vec<_> = state
        .objects()
        .map(|o| format!("{} {:?} {:?} {}", o.address, o.provider.alias, o.deposed, o.tainted))
        .collect();
    assert_eq!(
        shown,
        [
            "idp_user.alice None None false",
            "idp_user.cursed None None true",
            "idp_user.many[\"bob\"] Some(\"emea\") None false",
            "idp_user.many[\"carol.d\"] Some(\"emea\") None false",
            "idp_user.temp None None false",
            "idp_user.temp None Some(\"3664df20\") false",
            "module.squad[\"blue\"].idp_group_member.this[0] Some(\"emea\") None false",
            "module.squad[\"blue\"].idp_group_member.this[1] Some(\"emea\") None false",
            "module.squad[\"red\"].idp_group_member.this[0] Some(\"emea\") None false",
            "module.squad[\"red\"].idp_group_member.this[1] Some(\"emea\") None false",
        ]
    );
    assert!(state.objects().all(|o| o.provider.source == "driftlab/idp"));
}

#[test]
fn what_show_prints_reads_as_the_raw_state_does() {
    for (raw, shown) in
        [("tainted_deposed.tfstate", "tainted_deposed_shown.json"), ("awkward_keys.tfstate", "awkward_keys_shown.json")]
    {
        let (raw, shown) = (state(sample(raw)), state(sample(shown)));
        assert!(!shown.names_aliases);
        let objects = |state: &State| -> BTreeMap<_, _> {
            let of = |o: &Object| {
                (
                    (o.address.clone(), o.deposed.clone()),
                    (o.tainted, o.provider.source.clone(), o.attributes().unwrap()),
                )
            };
            state.objects().map(of).collect()
        };
        assert_eq!(objects(&raw), objects(&shown));
    }
}

#[test]
fn a_deposed_object_keeps_its_key() {
    let state = state(sample("tainted_deposed.tfstate"));
    let deposed = state.objects().find(|o| o.deposed.is_some()).unwrap();
    assert_eq!(deposed.deposed.as_deref(), Some("3664df20"));
    assert_eq!(deposed.attributes().unwrap().text("login"), Some("temp-v1"));
    assert_eq!(deposed.address.name, "temp");
}

#[test]
fn marked_secrets_are_masked_and_absences_are_not() {
    for name in ["tainted_deposed.tfstate", "tainted_deposed_shown.json"] {
        let state = state(sample(name));
        assert_eq!(object(&state, "idp_user.alice").attributes().unwrap().get("password"), Some(&secret()));
        assert_eq!(object(&state, "idp_user.cursed").attributes().unwrap().get("password"), Some(&Value::Null));
        let all = format!("{:?}{:?}", state, state.objects().map(Object::attributes).collect::<Vec<_>>());
        assert!(!all.contains("s3cret-value") && !all.contains("not-var"), "{all}");
    }
    let state = state(sample("awkward_keys.tfstate"));
    let single = object(&state, "terraform_data.single").attributes().unwrap();
    assert_eq!(single.get("input").unwrap().get("secret"), Some(&secret()));
    assert_eq!(single.get("input").unwrap().text("name"), Some("single"));
}

#[test]
fn types_name_further_secrets() {
    let masks = |name: &str| -> &'static [&'static str] { if name == "idp_user" { &["email", "gone"] } else { &[] } };
    let state = read(sample("tainted_deposed.tfstate"), "s.tfstate", &masks).unwrap();
    let alice = object(&state, "idp_user.alice").attributes().unwrap();
    assert_eq!((alice.get("email"), alice.get("gone")), (Some(&secret()), None));
}

#[test]
fn sensitive_paths_that_are_not_understood_hide_more() {
    let masked = |path: serde_json::Value| {
        attributes(json!({"attributes": {"a": {"k": ["x", {"p": "y"}]}, "b": "z"}, "sensitive_attributes": path}))
    };
    let attr = |name: &str| json!({"type": "get_attr", "value": name});
    let index =
        |value: serde_json::Value, kind: &str| json!({"type": "index", "value": {"value": value, "type": kind}});
    let exact = masked(json!([[attr("a"), index("k".into(), "string"), index(1.into(), "number"), attr("p")]]));
    assert_eq!(exact.get("a").unwrap().get("k").unwrap().items()[1].get("p"), Some(&secret()));
    assert_eq!(exact.get("a").unwrap().get("k").unwrap().items()[0], Value::from("x"));
    // An index without the wrapper of its type.
    let bare = masked(json!([[attr("a"), {"type": "index", "value": "k"}]]));
    assert_eq!(bare.get("a").unwrap().get("k"), Some(&secret()));
    for path in [
        json!([[attr("a"), {"type": "splat"}]]),
        json!([[attr("a"), index(json!({"p": "y"}), "object")]]),
        json!([[attr("a"), attr("not there")]]),
        json!([[attr("a"), index("k".into(), "string"), index(7.into(), "number")]]),
    ] {
        let value = masked(path);
        assert_eq!((value.get("a"), value.text("b")), (Some(&secret()), Some("z")));
    }
    for path in [json!("a"), json!([[]]), json!([["a"]]), json!([[index(0.into(), "number")]])] {
        let value = masked(path);
        assert_eq!((value.get("a"), value.get("b")), (Some(&secret()), Some(&secret())));
    }
    assert_eq!(masked(json!([[attr("other")]])).text("b"), Some("z"));
}

#[test]
fn mirrors_that_do_not_fit_hide_more() {
    let masked = |mirror: serde_json::Value| {
        let resource = json!({"mode": "managed", "type": "t", "name": "n", "provider_name": "aws",
            "values": {"a": ["x", "y"], "b": "z"}, "sensitive_values": mirror});
        let text = json!({"format_version": "0.2", "values": {"root_module": {"resources": [resource]}}}).to_string();
        state(text).objects().next().unwrap().attributes().unwrap()
    };
    assert_eq!(masked(json!({"a": [false, true]})).get("a").unwrap().items(), [Value::from("x"), secret()]);
    assert_eq!(masked(json!({"a": [false, false, false]})).get("a").unwrap().items().len(), 2);
    for misfit in [json!({"a": [true]}), json!({"a": {"x": true}}), json!({"a": "?"}), json!({"a": true})] {
        let value = masked(misfit);
        assert_eq!((value.get("a"), value.text("b")), (Some(&secret()), Some("z")));
    }
    assert_eq!(masked(json!(true)).get("b"), Some(&secret()));
    assert_eq!(masked(json!(null)).text("b"), Some("z"));
}

#[test]
fn dynamic_values_lose_their_wrapper_and_look_alikes_keep_theirs() {
    let raw = r#"{"version":4,"serial":1,"resources":[{"mode":"managed","type":"t","name":"n","provider":"provider.aws",
        "instances":[{"attributes":{
          "text":{"value":"v","type":"string"},
          "nested":[{"value":{"a":[1,{"value":true,"type":"bool"}],"b":null},
                     "type":["object",{"a":["tuple",["number","dynamic"]],"b":"dynamic"},["b"]]}],
          "inner":{"value":{"m":{"value":"x","type":"string"}},"type":["map",["map","string"]]},
          "block":{"type":"string","value":"v"},
          "other_type":{"value":"v","type":"String"},
          "misfit":{"value":"v","type":"number"},
          "three":{"value":"v","type":"string","more":1}
        }}]}]}"#;
    let value = state(raw).objects().next().unwrap().attributes().unwrap();
    assert_eq!(value.text("text"), Some("v"));
    let nested = &value.get("nested").unwrap().items()[0];
    assert_eq!(nested.get("a").unwrap().items(), [Value::from(1), Value::from(true)]);
    assert_eq!(nested.get("b"), Some(&Value::Null));
    assert_eq!(value.get("inner").unwrap().get("m").unwrap().text("type"), Some("string"));
    for kept in ["block", "other_type", "misfit", "three"] {
        assert_eq!(value.get(kept).unwrap().text("value"), Some("v"), "{kept}");
    }
}

#[test]
fn flat_attributes_of_an_upgraded_state_are_expanded() {
    let state = state(sample("version_3_upgraded.tfstate"));
    let alice = object(&state, "idp_user.alice");
    assert_eq!((alice.provider.source.as_str(), alice.provider.alias.as_deref()), ("hashicorp/idp", Some("emea")));
    let alice = alice.attributes().unwrap();
    assert_eq!(alice.get("groups").unwrap().strings().collect::<Vec<_>>(), ["eng", "ops"]);
    assert_eq!(alice.get("tags").unwrap().text("cost.center"), Some("42"));
    assert_eq!(alice.text("admin"), Some("false"));
    let deposed = state.objects().find(|o| o.deposed.is_some()).unwrap();
    assert_eq!(deposed.attributes().unwrap().text("login"), Some("old"));
    let blocks = attributes(json!({"attributes_flat": {"rule.#": "11", "rule.10.to": "b", "rule.2.to": "a",
        "rule.2.cidr.#": "1", "rule.2.cidr.0": "::/0", "none.#": "0", "lists.#": "1", "lists.0.#": "1", "lists.0.0": "x",
        "odd.key": "v"}}));
    let rules = blocks.get("rule").unwrap().items();
    assert_eq!((rules[0].text("to"), rules[1].text("to")), (Some("a"), Some("b")));
    assert_eq!(rules[0].get("cidr").unwrap().items(), [Value::from("::/0")]);
    assert_eq!(blocks.get("lists").unwrap().items()[0].items(), [Value::from("x")]);
    assert_eq!((blocks.get("none").unwrap().items().len(), blocks.text("odd.key")), (0, Some("v")));
}

#[test]
fn every_form_of_provider_address_is_read() {
    let parse = |text: &str| provider::parse(text).unwrap();
    let aws = ProviderRef { source: "hashicorp/aws".to_owned(), ..ProviderRef::default() };
    let emea = ProviderRef { alias: Some("emea".to_owned()), ..aws.clone() };
    for text in [
        r#"provider["registry.terraform.io/hashicorp/aws"]"#,
        r#"provider["registry.opentofu.org/hashicorp/aws"]"#,
        r#"provider["registry.terraform.io/-/aws"]"#,
        r#"provider["hashicorp/aws"]"#,
        "provider.aws",
    ] {
        assert_eq!(parse(text), aws);
        assert_eq!(parse(&format!("{text}.emea")), emea);
        let module = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(parse(&format!("module.a.module.b.{text}.emea")), ProviderRef { module, ..emea.clone() });
    }
    let keyed = parse(r#"provider["registry.opentofu.org/hashicorp/aws"].emea["eu-1"]"#);
    assert_eq!(keyed, ProviderRef { key: Some("eu-1".to_owned()), ..emea });
    assert_eq!(parse(r#"provider["terraform.io/builtin/terraform"]"#).source, "builtin/terraform");
    for text in ["", "aws", "provider[\"a/b\"", "provider.", "provider.aws.x.y", "module.a"] {
        assert!(provider::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_provider_on_the_instance_goes_before_that_of_the_resource() {
    let instance =
        json!({"attributes": {}, "provider": "provider[\"registry.opentofu.org/hashicorp/aws\"].by[\"eu\"]"});
    let state = state(one(instance));
    let provider = &state.objects().next().unwrap().provider;
    assert_eq!((provider.alias.as_deref(), provider.key.as_deref()), (Some("by"), Some("eu")));
}

#[test]
fn an_empty_state_is_a_state() {
    for text in [
        r#"{"format_version":"1.0"}"#,
        r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}"#,
        r#"{"version":4,"serial":3,"lineage":"l","outputs":{},"resources":[],"check_results":null}"#,
        "\u{feff}{\"version\":4,\"serial\":3,\"lineage\":\"l\",\"resources\":null}",
    ] {
        assert_eq!(state(text).objects().count(), 0);
    }
}

#[test]
fn texts_that_are_no_state_say_what_they_are() {
    let cases: [(&[u8], &str); 22] = [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"PK\x03\x04...", "a saved plan, not a state"),
        (b"\x1f\x8b\x08", "compressed with gzip"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
        (b"\xff\xfe{\0}\0", "UTF-16"),
        (b"{\0}\0", "binary"),
        (b"{\"a\":\"\xff\"}", "not UTF-8: byte 6"),
        (b"{\"version\":4,", "breaks off in the middle"),
        (b"<html>", "not JSON: expected value"),
        (b"{\"@level\":\"info\"}\n{}", "the message stream of a `-json` run"),
        (b"[]", "neither a state nor a plan"),
        (b"{}", "neither a state nor a plan"),
        (b"{\"name\":\"x\",\"version\":\"4.0.0\"}", "neither a state nor a plan"),
        (b"{\"version\":4}", "neither a state nor a plan"),
        (b"{\"format_version\":\"1.0\",\"provider_schemas\":{}}", "neither a state nor a plan"),
        (b"{\"format_version\":\"2.0\",\"values\":{}}", "the format version `2.0` is not known"),
        (b"{\"version\":5,\"serial\":1}", "the state has version 5"),
        (b"{\"version\":1,\"modules\":[]}", "the state has version 1"),
        (b"{\"version\":4,\"serial\":1,\"resources\":{}}", "cannot be read: expected a sequence"),
        (b"{\"encrypted_data\":\"x\",\"encryption_version\":\"v0\"}", "encrypted by OpenTofu"),
        (b"{\"format_version\":\"1.2\",\"values\":3,\"planned_values\":{}}", "a plan, not a state"),
    ];
    for (bytes, message) in cases {
        let problem = problem(bytes);
        assert!(problem.message.contains(message), "{problem:?}");
    }
    assert!(problem(sample("version_3.tfstate")).message.contains("version 3"));
    assert!(problem(sample("encrypted.tfstate")).message.contains("encrypted"));
    assert!(problem(sample("backend_cache.tfstate")).message.contains("which backend is in use"));
    let plan = std::fs::read("testdata/terraform/plan/drift.json").unwrap();
    assert!(problem(plan).message.contains("a plan, not a state"));
    assert_eq!(problem("{\n  \"version\" 4}").place.as_deref(), Some("s.tfstate:2:13"));
}

#[test]
fn a_resource_that_cannot_be_read_is_named() {
    let provider = "provider[\"registry.terraform.io/hashicorp/aws\"]";
    let good = json!({"mode": "managed", "type": "t", "name": "good", "provider": provider, "instances": []});
    let with = |key: &str, value: serde_json::Value| {
        let mut bad = json!({"module": "module.m", "mode": "managed", "type": "t", "name": "bad",
            "provider": provider, "instances": [{"attributes": {}}]});
        if value.is_null() {
            bad.as_object_mut().unwrap().remove(key);
        } else {
            bad[key] = value;
        }
        problem(json!({"version": 4, "serial": 1, "resources": [good, bad]}).to_string()).message
    };
    for (key, value, why) in [
        ("mode", json!(null), "missing field `mode`"),
        ("mode", json!("magic"), "`magic` is not a mode"),
        ("provider", json!(null), "it names no provider"),
        ("provider", json!("aws"), "is not a provider address"),
        ("module", json!("module.m.x"), "is not a module address"),
        ("instances", json!("hunter2"), "expected a sequence"),
        ("instances", json!([{"index_key": 1.5}]), "neither a whole number nor a text"),
        ("instances", json!([{"status": "odd"}]), "`odd` is not a status"),
    ] {
        let message = with(key, value);
        assert!(message.starts_with("resource `module.m.") && message.contains("t.bad` in the state cannot be read: "));
        assert!(message.contains(why) && !message.contains("hunter2"), "{message}");
    }
    assert!(with("name", json!(null)).starts_with("resource `module.m.t.?`"));
    let shown = json!({"format_version": "1.0", "values": {"root_module": {"child_modules": [
        {"address": "module.m", "resources": [{"address": "module.m.t.bad", "mode": "managed", "type": "t"}]}]}}});
    let message = problem(shown.to_string()).message;
    assert_eq!(message, "resource `module.m.t.bad` in the state cannot be read: missing field `name`");
    // What is wrong inside the attributes comes to light when they are asked for.
    let list = state(one(json!({"attributes": ["hunter2"]})));
    let message = list.objects().next().unwrap().attributes().unwrap_err().message;
    assert_eq!(message, "the attributes of `t.n` in the state cannot be read: expected a map");
}
