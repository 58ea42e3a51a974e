//! Secrets that stand in the source: no patch, excerpt or explanation shows them, and an edit that changes one is known.

use driftline::check::adopt::{self, Wish};
use driftline::model::{Address, AttrPath, Patch, Value};
use driftline::terraform::config::{Configuration, Given, Inputs};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// What must not be shown.
const CANARY: &str = "canary-4711";

fn dir(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text.replace("CANARY", CANARY)).unwrap();
    }
    dir
}

fn find(dir: &TempDir, given: Vec<Given>, address: &str, wish: Wish) -> Patch {
    let inputs = Inputs { workspace: "default".to_owned(), given, ..Inputs::default() };
    let (source, gaps) = Configuration::load(dir.path(), "", None, &inputs).unwrap();
    assert!(gaps.is_empty(), "{gaps:?}");
    let address: Address = address.parse().unwrap();
    adopt::find(&source, &address, &wish).unwrap()
}

const PEOPLE: &str = r#"locals {
  people = yamldecode(file("${path.module}/people.yaml"))
}

resource "postgresql_role" "this" {
  for_each         = local.people
  name             = each.key
  connection_limit = each.value.limit
  password         = each.value.password
}
"#;

fn limit(to: i64) -> Wish {
    Wish::Set(AttrPath::attr("connection_limit"), Value::from(to))
}

#[test]
fn a_diff_ends_before_a_secret() {
    let people = "ada:\n  limit: 1\n  team: ops\n  password: CANARY\nbob:\n  limit: 2\n  password: other\n";
    let dir = dir(&[("main.tf", PEOPLE), ("people.yaml", people)]);
    let patch = find(&dir, Vec::new(), "postgresql_role.this[\"ada\"]", limit(7));
    let diff = patch.diff.unwrap();
    assert!(diff.contains("+  limit: 7") && diff.contains(" team: ops") && !diff.contains(CANARY), "{diff}");
    fs::write(dir.path().join("the.diff"), diff).unwrap();
    let git = Command::new("git").args(["apply", "the.diff"]).current_dir(dir.path()).output().unwrap();
    assert!(git.status.success(), "{git:?}");
    let text = fs::read_to_string(dir.path().join("people.yaml")).unwrap();
    assert!(text.starts_with("ada:\n  limit: 7\n  team: ops\n"), "{text}");
}

#[test]
fn where_no_line_behind_it_may_be_shown_there_is_no_diff() {
    for people in
        ["ada:\n  limit: 1\n  password: CANARY\nbob: {limit: 2, password: x}\n", "ada: {limit: 1, password: CANARY}\n"]
    {
        let dir = dir(&[("main.tf", PEOPLE), ("people.yaml", people)]);
        let patch = find(&dir, Vec::new(), "postgresql_role.this[\"ada\"]", limit(7));
        assert_eq!(patch.diff, None, "{people}");
        assert!(!patch.edits.is_empty());
        assert_eq!(patch.secrets.edited.is_empty(), people.contains("bob"), "{people}");
    }
}

#[test]
fn what_a_sensitive_variable_is_given_is_a_secret_whatever_its_name() {
    let main = "variable \"limit\" {}\nvariable \"greeting\" {\n  sensitive = true\n}\nresource \"postgresql_role\" \"a\" {\n  \
                name = \"a\"\n  connection_limit = var.limit\n  password = var.greeting\n}\n";
    let dir = dir(&[("main.tf", main), ("x.tfvars", "before = 1\nlimit = 1\n\ngreeting = \"CANARY\"\n")]);
    let given = || vec![Given::File(dir.path().join("x.tfvars"))];
    let patch = find(&dir, given(), "postgresql_role.a", limit(7));
    let diff = patch.diff.unwrap();
    assert!(diff.contains("+limit = 7") && !diff.contains(CANARY), "{diff}");
}

/// The password is made from what is edited.
#[test]
fn an_instance_whose_secret_changes_along_is_named() {
    let main = "variable \"word\" {\n  default   = \"one\"\n  sensitive = true\n}\nlocals {\n  team = [\"ops\"]\n}\n\
                resource \"postgresql_role\" \"a\" {\n  name = \"a\"\n  roles = local.team\n}\n\
                resource \"postgresql_role\" \"b\" {\n  name = \"b\"\n  password = join(var.word, local.team)\n}\n";
    let dir = dir(&[("main.tf", main)]);
    let patch = find(&dir, Vec::new(), "postgresql_role.a", Wish::Add(AttrPath::attr("roles"), "dev".into()));
    let others: Vec<_> = patch.also_changes.iter().map(ToString::to_string).collect();
    assert_eq!(others, ["postgresql_role.b"]);
}

#[test]
fn what_goes_away_with_a_secret_in_it_is_not_shown() {
    let people = "ada:\n  limit: 1\n  password: CANARY\nbob:\n  limit: 2\n  password: other\n";
    let dir = dir(&[("main.tf", PEOPLE), ("people.yaml", people)]);
    let patch = find(&dir, Vec::new(), "postgresql_role.this[\"ada\"]", Wish::Gone);
    assert_eq!(patch.diff, None);
    assert!(patch.secrets.edited.contains("people.yaml"), "{:?}", patch.secrets);
}

#[test]
fn explain_shows_neither_the_value_nor_the_line() {
    let main = "locals {\n  ada = { limit = 1, password = \"CANARY\" }\n}\nresource \"postgresql_role\" \"a\" {\n  name = \"a\"\n  \
                connection_limit = local.ada.limit\n  password = local.ada.password\n}\n";
    let dir = dir(&[("main.tf", main)]);
    for asked in ["postgresql_role.a", "postgresql_role.a.password", "postgresql_role.a.connection_limit"] {
        let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(["explain", asked, "--no-state"])
            .current_dir(dir.path())
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("main.tf"), "{said}");
        assert!(!said.contains(CANARY), "{asked}: {said}");
    }
}

/// The value that differs stands in one line with a password.
#[test]
fn no_report_shows_a_line_with_a_secret() {
    let main = format!("provider \"postgresql\" {{\n  host = \"db.example.com\"\n}}\n\n{PEOPLE}")
        .replace("local.people", "{ reader = local.people.reader }");
    let dir = dir(&[("main.tf", &main), ("people.yaml", "reader: {limit: 5, password: CANARY}\n")]);
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/live.snapshot.json");
    for format in ["table", "json", "sarif", "markdown", "github", "gitlab", "junit", "rdjson", "csv", "html"] {
        let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(["check", ".", "--no-state", "--live", snapshot, "--only", "postgres/role", "--patches"])
            .args(["--format", format])
            .current_dir(dir.path())
            .env_clear()
            .env("HOME", dir.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("people.yaml"), "{format}: {said}");
        assert!(!said.contains(CANARY), "{format}: {said}");
    }
}
