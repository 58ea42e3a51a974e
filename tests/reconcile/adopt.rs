//! Taking over what is live: every patch that a check offers, applied to a copy by git, settles its finding and raises no
//! other one.

use super::{copy, text};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

/// Folders of `testdata` with the arguments of a check there.
const CASES: [(&str, &[&str]); 6] = [
    ("quickstart", &["check", "."]),
    ("demo", &["check", "identity", "databases", "--as-of", "2026-11-27"]),
    ("scenarios/postgres", &["check"]),
    ("scenarios/postgres-grants", &["check"]),
    ("scenarios/policy-files", &["check", "--only", "aws/iam/policy"]),
    ("scenarios/policy-document", &["check", "--only", "aws/iam/policy"]),
];

fn check(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(arguments)
        .args(["--live", "live.snapshot.json", "--patches", "--format", "json"])
        .current_dir(dir)
        .env_clear()
        .env("HOME", dir)
        .output()
        .unwrap()
}

fn findings(dir: &Path, arguments: &[&str]) -> Vec<Json> {
    let output = check(dir, arguments);
    let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    report["findings"].as_array().unwrap().clone()
}

/// Drift and what else calls for an answer, by id.
fn unsettled(findings: &[Json]) -> BTreeSet<String> {
    let is_unsettled = |finding: &&Json| {
        ["drift", "conflict", "unmanaged", "pending"].iter().any(|status| finding["status"] == *status)
    };
    ids(findings.iter().filter(is_unsettled)).collect()
}

fn ids<'a>(findings: impl Iterator<Item = &'a Json>) -> impl Iterator<Item = String> {
    findings.map(|finding| finding["id"].as_str().unwrap().to_owned())
}

#[test]
fn each_patch_settles_its_finding_and_raises_no_other() {
    let mut patched = 0;
    for (folder, arguments) in CASES {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(folder);
        let before = findings(&original, arguments);
        for finding in before.iter().filter(|finding| finding["steps"].to_string().contains("\"patch\"")) {
            let steps = finding["steps"].as_array().unwrap();
            let step = steps.iter().find(|step| step["patch"].is_string()).unwrap();
            let (patch, note) = (step["patch"].as_str().unwrap(), step["note"].as_str().unwrap());
            let made = tempfile::tempdir().unwrap();
            copy(&original, made.path());
            std::fs::write(made.path().join("the.diff"), patch).unwrap();
            // Data files are read as far as the repository reaches.
            let git = |words: &[&str]| Command::new("git").args(words).current_dir(made.path()).output().unwrap();
            assert!(git(&["init", "--quiet"]).status.success());
            let git = git(&["apply", "the.diff"]);
            assert!(git.status.success(), "{folder}: {}\n{patch}", text(&git.stderr));
            let after = findings(made.path(), arguments);
            let is_named = |words: &Json| words.as_str().is_some_and(|words| note.contains(words));
            let is_told = |one: &&Json| is_named(&one["address"]) || is_named(&one["title"]);
            let told: BTreeSet<_> = unsettled(&before).into_iter().chain(ids(after.iter().filter(is_told))).collect();
            let title = |id: &&String| after.iter().find(|one| one["id"] == ***id).unwrap()["title"].to_string();
            let after_ids = unsettled(&after);
            let id = finding["id"].as_str().unwrap();
            assert!(!after_ids.contains(id), "{folder}: {} is still there after\n{patch}", finding["title"]);
            let new: Vec<_> = after_ids.difference(&told).map(|id| title(&id)).collect();
            assert!(new.is_empty(), "{folder}: {new:?} came after\n{patch}");
            patched += 1;
        }
    }
    assert!(patched >= 20, "{patched} patches");
}

const PROVIDER: &str = r#"terraform {
  required_providers {
    postgresql = { source = "cyrilgdn/postgresql" }
  }
}

provider "postgresql" {
  host     = "db.example.com"
  username = "driftline"
}

"#;

