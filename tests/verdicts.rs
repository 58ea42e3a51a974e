//! Whole runs over states and facts made for the case: each test is a way in which a verdict was once wrong.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use driftline::model::{Fact, Key, Observation, Scope, Value};
use driftline::{providers, snapshot};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const ACCOUNT: &str = "123456789012";
const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
const EVERYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn fact(kind: &str, key: &[&str], properties: &[(&'static str, Value)]) -> Fact {
    let kind = providers::kind(kind).unwrap();
    let mut fact = Fact::new(kind, ACCOUNT.into(), Key::new(key.iter().copied()));
    fact.properties.extend(properties.iter().cloned());
    fact
}

fn user(name: &str, boundary: Value) -> Fact {
    let path = ("path", Value::from("/"));
    fact("aws/iam/user", &[name], &[path, ("permissions_boundary", boundary), ("tags", Value::Map(Default::default()))])
}

/// A snapshot of the account with these facts.
fn live(dir: &Path, name: &str, facts: Vec<Fact>) {
    let scope = Scope {
        system: "aws".to_owned(),
        id: ACCOUNT.into(),
        identity: "test".to_owned(),
        facts: facts.len(),
        requests: 0,
        complete: true,
        meant_by: Vec::new(),
    };
    let observation = Observation { scopes: vec![scope], facts, gaps: Vec::new() };
    let text = snapshot::save(&observation, &providers::kinds(), "2026-01-01T00:00:00Z", "0").unwrap();
    fs::write(dir.join(name), text).unwrap();
}

fn resource(of: &str, name: &str, attributes: Json, sensitive: Json) -> Json {
    json!({"mode": "managed", "type": of, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
        "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": sensitive}]})
}

fn recorded_user(name: &str, boundary: &str) -> Json {
    json!({"name": name, "path": "/", "permissions_boundary": boundary, "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}")})
}

fn state(path: &Path, resources: &[Json]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let state = json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "outputs": {},
        "resources": resources, "check_results": null});
    fs::write(path, state.to_string()).unwrap();
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .env("HOME", dir)
        .output()
        .unwrap()
}

/// The JSON report, and the exit status.
fn check(dir: &Path, arguments: &[&str]) -> (Json, i32) {
    let output = run(dir, &[&["check", "--format", "json"], arguments].concat());
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    (report, output.status.code().unwrap())
}

fn changes(report: &Json) -> Vec<String> {
    let text = |finding: &Json, name: &str| finding[name].as_str().unwrap_or("-").to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| format!("{} {} {}", text(f, "change"), text(f, "status"), text(f, "title"))).collect()
}

fn codes(report: &Json) -> Vec<&str> {
    report["gaps"].as_array().unwrap().iter().filter_map(|gap| gap["code"].as_str()).collect()
}

