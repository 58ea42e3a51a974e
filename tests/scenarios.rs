//! Runs the binary in every folder of `testdata/scenarios` and holds what it prints against what is expected there.
//!
//! A folder holds a root module, its state, a snapshot or whatever else the case needs; `args`, one argument a line; and
//! `expected/` with `exit`, and `stdout`, `stderr` or `json` as far as the case is about them. With
//! `UPDATE_SCENARIOS=1` they are written anew, to be read in the difference.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn scenarios() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios");
    let mut folders: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("args").is_file());
    folders.sort();
    folders
}

/// Nothing of the caller's environment reaches the program: no credentials, no settings.
fn run(folder: &Path, extra: &[&str]) -> Output {
    let args = fs::read_to_string(folder.join("args")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(args.lines().filter(|line| !line.is_empty()))
        .args(extra)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .output()
        .unwrap()
}

fn hold(folder: &Path, name: &str, actual: &str, failures: &mut Vec<String>) {
    let path = folder.join("expected").join(name);
    let Ok(expected) = fs::read_to_string(&path) else { return };
    if std::env::var_os("UPDATE_SCENARIOS").is_some() {
        fs::write(&path, actual).unwrap();
    } else if expected != actual {
        failures.push(format!("{}:\n--- expected\n{expected}\n--- actual\n{actual}", path.display()));
    }
}

/// The JSON report without what differs between two runs over the same things.
fn without_clock(json: &str) -> String {
    let still = |line: &&str| !line.contains("\"started_at\"") && !line.contains("\"finished_at\"");
    json.lines().filter(still).map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_scenario_prints_what_is_expected() {
    let mut failures = Vec::new();
    let scenarios = scenarios();
    assert!(scenarios.len() > 5, "the scenarios are there");
    for folder in scenarios {
        let output = run(&folder, &[]);
        hold(&folder, "exit", &format!("{}\n", output.status.code().unwrap()), &mut failures);
        hold(&folder, "stdout", &without_clock(&String::from_utf8(output.stdout).unwrap()), &mut failures);
        hold(&folder, "stderr", &String::from_utf8(output.stderr).unwrap(), &mut failures);
        if folder.join("expected/json").is_file() {
            let output = run(&folder, &["--format", "json"]);
            hold(&folder, "json", &without_clock(&String::from_utf8(output.stdout).unwrap()), &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The first command of the README.
#[test]
fn the_quickstart_has_a_finding_of_each_change() {
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["check", "testdata/quickstart", "--live", "testdata/quickstart/live.snapshot.json", "--format", "json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let changes = report["summary"]["by_change"].as_object().unwrap().iter();
    for (change, count) in changes.filter(|(change, _)| !change.starts_with("exception_")) {
        assert_ne!(count, 0, "no finding of {change}");
    }
    let located = report["findings"].as_array().unwrap().iter().filter(|f| !f["address"].is_null());
    for finding in located {
        assert!(finding["location"]["line"].is_u64(), "no line: {finding}");
    }
}

/// What a real plan says of the same root module, the source alone says, too.
#[test]
fn the_source_tells_pending_changes_as_a_plan_does() {
    let findings = |scenario: &str| -> Vec<[String; 4]> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios").join(scenario);
        let output = run(&folder, &["--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let one =
            |finding: &serde_json::Value| ["id", "status", "change", "property"].map(|name| finding[name].to_string());
        report["findings"].as_array().unwrap().iter().map(one).collect()
    };
    let by_plan = findings("plan");
    for status in ["pending", "converged", "conflict", "adoptable"] {
        assert!(by_plan.iter().any(|finding| finding[1].contains(status)), "the plan has something {status}");
    }
    assert_eq!(findings("pending-by-source"), by_plan);
}