/// A block that goes through people, in every shape in which people keep them, and the entry that is one more.
const SHAPES: [(&str, &str, &str, &str, &str); 7] = [
    (
        "a list of names",
        "for_each = toset([\"reader\", \"writer\"])\n  name = each.key",
        "",
        "",
        "\"writer\", \"liam\"]",
    ),
    (
        "a map in a local",
        "for_each = local.people\n  name = each.key",
        "locals.tf",
        "locals {\n  people = {\n    reader = {}\n    writer = {}\n  }\n}\n",
        "    liam   = {}\n",
    ),
    (
        "a map in YAML",
        "for_each = yamldecode(file(\"people.yaml\"))\n  name = each.key",
        "people.yaml",
        "# Who is who.\nreader: {}\nwriter:\n  team: ops\n",
        "\nliam: {}\n",
    ),
    (
        "a list of objects in YAML",
        "for_each = { for one in yamldecode(file(\"people.yaml\")) : one.name => one }\n  name = each.key",
        "people.yaml",
        "- name: reader\n  team: data\n- name: writer\n  team: ops\n",
        "liam",
    ),
    (
        "a list in JSON",
        "for_each = toset(jsondecode(file(\"people.json\")))\n  name = each.key",
        "people.json",
        "[\n  \"reader\",\n  \"writer\"\n]\n",
        "  \"writer\",\n  \"liam\"\n]",
    ),
    (
        "values for a variable",
        "for_each = var.people\n  name = each.key",
        "terraform.tfvars",
        "people = {\n  reader = \"data\"\n  writer = \"ops\"\n}\n",
        "  liam   = ",
    ),
    (
        "a table",
        "for_each = { for row in csvdecode(file(\"people.csv\")) : row.name => row }\n  name = each.key",
        "people.csv",
        "name,team\nreader,data\nwriter,ops\n",
        "\nliam,",
    ),
];

/// What nobody declares becomes one more entry where others of its kind are, and with it there is nothing left to say.
#[test]
fn an_import_is_listed_beside_others_of_its_kind() {
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/live.snapshot.json");
    for (shape, block, name, text_of_file, entry) in SHAPES {
        let dir = tempfile::tempdir().unwrap();
        let variable = if name.ends_with(".tfvars") { "variable \"people\" {}\n\n" } else { "" };
        // What is live and not by default so has to be said: else the next apply would take it away.
        let as_live = "login = true\n  bypass_row_level_security = true";
        let main =
            format!("{PROVIDER}{variable}resource \"postgresql_role\" \"this\" {{\n  {block}\n  {as_live}\n}}\n");
        std::fs::write(dir.path().join("main.tf"), main).unwrap();
        let file = if name.is_empty() { "main.tf" } else { name };
        if !name.is_empty() {
            std::fs::write(dir.path().join(name), text_of_file).unwrap();
        }
        let run = |words: &[&str]| {
            Command::new(env!("CARGO_BIN_EXE_driftline"))
                .args(words)
                .args([".", "--no-state", "--live", snapshot, "--only", "postgres/role"])
                .current_dir(dir.path())
                .env_clear()
                .env("HOME", dir.path())
                .output()
                .unwrap()
        };
        let of_liam = || -> Vec<Json> {
            let output = run(&["check", "--format", "json"]);
            let report: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{shape}: {output:?}"));
            let all = report["findings"].as_array().unwrap().clone();
            all.into_iter().filter(|finding| finding["key"]["name"] == "liam").collect()
        };
        let before = of_liam();
        assert_eq!(before[0]["status"], "unmanaged", "{shape}");
        let id = before[0]["id"].as_str().unwrap();
        let written = run(&["reconcile", "--write", "--action", "import", "--only", id]);
        assert!(text(&written.stderr).contains("written: imported_"), "{shape}: {written:?}");
        let now = std::fs::read_to_string(dir.path().join(file)).unwrap();
        assert!(now.contains(entry), "{shape}:\n{now}");
        assert_eq!(of_liam(), Vec::<Json>::new(), "{shape}:\n{now}");
    }
}

/// A block that cannot say what is live is not the place for it: a block of its own is made.
#[test]
fn what_a_block_cannot_say_is_not_listed_there() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo");
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["reconcile", "databases", "--live", "live.snapshot.json", "--only", "51f42487136e"])
        .args(["--action", "import", "--format", "json"])
        .current_dir(root)
        .env_clear()
        .output()
        .unwrap();
    let plan: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    let hcl = plan["plan"][0]["step"]["hcl"].as_str().unwrap();
    assert!(hcl.contains("to = postgresql_role.liam\n") && hcl.contains("login                     = true"), "{hcl}");
}
