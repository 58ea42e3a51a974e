//! The reconcile plan as a user meets it: what it prints, what it refuses, and what is left behind when it is stopped.
//! A script stands in for Terraform and answers with plans that Terraform 1.11.4 made, changed where that is the case.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![cfg(unix)]

mod adopt;
mod secrets;

use serde_json::{Value as Json, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/quickstart");

/// A copy of the quickstart, with a stand-in for Terraform on the path.
struct Scene {
    dir: TempDir,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        copy(Path::new(QUICKSTART), &dir.path().join("root"));
        let bin = dir.path().join("bin");
        fs::create_dir(&bin).unwrap();
        let stand_in = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/terraform/apply/stand_in");
        std::os::unix::fs::symlink(stand_in, bin.join("terraform")).unwrap();
        fs::create_dir(dir.path().join("told")).unwrap();
        Scene { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        Command::new(env!("CARGO_BIN_EXE_driftline"))
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.dir.path())
            .env("TMPDIR", self.path("told"))
            .env("STAND_IN", self.path("told"))
            .output()
            .unwrap()
    }

    fn reconcile(&self, arguments: &[&str]) -> Output {
        self.run(&[&["reconcile", "root", "--live", "root/live.snapshot.json"], arguments].concat())
    }

    fn plan(&self, arguments: &[&str]) -> Json {
        let output = self.reconcile(&[&["--format", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }

    /// What the stand-in was called with.
    fn calls(&self) -> String {
        fs::read_to_string(self.path("told/calls")).unwrap_or_default()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap()
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Reading never writes: whatever is asked for but `--apply`, no binary is started, for the state lies in a file.
#[test]
fn nothing_but_apply_starts_terraform() {
    let scene = Scene::new();
    let live = ["--live", "root/live.snapshot.json"];
    scene.run(&[&["check", "root"], &live[..]].concat());
    for format in ["text", "json", "diff", "script", "import"] {
        assert_eq!(scene.reconcile(&["--format", format]).status.code(), Some(3), "{format}");
    }
    scene.reconcile(&["--write", "--action", "import"]);
    assert_eq!(scene.calls(), "");
    // Nor is there another place in the source from which an apply could be started.
    let src = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut starting = Vec::new();
    walk(Path::new(src), &mut |path, text| {
        if text.contains("Command::new(") {
            starting.push(path.strip_prefix(src).unwrap().display().to_string());
        }
    });
    starting.sort();
    assert_eq!(
        starting,
        [
            "apply/terraform.rs",
            "commands/reconcile/write.rs",
            "hook/git.rs",
            "terraform/workdir/pull.rs",
            "terraform/wrapper/mod.rs"
        ],
        "only `state pull`, what a user wraps, questions to git and the apply are started"
    );
    let mut going_there = Vec::new();
    walk(Path::new(src), &mut |path, text| {
        if text.contains("crate::apply") {
            going_there.push(path.strip_prefix(src).unwrap().display().to_string());
        }
    });
    assert!(going_there.iter().all(|path| path.starts_with("commands/reconcile/")), "{going_there:?}");
}

fn walk(dir: &Path, see: &mut dyn FnMut(&Path, &str)) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, see);
        } else {
            see(&path, &fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn narrowing_comes_before_widening_and_credentials_before_who_has_them() {
    let plan = Scene::new().plan(&[]);
    let place = |kind: &str, change: &str, name: &str| {
        let is = |entry: &&Json| {
            let finding = &entry["finding"];
            finding["kind"] == kind && finding["change"] == change && finding["key"].to_string().contains(name)
        };
        plan["plan"].as_array().unwrap().iter().find(is).unwrap()["number"].as_u64().unwrap()
    };
    let key = place("aws/iam/access_key", "unmanaged", "mallory");
    let policy = place("aws/iam/attachment", "unmanaged", "mallory");
    let user = place("aws/iam/user", "unmanaged", "mallory");
    let given_back = place("aws/iam/membership", "removed", "grace");
    assert!(key < policy && policy < user && user < given_back, "{key} {policy} {user} {given_back}");
}

/// One address is applied once, and with what it depends on where that is in the plan, too.
#[test]
fn a_run_takes_along_what_its_targets_depend_on() {
    let plan = Scene::new().plan(&["--action", "revert"]);
    let runs = plan["runs"].as_array().unwrap();
    let mut addresses: Vec<_> = runs.iter().flat_map(|run| run["addresses"].as_array().unwrap()).collect();
    let all = addresses.len();
    addresses.sort_by_key(|address| address.to_string());
    addresses.dedup();
    assert_eq!(addresses.len(), all, "{addresses:?}");
    let first = runs[0]["addresses"].to_string();
    assert!(first.contains("policy_attachments_exclusive.deploy") && first.contains("aws_iam_role.deploy"), "{first}");
    let alone = Scene::new().plan(&["--only", "70552fff3664"]);
    assert_eq!(alone["plan"].as_array().unwrap().len(), 1);
    assert!(alone["runs"][0]["pulled_in"].to_string().contains("821f0fd895b3"), "{}", alone["runs"]);
}

#[test]
fn the_diff_applies_and_what_it_adds_is_laid_out_as_terraform_does() {
    let scene = Scene::new();
    let diff = scene.reconcile(&["--format", "diff", "--action", "import"]);
    fs::write(scene.path("the.diff"), &diff.stdout).unwrap();
    let git = |arguments: &[&str]| Command::new("git").args(arguments).current_dir(scene.dir.path()).output().unwrap();
    let applied = git(&["apply", "the.diff"]);
    assert!(applied.status.success(), "{}\n{}", text(&applied.stderr), text(&diff.stdout));
    let user = fs::read_to_string(scene.path("root/imported_aws_iam_user_mallory.tf")).unwrap();
    assert!(user.starts_with("import {\n  to = aws_iam_user.mallory\n  id = \"mallory\"\n}\n"), "{user}");
    // The same by `--write`, which then finds the files there and touches none.
    let other = Scene::new();
    let written = other.reconcile(&["--write", "--action", "import"]);
    assert!(text(&written.stderr).contains("written: root/imported_aws_iam_user_mallory.tf"), "{written:?}");
    assert_eq!(fs::read_to_string(other.path("root/imported_aws_iam_user_mallory.tf")).unwrap(), user);
    let again = other.reconcile(&["--write", "--action", "import"]);
    assert_eq!(again.status.code(), Some(1), "{again:?}");
}

#[test]
fn the_script_is_one_that_a_shell_reads() {
    let scene = Scene::new();
    for arguments in [&["--format", "script"][..], &["--format", "script", "--action", "import"]] {
        let script = scene.reconcile(arguments);
        fs::write(scene.path("plan.sh"), &script.stdout).unwrap();
        let read = Command::new("sh").arg("-n").arg(scene.path("plan.sh")).output().unwrap();
        assert!(read.status.success() && text(&script.stdout).contains("\nset -e\n"), "{}", text(&read.stderr));
    }
}

/// What this run is given, the runs of Terraform that follow from it are given, too; a secret is asked of the environment.
#[test]
fn commands_take_the_variables_along() {
    let scene = Scene::new();
    fs::write(
        scene.path("root/variables.tf"),
        "variable \"region\" {}\nvariable \"greeting\" {\n  sensitive = true\n}\n",
    )
    .unwrap();
    fs::write(scene.path("live.tfvars"), "region = \"eu\"\n").unwrap();
    let given =
        ["--var-file", "live.tfvars", "--var", "region=eu west", "--var", "greeting=canary", "--var", "other=1"];
    let script = scene.reconcile(&[&["--format", "script"], &given[..]].concat());
    let script = text(&script.stdout);
    let options = "-var-file=../live.tfvars '-var=region=eu west' \"-var=greeting=${TF_VAR_greeting:?}\" -target=";
    assert!(script.contains(&format!("apply {options}")), "{script}");
    let plan = scene.plan(&given);
    assert!(plan["runs"][0]["command"].as_str().unwrap().contains(options), "{}", plan["runs"][0]);
    let of_step = plan["plan"].as_array().unwrap().iter().find(|entry| entry["step"]["action"] == "revert").unwrap();
    assert!(of_step["step"]["command"].as_str().unwrap().contains(options), "{of_step}");
    assert!(!script.contains("canary") && !plan.to_string().contains("canary") && !script.contains("other=1"));
}

#[test]
fn nobody_applies_what_a_snapshot_says() {
    let output = Scene::new().reconcile(&["--apply"]);
    assert_eq!(output.status.code(), Some(64));
}

/// The plan that is asked of the stand-in, as Terraform 1.11.4 writes one.
fn planned(changes: &[(&str, &[&str])]) -> Json {
    let change = |(address, actions): &(&str, &[&str])| {
        json!({"address": address, "mode": "managed", "change": {"actions": actions, "before": {"input": "one"},
            "after": {"input": "two"}, "after_unknown": {"output": true}, "before_sensitive": {}, "after_sensitive": {}}})
    };
    json!({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes.iter().map(change).collect::<Vec<_>>(),
        "complete": true, "errored": false})
}

/// A plan is held against what is meant, whatever is put into it.
#[test]
fn a_plan_with_anything_else_in_it_is_refused() {
    use driftline::apply::planned;
    use driftline::model::{Address, RunMode};
    use driftline::reconcile::Batch;

    let address: Address = "terraform_data.a".parse().unwrap();
    let batch = |mode| Batch {
        phase: "put back what was changed",
        dir: "root",
        binary: "terraform",
        mode,
        variables: &[],
        targets: vec![(&address, vec![&["update"] as &'static [&'static str]])],
        items: vec![1],
        pulled_in: Vec::new(),
    };
    let read = |plan: &Json| planned::read(plan.to_string().as_bytes(), &batch(RunMode::Apply), &[]);
    let good = self::planned(&[("terraform_data.a", &["update"]), ("terraform_data.b", &["no-op"])]);
    let same = read(&good).unwrap();
    assert_eq!(same.changes, ["terraform_data.a: update"]);
    let with = |edit: &dyn Fn(&mut Json)| {
        let mut plan = good.clone();
        edit(&mut plan);
        plan
    };
    let a = |plan: &mut Json, name: &str, value: Json| plan["resource_changes"][0][name] = value;
    let bad = [
        self::planned(&[("terraform_data.a", &["update"]), ("terraform_data.b", &["update"])]),
        self::planned(&[("terraform_data.a", &["delete", "create"])]),
        self::planned(&[("terraform_data.a", &["delete"])]),
        self::planned(&[("terraform_data.a[0]", &["update"])]),
        with(&|plan| a(plan, "previous_address", json!("terraform_data.old"))),
        with(&|plan| a(plan, "deposed", json!("12345678"))),
        with(&|plan| plan["resource_changes"][0]["change"]["importing"] = json!({"id": "x"})),
        with(&|plan| plan["resource_changes"][1]["change"]["importing"] = json!({"id": "x"})),
        with(&|plan| plan["errored"] = json!(true)),
        with(&|plan| plan["deferred_changes"] = json!([{}])),
        with(&|plan| plan["output_changes"] = json!({"x": {"actions": ["delete"]}})),
        with(&|plan| plan["format_version"] = json!("2.0")),
    ];
    for plan in &bad {
        assert!(read(plan).is_err(), "{plan}");
    }
    // What a run before it will have done is no stranger, and not its own either.
    let b: Address = "terraform_data.b".parse().unwrap();
    let before = Batch { targets: vec![(&b, vec![&["update"] as &'static [&'static str]])], ..batch(RunMode::Apply) };
    let both = planned::read(bad[0].to_string().as_bytes(), &batch(RunMode::Apply), &[before]).unwrap();
    assert_eq!(both.hash, same.hash);
    // Another value is another plan; a secret one is in no hash.
    let other = with(&|plan| plan["resource_changes"][0]["change"]["after"] = json!({"input": "three"}));
    assert_ne!(read(&other).unwrap().hash, same.hash);
    let secret = |value: &str| {
        with(&|plan| {
            plan["resource_changes"][0]["change"]["after"] = json!({"input": value});
            plan["resource_changes"][0]["change"]["after_sensitive"] = json!({"input": true});
        })
    };
    assert_eq!(read(&secret("a")).unwrap().hash, read(&secret("b")).unwrap().hash);
    assert!(planned::read(good.to_string().as_bytes(), &batch(RunMode::RefreshOnly), &[]).is_err());
}

/// Wherever it is stopped, the report on disk is whole and says how far it came.
#[test]
fn the_report_is_whole_at_every_step() {
    use driftline::apply::journal::{Entry, Journal, Progress};

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data/driftline-apply.json");
    let entry = |what: &str| Entry {
        what: what.to_owned(),
        command: "terraform apply".to_owned(),
        findings: vec!["1".to_owned()],
        state: Progress::NotDone,
        message: None,
    };
    let mut journal = Journal::begin(path.clone(), vec![entry("a"), entry("b")]).unwrap();
    let states = |path: &Path| {
        let read = Journal::unfinished(path);
        read.map(|read| read.steps.iter().map(|step| step.state).collect::<Vec<_>>())
    };
    assert_eq!(states(&path).unwrap(), [Progress::NotDone, Progress::NotDone]);
    for state in [Progress::Planning, Progress::Applying, Progress::Done] {
        journal.note(0, state, None).unwrap();
        assert_eq!(states(&path).unwrap(), [state, Progress::NotDone]);
    }
    journal.note(1, Progress::Interrupted, Some("by signal 2".to_owned())).unwrap();
    assert_eq!(states(&path).unwrap(), [Progress::Done, Progress::Interrupted]);
    journal.note(1, Progress::Done, None).unwrap();
    assert!(states(&path).is_none());
    let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file stays");
}

/// All files or none.
#[test]
fn files_are_written_whole_or_not_at_all() {
    use driftline::apply::files::{self, Edited};

    let dir = tempfile::tempdir().unwrap();
    let (there, new) = (dir.path().join("there.tf"), dir.path().join("new.tf"));
    fs::write(&there, "old").unwrap();
    fs::set_permissions(&there, fs::Permissions::from_mode(0o640)).unwrap();
    let edited = |path: &Path, is_new| Edited { path: path.to_owned(), text: "text".to_owned(), is_new };
    for bad in
        [edited(&there, true), edited(&dir.path().join("no/such.tf"), true), edited(&dir.path().join("gone.tf"), false)]
    {
        assert!(files::write(&[edited(&new, true), edited(&there, false), bad]).is_err());
        assert!(!new.exists() && fs::read_to_string(&there).unwrap() == "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file stays");
    }
    files::write(&[edited(&new, true), edited(&there, false)]).unwrap();
    assert_eq!(fs::read_to_string(&there).unwrap(), "text");
    assert_eq!(fs::metadata(&there).unwrap().permissions().mode() & 0o777, 0o640);
}
