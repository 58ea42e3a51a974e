//! `docs/systems.md` is what the program's own tables say, so that it cannot fall behind them. With `DRIFTLINE_WRITE=1` it
//! is written anew.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use driftline::providers::{self, Provider};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

fn table(text: &mut String, columns: [&str; 2], rows: impl Iterator<Item = (String, String)>) {
    let _ = writeln!(text, "| {} | {} |\n|---|---|", columns[0], columns[1]);
    for (name, about) in rows {
        let _ = writeln!(text, "| {name} | {} |", about.replace('|', "\\|"));
    }
}

fn code(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn left_out(text: &mut String, title: &str, column: &str, types: &[(&str, &str)]) {
    if !types.is_empty() {
        let _ = write!(text, "\n### {title}\n\n");
        table(text, ["resource type", column], types.iter().map(|(name, about)| (code(&[name]), (*about).to_owned())));
    }
}

fn section(text: &mut String, provider: &dyn Provider) {
    let _ = write!(text, "\n## {}\n\nTerraform providers: {}.\n", provider.system(), code(provider.sources()));
    text.push_str("\n### What is read\n\n");
    let declared_by = |names: &[&str]| if names.is_empty() { "no resource type".to_owned() } else { code(names) };
    table(
        text,
        ["kind", "declared by"],
        provider.kinds().iter().map(|kind| (format!("`{}`: {}", kind.id, kind.noun), declared_by(kind.declared_by))),
    );
    text.push_str("\n### Who declares it\n\n");
    let types = provider.resource_types().iter().flat_map(|group| group.iter());
    table(text, ["resource type", "what it says"], types.map(|found| (code(&[found.name]), found.about.to_owned())));
    left_out(text, "Not read yet: a gap where it is declared", "what it declares", provider.unread_types());
    left_out(text, "No access: nothing is said of it", "why", provider.without_access());
}

#[test]
fn the_table_of_systems_is_what_the_program_goes_by() {
    let mut text = String::from(
        "# Systems\n\nWhat driftline reads of each system, and which resource types declare it. `driftline explain` says more \
         of each\nkind and type. Written from the program's own tables by `DRIFTLINE_WRITE=1 cargo test --test systems`.\n",
    );
    for provider in providers::SYSTEMS {
        section(&mut text, *provider);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/systems.md");
    if std::env::var_os("DRIFTLINE_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), text, "write it anew with `DRIFTLINE_WRITE=1`");
}

#[test]
fn every_type_in_it_has_an_answer() {
    for provider in providers::SYSTEMS {
        let left_out = provider.unread_types().iter().chain(provider.without_access()).map(|(name, _)| *name);
        let read = provider.resource_types().iter().flat_map(|group| group.iter()).map(|found| found.name);
        for name in left_out.chain(read) {
            let told = Command::new(env!("CARGO_BIN_EXE_driftline")).args(["explain", name]).output().unwrap();
            let words = String::from_utf8_lossy(&told.stdout).into_owned();
            assert!(
                told.status.success() && words.starts_with(&format!("resource type {name}\n\n")),
                "{name}: {words}"
            );
        }
    }
}