#[test]
fn a_plan_speaks_for_its_own_root_module_only() {
    let dir = TempDir::new().unwrap();
    let boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (root, name) in [("a", "anna"), ("b", "bob")] {
        state(
            &dir.path().join(root).join("terraform.tfstate"),
            &[resource("aws_iam_user", "this", recorded_user(name, boundary), json!([]))],
        );
        let block = format!(
            "resource \"aws_iam_user\" \"this\" {{\n  name = \"{name}\"\n  permissions_boundary = \"{boundary}\"\n}}\n"
        );
        fs::write(dir.path().join(root).join("main.tf"), block).unwrap();
    }
    let anna = recorded_user("anna", boundary);
    let plan = json!({"format_version": "1.2", "terraform_version": "1.11.4", "complete": true, "errored": false,
        "resource_changes": [{"address": "aws_iam_user.this", "mode": "managed", "type": "aws_iam_user", "name": "this",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": ["no-op"], "before": anna, "after": anna, "after_unknown": {}}}]});
    fs::write(dir.path().join("a.json"), plan.to_string()).unwrap();
    live(dir.path(), "live.json", vec![user("anna", boundary.into()), user("bob", Value::Null)]);
    let (report, status) = check(dir.path(), &["a", "b", "--plan", "a.json", "--live", "live.json"]);
    assert_eq!((changes(&report), status), (vec!["modified drift `permissions_boundary` of user `bob`".to_owned()], 3));
}

#[test]
fn what_is_marked_as_sensitive_is_not_in_sync_and_not_shown() {
    let dir = TempDir::new().unwrap();
    let attributes = json!({"user": "ada", "name": "own", "policy": READ});
    let marks = json!([[{"type": "get_attr", "value": "policy"}]]);
    let state_path = dir.path().join("s.tfstate");
    let ada = resource("aws_iam_user", "ada", recorded_user("ada", ""), json!([]));
    state(&state_path, &[ada, resource("aws_iam_user_policy", "own", attributes, marks)]);
    let policy = fact("aws/iam/inline_policy", &["user", "ada", "own"], &[("policy", EVERYTHING.into())]);
    live(dir.path(), "live.json", vec![user("ada", Value::Null), policy]);
    let (report, status) = check(dir.path(), &["--no-source", "--state", "s.tfstate", "--live", "live.json"]);
    assert_eq!((changes(&report).len(), codes(&report), status), (0, vec!["sensitive_not_compared"], 4));
    assert!(!report.to_string().contains("Allow"), "its live counterpart is as secret");
}

#[test]
fn a_list_of_members_that_is_not_shown_makes_nobody_a_stranger() {
    let dir = TempDir::new().unwrap();
    let attributes = json!({"group": "ops", "name": "ops", "users": ["ada"]});
    let marks = json!([[{"type": "get_attr", "value": "users"}]]);
    let ada = resource("aws_iam_user", "ada", recorded_user("ada", ""), json!([]));
    state(&dir.path().join("s.tfstate"), &[ada, resource("aws_iam_group_membership", "ops", attributes, marks)]);
    live(dir.path(), "live.json", vec![user("ada", Value::Null), fact("aws/iam/membership", &["ada", "ops"], &[])]);
    let (report, status) = check(dir.path(), &["--no-source", "--state", "s.tfstate", "--live", "live.json"]);
    assert_eq!((changes(&report).len(), codes(&report), status), (0, vec!["claim_unreadable"], 4));
}

#[test]
fn another_account_is_told_by_what_is_not_looked_at_too() {
    let dir = TempDir::new().unwrap();
    let stranger = json!({"name": "ada", "path": "/", "arn": "arn:aws:iam::999999999999:user/ada"});
    let membership = json!({"user": "ada", "groups": ["ops"], "id": "x"});
    state(
        &dir.path().join("s.tfstate"),
        &[
            resource("aws_iam_user", "ada", stranger, json!([])),
            resource("aws_iam_user_group_membership", "ada", membership, json!([])),
        ],
    );
    live(dir.path(), "live.json", vec![user("eve", Value::Null), fact("aws/iam/membership", &["eve", "ops"], &[])]);
    for only in [&[][..], &["--only", "aws/iam/membership"]] {
        let arguments = [&["check", "--no-source", "--state", "s.tfstate", "--live", "live.json"], only].concat();
        let output = run(dir.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{only:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("wrong account"), "{only:?}");
    }
}

#[test]
fn what_an_account_shows_under_only_is_not_all_that_it_shows() {
    let dir = TempDir::new().unwrap();
    let profile =
        |name: &str| resource("aws_iam_user_login_profile", name, json!({"user": name, "id": name}), json!([]));
    let ada = resource("aws_iam_user", "ada", recorded_user("ada", ""), json!([]));
    state(&dir.path().join("s.tfstate"), &[ada, profile("ada"), profile("grace")]);
    live(dir.path(), "live.json", vec![user("ada", Value::Null)]);
    let arguments = ["--no-source", "--state", "s.tfstate", "--live", "live.json", "--only", "aws/iam/login_profile"];
    let (report, status) = check(dir.path(), &arguments);
    assert_eq!((changes(&report).len(), status), (2, 3));
}

#[test]
fn a_file_left_over_beside_another_backend_is_not_the_state() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("main.tf"), "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n  }\n}\n")
        .unwrap();
    state(&dir.path().join("terraform.tfstate"), &[]);
    live(dir.path(), "live.json", Vec::new());
    let output = run(dir.path(), &["check", "--live", "live.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the backend `s3` has no `key`"), "{output:?}");
}

#[test]
fn two_snapshots_of_one_account_are_not_added_up() {
    let dir = TempDir::new().unwrap();
    let ada = resource("aws_iam_user", "ada", recorded_user("ada", ""), json!([]));
    state(&dir.path().join("s.tfstate"), &[ada]);
    live(dir.path(), "old.json", vec![user("ada", Value::Null)]);
    live(dir.path(), "new.json", vec![user("eve", Value::Null)]);
    let arguments = ["check", "--no-source", "--state", "s.tfstate", "--live", "old.json", "--live", "new.json"];
    assert_eq!(run(dir.path(), &arguments).status.code(), Some(1));
}

#[test]
fn the_policy_argument_of_a_bucket_declares_where_the_source_sets_it() {
    let dir = TempDir::new().unwrap();
    let bucket = json!({"bucket": "web", "policy": READ, "arn": "arn:aws:s3:::web"});
    state(&dir.path().join("terraform.tfstate"), &[resource("aws_s3_bucket", "web", bucket, json!([]))]);
    live(dir.path(), "live.json", vec![fact("aws/s3/bucket_policy", &["web"], &[("policy", READ.into())])]);
    let written = format!("bucket = \"web\"\n  policy = jsonencode({READ})");
    let cases: [(&str, &[&str], &[&str]); 3] = [
        (&written, &[], &[]),
        ("bucket = \"web\"", &["unmanaged unmanaged policy of bucket `web`"], &[]),
        ("bucket = \"web\"\n  policy = var.policy", &[], &["undecided_authority"]),
    ];
    for (body, found, gaps) in cases {
        fs::write(dir.path().join("main.tf"), format!("resource \"aws_s3_bucket\" \"web\" {{\n  {body}\n}}\n"))
            .unwrap();
        let (report, _) = check(dir.path(), &["--live", "live.json"]);
        assert_eq!(
            (changes(&report), codes(&report)),
            (found.iter().map(|f| (*f).to_owned()).collect(), gaps.to_vec()),
            "{body}"
        );
    }
}
