//! Several reports of one run: where they go, and what is refused.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use serde_json::Value as Json;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/quickstart");

/// A check of the quick start from below a copy of it, which is its own repository.
fn run(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["check", "identity", "--live", "identity/live.snapshot.json"])
        .args(arguments)
        .current_dir(dir)
        .env_clear()
        .env("HOME", dir)
        .output()
        .unwrap()
}

fn repository() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join(".git")).unwrap();
    let module = dir.path().join("infra/identity");
    fs::create_dir_all(&module).unwrap();
    for entry in fs::read_dir(ROOT).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), module.join(entry.file_name())).unwrap();
    }
    dir
}

#[test]
fn several_reports_of_one_run_agree() {
    let dir = repository();
    let here = dir.path().join("infra");
    fs::write(here.join("identity/driftline.toml"), "format = [\"json\", \"sarif=r.sarif\", \"gitlab=r.json\"]\n")
        .unwrap();
    let output = run(&here, &[]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let sarif: Json = serde_json::from_slice(&fs::read(here.join("r.sarif")).unwrap()).unwrap();
    let gitlab: Json = serde_json::from_slice(&fs::read(here.join("r.json")).unwrap()).unwrap();
    let open = |finding: &&Json| finding["status"] != "pending" && finding["exception"].is_null();
    let ids: Vec<_> = json["findings"].as_array().unwrap().iter().filter(open).map(|f| f["id"].clone()).collect();
    assert!(!ids.is_empty());
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let fingerprints: Vec<_> =
        results.iter().map(|r| r["partialFingerprints"]["primaryLocationLineHash"].clone()).collect();
    assert_eq!(fingerprints, ids);
    let issues: Vec<_> = gitlab.as_array().unwrap().iter().map(|issue| issue["fingerprint"].clone()).collect();
    assert_eq!(issues[..ids.len()], ids);
    // Code scanning takes files that are there, named from the repository's root.
    for result in results {
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(dir.path().join(uri.as_str().unwrap()).is_file(), "{uri}");
    }
}

#[test]
fn standard_output_takes_one_report() {
    let dir = repository();
    let here = dir.path().join("infra");
    let output = run(&here, &["--format", "json", "--format", "sarif"]);
    assert_eq!(output.status.code(), Some(64), "{output:?}");
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--format sarif=PATH"), "{output:?}");
    let output = run(&here, &["--format", "html=nowhere/report.html"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}
