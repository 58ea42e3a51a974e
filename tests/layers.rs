//! Imports run one way: holds every `crate::` use in `src` against the table of layers, and the providers' folders
//! against each other.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer and the layers, or rooms of them, that it may use; itself goes without saying.
const LAYERS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("model", &["source"]),
    ("policy", &[]),
    ("http", &["source", "model"]),
    ("terraform", &["source", "model"]),
    (
        "providers",
        &["source", "model", "policy", "http", "terraform::computed", "terraform::decode", "terraform::value"],
    ),
    ("backends", &["model", "http", "providers", "terraform::config", "terraform::workdir"]),
    ("settings", &["source", "model"]),
    ("snapshot", &["source", "model"]),
    ("compare", &["model", "policy"]),
    ("assess", &["model", "policy", "compare"]),
    ("exceptions", &["source", "model"]),
    ("reconcile", &["source", "model", "providers", "compare", "exceptions"]),
    ("report", &["source", "model", "reconcile"]),
    (
        "check",
        &[
            "source",
            "model",
            "http",
            "backends",
            "policy",
            "terraform",
            "providers",
            "snapshot",
            "compare",
            "assess",
            "exceptions",
            "settings",
            "reconcile",
            "report",
        ],
    ),
    ("forge", &["source", "model", "http", "report"]),
    ("apply", &["source", "model", "terraform::workdir", "reconcile"]),
    ("hook", &["source", "model", "providers", "exceptions", "check", "terraform::config"]),
    (
        "commands",
        &[
            "source",
            "model",
            "http",
            "settings",
            "assess",
            "exceptions",
            "terraform",
            "providers",
            "snapshot",
            "reconcile",
            "report",
            "check",
            "apply",
            "forge",
            "hook",
        ],
    ),
];

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The first two segments after `crate::` in the text, those inside braces too; the second may be empty.
fn uses(text: &str) -> Vec<(String, String)> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let name = |text: &str| {
        let layer = word(text);
        let room = text[layer.len()..].strip_prefix("::").map(word).unwrap_or_default();
        (layer, room)
    };
    let mut found = Vec::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let list: String = list
                    .chars()
                    .take_while(|c| {
                        depth += i32::from(*c == '{') - i32::from(*c == '}');
                        depth >= 0
                    })
                    .collect();
                found.extend(list.split(',').map(|item| name(item.trim())));
            }
            None => found.push(name(rest)),
        }
    }
    found.retain(|(layer, _)| !layer.is_empty());
    found
}

/// Violations of the table, one sentence each.
fn violations(src: &Path) -> Vec<String> {
    let allowed: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    let mut sentences = Vec::new();
    let mut paths = Vec::new();
    files(src, &mut paths);
    for path in paths {
        let shown = path.strip_prefix(src).unwrap().to_string_lossy().into_owned();
        let mut parts = shown.split('/');
        let layer = parts.next().unwrap();
        if layer == "lib.rs" || layer == "main.rs" {
            continue;
        }
        let Some(may) = allowed.get(layer) else {
            sentences.push(format!("`{shown}` belongs to no layer of the table"));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        for (used, room) in uses(&text) {
            let whole = format!("{used}::{room}");
            if used != layer && !may.contains(&used.as_str()) && !may.contains(&whole.as_str()) {
                let used = if may.iter().any(|may| may.starts_with(&format!("{used}::"))) { whole } else { used };
                sentences.push(format!("`{shown}` uses `{used}`, and `{layer}` may not"));
            }
        }
        if layer == "providers" {
            let own = parts.next().unwrap();
            for other in text.split("providers::").skip(1) {
                let other: String = other.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !other.is_empty() && src.join("providers").join(&other).is_dir() && other != own && own != "mod.rs" {
                    sentences
                        .push(format!("`{shown}` uses the provider `{other}`, and providers never see each other"));
                }
            }
        }
    }
    sentences
}

#[test]
fn imports_run_one_way() {
    let found = violations(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_planted_violation_is_found() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("compare")).unwrap();
    fs::write(dir.path().join("compare/mod.rs"), "use crate::{model::Kind, providers::aws};\n").unwrap();
    assert_eq!(violations(dir.path()), ["`compare/mod.rs` uses `providers`, and `compare` may not"]);
    fs::write(dir.path().join("compare/mod.rs"), "use crate::model::Kind;\n").unwrap();
    fs::create_dir_all(dir.path().join("providers")).unwrap();
    let text = "use crate::terraform::value::{Origin, Val};\nuse crate::terraform::state::State;\n";
    fs::write(dir.path().join("providers/mod.rs"), text).unwrap();
    assert_eq!(violations(dir.path()), ["`providers/mod.rs` uses `terraform::state`, and `providers` may not"]);
}

/// Every file says on its first line what it is for, and none outgrows a room.
#[test]
fn every_file_says_what_it_is_for() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} does not open with a `//!` line", path.display());
        assert!(text.lines().count() <= 700, "{} is more than one room", path.display());
    }
}
