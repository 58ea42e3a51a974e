//! The documents in `testdata/decode` against what `terraform console` says of them.

use super::{of_file, shown};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn functions() -> BTreeMap<&'static str, &'static str> {
    [("yaml", "yamldecode"), ("json", "jsondecode"), ("csv", "csvdecode")].into()
}

/// `scripts/live-decode` records the answers and compares them with the real program.
#[test]
fn every_document_is_read_as_terraform_reads_it() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/decode");
    let recorded = fs::read_to_string(dir.join("answers/terraform.json")).unwrap();
    let answers: BTreeMap<String, Option<String>> = serde_json::from_str(&recorded).unwrap();
    assert!(answers.len() >= 400, "{} answers", answers.len());
    let mut wrong = Vec::new();
    for (name, answer) in &answers {
        let text = fs::read_to_string(dir.join(name)).unwrap();
        let function = functions()[name.rsplit('.').next().unwrap()];
        let expected = answer.as_ref().map(|answer| shown(&of_file("jsondecode", answer).unwrap()));
        let found = of_file(function, &text).ok().map(|value| shown(&value));
        if found != expected {
            wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_document_has_an_answer() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/decode");
    let recorded = fs::read_to_string(dir.join("answers/terraform.json")).unwrap();
    let answers: BTreeMap<String, Option<String>> = serde_json::from_str(&recorded).unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(entry.path().is_dir() || answers.contains_key(&name), "{name} has no answer");
    }
}
