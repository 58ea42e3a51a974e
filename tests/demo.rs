//! The demonstration repository in `testdata/demo` shows what its README says, and stays in line with the program.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo");

/// The program as somebody runs it there. Nothing of the caller's environment reaches it.
fn driftline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(arguments)
        .current_dir(DEMO)
        .env_clear()
        .env("HOME", DEMO)
        .output()
        .unwrap()
}

fn report() -> Json {
    let check = ["check", "identity", "databases", "--live", "live.snapshot.json", "--as-of", "2026-11-27"];
    let output = driftline(&[&check[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn findings(report: &Json) -> &Vec<Json> {
    report["findings"].as_array().unwrap()
}

#[test]
fn every_sort_of_finding_is_there() {
    let report = report();
    // What is said of exceptions is about no thing of a system.
    let things = || findings(&report).iter().filter(|f| !f["change"].as_str().unwrap().starts_with("exception_"));
    let all = |of: &dyn Fn(&Json) -> &Json| -> BTreeSet<String> {
        things().filter_map(|finding| of(finding).as_str().map(str::to_owned)).collect()
    };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(all(&|f| &f["status"]), set(&["drift", "pending", "converged", "conflict", "adoptable", "unmanaged"]));
    assert_eq!(all(&|f| &f["change"]), set(&["missing", "unmanaged", "added", "removed", "modified"]));
    assert_eq!(all(&|f| &f["severity"]), set(&["critical", "high", "medium", "low", "info"]));
    assert_eq!(all(&|f| &f["system"]), set(&["aws", "postgres"]));
    assert_eq!(report["summary"]["gaps"], 0);
    for finding in findings(&report).iter().filter(|finding| !finding["address"].is_null()) {
        assert!(finding["location"]["line"].is_u64(), "no line: {finding}");
    }
    assert!(findings(&report).iter().any(|f| f["location"]["path"] == "people.yaml"), "a line of the data file");
}

#[test]
fn its_exceptions_cover_end_and_expire() {
    let report = report();
    let accepted: BTreeSet<_> = findings(&report).iter().filter_map(|f| f["exception"]["id"].as_str()).collect();
    assert_eq!(accepted, BTreeSet::from(["EX-2026-014", "EX-2026-019"]));
    assert!(
        findings(&report)
            .iter()
            .any(|f| f["change"] == "exception_ending" && f["title"].as_str().unwrap().contains("019"))
    );
    let expired =
        |f: &Json| f["reasons"].as_array().unwrap().iter().any(|r| r.as_str().unwrap().contains("EX-2026-007"));
    assert!(findings(&report).iter().any(expired));
}

/// What the role of its pipeline may do is what the program needs today.
#[test]
fn its_permissions_are_those_that_are_printed() {
    let output = driftline(&["permissions", "aws"]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        fs::read_to_string(format!("{DEMO}/identity/driftline.json")).unwrap()
    );
}
