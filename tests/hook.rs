//! `driftline hook` over real git repositories: what each check says and when it says nothing, and that what is judged
//! is what git is about to commit.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/quickstart");

/// An hour after the report and the snapshot.
const NOW: &str = "2026-11-21T13:00:00Z";

/// A repository with the quick start in `infra/`, committed, and in its root a report and a snapshot that git ignores.
struct Repository {
    dir: tempfile::TempDir,
}

impl Repository {
    /// With nothing in it.
    fn empty() -> Repository {
        let repository = Repository { dir: tempfile::tempdir().unwrap() };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.write(".git/info/exclude", "/driftline.report.json\n/driftline.snapshot.json\n/bin\n");
        // A terraform that tells on whoever runs it.
        repository.write("bin/terraform", "#!/bin/sh\ntouch \"$0.was-run\"\n");
        repository.run("chmod", &["+x", "bin/terraform"], &[]);
        repository
    }

    fn new() -> Repository {
        let repository = Repository::empty();
        copy(Path::new(QUICKSTART), &repository.path("infra"));
        repository.git(&["add", "infra"]);
        repository.git(&["commit", "-qm", "before"]);
        repository.report();
        repository
    }

    /// Checks the work tree against the snapshot and keeps the report, as of noon.
    fn report(&self) {
        let snapshot = fs::read_to_string(Path::new(QUICKSTART).join("live.snapshot.json")).unwrap();
        self.write("driftline.snapshot.json", &snapshot);
        let told = self.driftline(".", &["check", "infra", "--live", "driftline.snapshot.json", "--format", "json"]);
        assert_eq!(told.status.code(), Some(3), "{told:?}");
        let mut report: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
        report["run"]["finished_at"] = "2026-11-21T12:00:00Z".into();
        self.write("driftline.report.json", &report.to_string());
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Writes a file and stages it.
    fn stage(&self, path: &str, text: &str) {
        self.write(path, text);
        self.git(&["add", path]);
    }

    /// Replaces a text that is there and stages the file.
    fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "`{old}` is not in {path}");
        self.stage(path, &text.replacen(old, new, 1));
    }

    fn append(&self, path: &str, text: &str) {
        self.stage(path, &(self.read(path) + text));
    }

    fn run(&self, program: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        Command::new(program)
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.dir.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["GIT_AUTHOR", "GIT_COMMITTER"].map(|who| (format!("{who}_NAME"), "a")))
            .envs(["GIT_AUTHOR", "GIT_COMMITTER"].map(|who| (format!("{who}_EMAIL"), "a@example.com")))
            .envs(environment.iter().copied())
            .output()
            .unwrap()
    }

    fn git(&self, arguments: &[&str]) -> Output {
        let output = self.run("git", arguments, &[]);
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        output
    }

    fn driftline(&self, dir: &str, arguments: &[&str]) -> Output {
        let told = format!("cd '{dir}' && exec '{}' \"$@\"", env!("CARGO_BIN_EXE_driftline"));
        let arguments: Vec<&str> = ["-c", &told, "sh"].iter().chain(arguments).copied().collect();
        let output = self.run("sh", &arguments, &[]);
        assert!(!self.path("bin/terraform.was-run").exists(), "terraform was run");
        output
    }

    /// The exit status and what was said, without the `help` lines.
    fn hook_in(&self, dir: &str, arguments: &[&str]) -> (i32, Vec<String>) {
        let now: &[&str] = if arguments.contains(&"--now") { &["hook"] } else { &["hook", "--now", NOW] };
        let arguments: Vec<&str> = now.iter().chain(arguments).copied().collect();
        let output = self.driftline(dir, &arguments);
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let (help, lines): (Vec<&str>, Vec<&str>) = said.lines().partition(|line| line.starts_with("  help: "));
        assert_eq!(help.len(), lines.len(), "each notice says the way out: {said}");
        (output.status.code().unwrap(), lines.into_iter().map(str::to_owned).collect())
    }

    fn hook(&self, arguments: &[&str]) -> (i32, Vec<String>) {
        self.hook_in(".", arguments)
    }

    /// Says nothing at all.
    #[track_caller]
    fn is_quiet(&self) {
        assert_eq!(self.hook(&[]), (0, Vec::new()));
    }

    /// Says one thing, with this status; the line holds these words.
    #[track_caller]
    fn says(&self, status: i32, words: &[&str]) {
        let (code, lines) = self.hook(&[]);
        assert_eq!((code, lines.len()), (status, 1), "{lines:#?}");
        for word in words {
            assert!(lines[0].contains(word), "`{word}` is not in {lines:#?}");
        }
    }

    /// Accepts the drift of the role's session length.
    fn ledger(&self, expires: &str) {
        self.write(
            "driftline.exceptions.toml",
            &format!(
                "[[exception]]\nid = \"EX-1\"\nmatch = {{ address = \"aws_iam_role.deploy\", property = \
                 \"max_session_duration\" }}\nowner = \"team\"\nreason = \"long builds\"\napproved_by = \"alice\"\nticket = \
                 \"T-1\"\nexpires = {expires}\n"
            ),
        );
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "more"]);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

// ---- 1: how old

#[test]
fn an_old_report_is_a_warning_and_then_an_error() {
    let repository = Repository::new();
    repository.append("infra/storage.tf", "\n# nothing\n");
    repository.is_quiet();
    let ages = |now: &str| {
        let (status, lines) = repository.hook(&["--now", now]);
        (status, lines.iter().filter(|line| line.contains("[snapshot_age]")).cloned().collect::<Vec<_>>())
    };
    let (status, lines) = ages("2026-11-22T13:00:00Z");
    assert_eq!(status, 0);
    assert_eq!(lines[0], "driftline.report.json: warning: it shows what was live 25 hours ago [snapshot_age]");
    assert!(lines[1].starts_with("driftline.snapshot.json: warning: "), "{lines:?}");
    let (status, lines) = ages("2026-12-21T13:00:00Z");
    assert_eq!(status, 3);
    assert_eq!(lines[0], "driftline.report.json: error: it shows what was live 30 days ago [snapshot_age]");
    let (status, lines) = repository.hook(&["--now", "2026-12-21T13:00:00Z", "--warn-after=0", "--fail-after=0"]);
    assert_eq!((status, lines.len()), (0, 0), "{lines:?}");
}

#[test]
fn no_report_is_a_warning_that_stops_nobody_but_those_who_are_strict() {
    let repository = Repository::new();
    fs::remove_file(repository.path("driftline.report.json")).unwrap();
    repository.stage("README.md", "words\n");
    repository.stage("people.yaml", "a: b\n");
    repository.is_quiet();
    repository.append("infra/storage.tf", "\n# nothing\n");
    repository.says(0, &["driftline.report.json: warning: there is no report of a check"]);
    assert_eq!(repository.hook(&["--strict"]).0, 3);
}

#[test]
fn what_is_no_report_is_an_error_that_names_it() {
    let repository = Repository::new();
    repository.append("infra/storage.tf", "\n# nothing\n");
    repository.write("driftline.report.json", "{");
    repository.says(1, &["error: driftline.report.json: the report is no JSON"]);
}

// ---- 2: touched drift

const SESSION: &str =
    "`aws_iam_role.deploy` has drifted: `max_session_duration` of role `deploy` is `43200` live (high)";

#[test]
fn a_block_that_has_drifted_is_told_when_one_of_its_lines_is_touched() {
    let repository = Repository::new();
    repository.edit("infra/delivery.tf", "\"Rolls the shop out from GitHub Actions\"", "\"Rolls out\"");
    repository.says(0, &["infra/delivery.tf:8: warning: ", SESSION, "[touched_drift]"]);
}

#[test]
fn a_block_beside_it_is_nobodys_drift() {
    let repository = Repository::new();
    repository.edit("infra/delivery.tf", "client_id_list = [", "client_id_list  = [");
    repository.is_quiet();
}

#[test]
fn a_value_of_a_local_is_touched_where_it_is_written() {
    let repository = Repository::new();
    repository.edit("infra/main.tf", "edsger = { team = \"data\", title", "edsger = { team = \"data\",  title");
    let (status, lines) = repository.hook(&[]);
    assert_eq!(status, 0);
    assert!(
        lines.iter().any(|line| line.contains("module.team[\"platform\"]") || line.contains("edsger")),
        "{lines:#?}"
    );
}

#[test]
fn after_another_change_the_block_is_found_again_and_called_approximate() {
    let repository = Repository::new();
    let text = repository.read("infra/delivery.tf");
    repository.stage("infra/delivery.tf", &format!("# one\n# two\n# three\n{text}"));
    repository.commit();
    repository.edit("infra/delivery.tf", "\"Rolls the shop out from GitHub Actions\"", "\"Rolls out\"");
    repository.says(0, &["infra/delivery.tf:11: warning: ", "(high, line approximate)"]);
}

#[test]
fn accepted_drift_is_told_no_more() {
    for accept in ["ledger", "comment"] {
        let repository = Repository::new();
        if accept == "ledger" {
            repository.ledger("2026-12-10");
            repository.commit();
        }
        repository.edit("infra/delivery.tf", "max_session_duration = 3600", "max_session_duration = 3601");
        repository.says_drift(accept != "ledger");
        if accept == "comment" {
            let comment = "3601 # driftline:ignore[max_session_duration] exp:2026-12-10 owner:team -- long builds";
            repository.edit("infra/delivery.tf", "3601", comment);
            repository.says_drift(false);
        }
    }
}

impl Repository {
    #[track_caller]
    fn says_drift(&self, says: bool) {
        let (_, lines) = self.hook(&[]);
        assert_eq!(lines.iter().any(|line| line.contains(SESSION)), says, "{lines:#?}");
    }
}

// ---- 3: exceptions that end

#[test]
fn an_expired_exception_is_an_error_when_its_ledger_is_changed() {
    let repository = Repository::new();
    repository.ledger("2026-11-20");
    repository.git(&["add", "driftline.exceptions.toml"]);
    repository.says(3, &["driftline.exceptions.toml:2: error: exception `EX-1` has expired on 2026-11-20"]);
    repository.ledger("2026-11-28");
    repository.git(&["add", "driftline.exceptions.toml"]);
    repository.says(0, &["warning: exception `EX-1` ends on 2026-11-28", "[exception_ending]"]);
    repository.ledger("2026-11-29");
    repository.git(&["add", "driftline.exceptions.toml"]);
    repository.is_quiet();
}

#[test]
fn an_expired_exception_is_an_error_when_what_it_covers_is_changed() {
    let repository = Repository::new();
    repository.ledger("2026-11-20");
    repository.commit();
    repository.edit("infra/delivery.tf", "client_id_list = [", "client_id_list  = [");
    repository.is_quiet();
    repository.edit("infra/delivery.tf", "\"Rolls the shop out from GitHub Actions\"", "\"Rolls out\"");
    let (status, lines) = repository.hook(&[]);
    assert_eq!((status, lines.len()), (3, 2), "{lines:#?}");
    assert!(lines[0].contains("exception `EX-1` has expired"), "{lines:#?}");
}

// ---- 4: exceptions that are not right

#[test]
fn an_exception_that_lacks_something_is_an_error() {
    let repository = Repository::new();
    repository.ledger("2026-12-10");
    repository.git(&["add", "driftline.exceptions.toml"]);
    repository.is_quiet();
    repository.edit("driftline.exceptions.toml", "owner = \"team\"\n", "");
    repository.says(3, &["driftline.exceptions.toml:1: error: exception `EX-1` covers nothing: `owner` is missing"]);
}

#[test]
fn an_exception_without_a_ticket_is_a_warning_where_it_is_new() {
    let repository = Repository::new();
    repository.ledger("2026-12-10");
    repository.edit("driftline.exceptions.toml", "ticket = \"T-1\"\n", "");
    repository
        .says(0, &["driftline.exceptions.toml:2: warning: exception `EX-1` names no ticket [exception_malformed]"]);
    repository.commit();
    repository.append("driftline.exceptions.toml", "# a comment\n");
    repository.is_quiet();
}

// ---- 5: exceptions at the line

#[test]
fn a_comment_that_no_ledger_knows_of_is_a_warning() {
    let comment =
        "\n  # driftline:ignore[max_session_duration] exp:2026-12-10 owner:team -- long builds\n  max_session_duration";
    let repository = Repository::new();
    repository.edit("infra/delivery.tf", "\n  max_session_duration", comment);
    repository.says(0, &["infra/delivery.tf:9: warning: this is accepted at the line alone", "[exception_undeclared]"]);
    let declared = Repository::new();
    declared.ledger("2026-12-10");
    declared.commit();
    declared.edit("infra/delivery.tf", "\n  max_session_duration", comment);
    declared.is_quiet();
}

#[test]
fn a_comment_that_is_not_right_is_an_error() {
    let repository = Repository::new();
    repository.edit("infra/storage.tf", "\n", "\n# driftline:ignore[policy] owner:team -- why\n");
    repository.says(3, &["infra/storage.tf:2: error: ", "it has no end", "[exception_malformed]"]);
}

// ---- 6: privilege

#[test]
fn administrators_by_name_are_errors_in_whatever_file_the_name_is_added() {
    let cases = [
        ("infra/more.tf", "locals {\n  a = \"arn:${local.p}:iam::aws:policy/AdministratorAccess\"\n}\n", 2),
        ("infra/more.auto.tfvars", "policies = [\n  \"AdministratorAccess\",\n]\n", 2),
        ("infra/data/people.yaml", "ada:\n  policies: [ReadOnlyAccess, IAMFullAccess]\n", 2),
        (
            "infra/more.tf",
            "resource \"postgresql_grant_role\" \"a\" {\n  grant_role = \"pg_read_server_files\"\n}\n",
            2,
        ),
        ("infra/more.tf.json", "{\"locals\": {\"a\":\n \"AdministratorAccess\"}}\n", 2),
    ];
    for (path, text, line) in cases {
        let repository = Repository::new();
        repository.stage(path, text);
        repository.says(3, &[&format!("{path}:{line}: error: "), "[privilege]"]);
        repository.commit();
        repository.append(path, " ");
        let (_, lines) = repository.hook(&[]);
        assert!(
            !lines.iter().any(|line| line.contains("[privilege]")) || path.ends_with(".json"),
            "{path}: {lines:#?}"
        );
    }
}

#[test]
fn names_that_only_look_like_an_administrators_are_not() {
    let repository = Repository::new();
    repository.stage(
        "infra/more.tf",
        "# AdministratorAccess\nlocals {\n  a = \"arn:aws:iam::123456789012:policy/AdministratorAccess\"\n  b = \
         \"AdministratorAccessNot\"\n}\n",
    );
    repository.stage("infra/data/people.yaml", "ada: [ReadOnlyAccess] # not AdministratorAccess\n");
    repository.is_quiet();
}

#[test]
fn wildcards_over_actions_are_told_where_they_allow() {
    let repository = Repository::new();
    let statement = |effect: &str, actions: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n    effect = \"{effect}\"\n    actions = \
             [{actions}]\n    resources = [\"*\"]\n  }}\n}}\n"
        )
    };
    repository.stage("infra/more.tf", &statement("Allow", "\"*\""));
    repository.says(3, &["infra/more.tf:4: error: it allows every action [privilege]"]);
    repository.stage("infra/more.tf", &statement("Allow", "\"iam:*\""));
    repository.says(0, &["infra/more.tf:4: warning: it allows every action of `iam` [privilege]"]);
    repository.stage("infra/more.tf", &statement("Deny", "\"*\", \"iam:*\""));
    repository.is_quiet();
    repository.stage("infra/more.tf", &statement("Allow", "\"s3:Get*\", \"s3:ListBucket\""));
    repository.is_quiet();
}

#[test]
fn policy_documents_in_json_and_heredocs_are_looked_into() {
    let document = "{\n  \"Statement\": [\n    {\"Effect\": \"Deny\", \"Action\": \"kms:*\", \"Resource\": \"*\"},\n    \
                    {\"Effect\": \"Allow\", \"Action\": [\"sts:*\"], \"Principal\": {\"AWS\": \"*\"}}\n  ]\n}\n";
    let repository = Repository::new();
    repository.stage("infra/policies/a.json", document);
    let said =
        |lines: Vec<String>| lines.iter().map(|line| line.split(" [").next().unwrap().to_owned()).collect::<Vec<_>>();
    let (status, lines) = repository.hook(&[]);
    let expected = [
        "infra/policies/a.json:4: warning: it allows every action of `sts`",
        "infra/policies/a.json:4: warning: it lets everybody in whom no condition keeps out",
    ];
    assert_eq!((status, said(lines)), (0, expected.map(str::to_owned).to_vec()));
    repository.git(&["reset", "-q", "--hard"]);
    repository.stage("infra/more.tf", &format!("locals {{\n  a = <<-EOF\n{document}  EOF\n}}\n"));
    let (status, lines) = repository.hook(&[]);
    let expected = expected.map(|line| line.replace("policies/a.json:4", "more.tf:6"));
    assert_eq!((status, said(lines)), (0, expected.to_vec()));
}

#[test]
fn new_principals_are_told_where_they_are_written() {
    let repository = Repository::new();
    repository.edit("infra/main.tf", "    grace  =", "    mallory = { team = \"data\", title = \"x\" }\n    grace  =");
    let (status, lines) = repository.hook(&[]);
    let new: Vec<_> = lines.iter().filter(|line| line.contains("[privilege]")).collect();
    assert_eq!((status, new.len()), (0, 1), "{lines:#?}");
    assert_eq!(new[0], "infra/main.tf:22: warning: new principal: user `mallory` [privilege]");
}

#[test]
fn who_is_let_in_by_a_trust_policy_is_told_and_services_are_not() {
    let repository = Repository::new();
    let trust = |kind: &str, who: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n    actions = [\"sts:AssumeRole\"]\n    principals \
             {{\n      type = \"{kind}\"\n      identifiers = [\"{who}\"]\n    }}\n  }}\n}}\n"
        )
    };
    repository.stage("infra/more.tf", &trust("AWS", "arn:aws:iam::999999999999:root"));
    repository.says(0, &["infra/more.tf:6: warning: it lets `arn:aws:iam::999999999999:root` in [privilege]"]);
    repository.stage("infra/more.tf", &trust("Service", "ec2.amazonaws.com"));
    repository.is_quiet();
}

#[test]
fn a_superuser_is_an_error_and_other_flags_are_not() {
    let repository = Repository::new();
    let role = |superuser: bool| {
        format!(
            "resource \"postgresql_role\" \"a\" {{\n  name = var.a\n  superuser = {superuser}\n  login = true\n}}\n"
        )
    };
    repository.stage("infra/more.tf", &role(true));
    repository.says(3, &["infra/more.tf:3: error: it makes a superuser [privilege]"]);
    repository.stage("infra/more.tf", &role(false));
    repository.is_quiet();
}

#[test]
fn what_is_meant_is_accepted_by_a_comment_until_its_day() {
    let repository = Repository::new();
    let with = |end: &str| {
        let comment = format!("# driftline:ignore[privilege] exp:{end} owner:team -- break glass");
        format!("locals {{\n  {comment}\n  a = \"AdministratorAccess\"\n}}\n")
    };
    repository.stage("infra/more.tf", &with("2026-12-10"));
    repository.is_quiet();
    repository.stage("infra/more.tf", &with("2026-11-20"));
    let (status, lines) = repository.hook(&[]);
    assert_eq!((status, lines.len()), (3, 2), "{lines:#?}");
}

// ---- 7: deleted, and live

const USER: &str = "\nresource \"aws_iam_user\" \"ada\" {\n  name = \"ada\"\n}\n";

/// A root module whose only user is live.
fn with_user() -> Repository {
    let repository = Repository::new();
    repository.stage("team/main.tf", &format!("locals {{}}\n{USER}"));
    repository.commit();
    repository
}

#[test]
fn a_deleted_block_whose_thing_is_live_is_told() {
    let repository = with_user();
    repository.stage("team/main.tf", "locals {}\n");
    repository.says(
        0,
        &["team/main.tf:2: warning: `aws_iam_user.ada` is deleted here, and user `ada` is live", "[deleted_live]"],
    );
    let (_, lines) = repository.hook(&["--live", "driftline.snapshot.json"]);
    assert_eq!(lines.len(), 1, "{lines:#?}");
}

#[test]
fn from_wherever_it_runs_the_same_is_evaluated() {
    let repository = Repository::new();
    let module = "module \"team\" {\n  source = \"../modules/team\"\n}\n";
    repository.stage("root/main.tf", module);
    repository.stage("modules/team/main.tf", USER);
    repository.commit();
    repository.stage("modules/team/main.tf", "locals {}\n");
    repository.stage("root/main.tf", &format!("# more\n{module}"));
    for (dir, path) in [(".", "modules/team/main.tf"), ("root", "../modules/team/main.tf"), ("modules/team", "main.tf")]
    {
        let (status, lines) = repository.hook_in(dir, &[]);
        assert_eq!(status, 0);
        assert!(lines.iter().any(|line| line.contains("`module.team.aws_iam_user.ada` is deleted here")), "{lines:#?}");
        assert!(lines.iter().all(|line| line.starts_with(path)), "{dir}: {lines:#?}");
    }
    let (_, lines) = repository.hook_in("modules", &["../root"]);
    assert_eq!(lines.len(), 1, "{lines:#?}");
}

#[test]
fn a_deleted_file_or_directory_is_told_as_well() {
    let repository = with_user();
    repository.git(&["rm", "-qr", "team"]);
    repository.says(0, &["team/main.tf: warning: `aws_iam_user.ada` is deleted here"]);
}

#[test]
fn an_instance_whose_entry_is_deleted_is_told() {
    let repository = Repository::new();
    repository.edit("infra/main.tf", "    grace  = { team = \"platform\", title = \"Site reliability\" }\n", "");
    let (_, lines) = repository.hook(&[]);
    assert!(lines.iter().any(|line| line.contains("`aws_iam_user.person[\"grace\"]` is deleted here")), "{lines:#?}");
}

#[test]
fn what_is_not_live_or_is_let_go_or_only_moves_is_not() {
    let quiet = |change: &dyn Fn(&Repository)| {
        let repository = with_user();
        change(&repository);
        repository.is_quiet();
    };
    quiet(&|repository| {
        let removed = "removed {\n  from = aws_iam_user.ada\n  lifecycle {\n    destroy = false\n  }\n}\n";
        repository.stage("team/main.tf", removed);
    });
    quiet(&|repository| {
        let moved = "moved {\n  from = aws_iam_user.ada\n  to = aws_iam_user.lovelace\n}\n";
        repository.stage("team/main.tf", &(USER.replace("\"ada\" {", "\"lovelace\" {") + moved));
    });
    quiet(&|repository| {
        repository.git(&["mv", "team/main.tf", "team/people.tf"]);
    });
    quiet(&|repository| {
        repository.stage("team/main.tf", "locals {}\n");
        repository.stage("team/people.tf", USER);
    });
    quiet(&|repository| {
        let snapshot = repository.read("driftline.snapshot.json");
        assert!(snapshot.contains("ada"));
        fs::remove_file(repository.path("driftline.snapshot.json")).unwrap();
        repository.stage("team/main.tf", "locals {}\n");
    });
}

// ---- what git is about to commit

#[test]
fn what_is_staged_counts_and_not_what_is_in_the_work_tree() {
    let repository = Repository::new();
    repository.stage("infra/more.tf", "locals {\n  a = 1\n}\n");
    repository.write("infra/more.tf", "locals {\n  a = \"AdministratorAccess\"\n}\n");
    repository.is_quiet();
    repository.git(&["add", "infra/more.tf"]);
    repository.write("infra/more.tf", "locals {\n  a = 1\n}\n");
    repository.says(3, &["infra/more.tf:2: error"]);
    fs::remove_file(repository.path("infra/more.tf")).unwrap();
    repository.says(3, &["infra/more.tf:2: error"]);
}

#[test]
fn what_is_evaluated_is_what_is_staged() {
    let repository = with_user();
    // The block is still staged, and gone from the work tree only.
    repository.stage("team/other.tf", "# more\n");
    repository.write("team/main.tf", "locals {}\n");
    repository.is_quiet();
    // The block is gone from the index, and still in the work tree.
    repository.git(&["add", "team/main.tf"]);
    repository.write("team/main.tf", USER);
    repository.says(0, &["`aws_iam_user.ada` is deleted here"]);
}

#[test]
fn the_first_commit_is_judged_against_nothing() {
    let repository = Repository::empty();
    repository.stage("main.tf", "locals {\n  a = \"AdministratorAccess\"\n}\n");
    let (status, lines) = repository.hook(&[]);
    assert_eq!(status, 3);
    assert!(lines.iter().any(|line| line.starts_with("main.tf:2: error")), "{lines:#?}");
}

#[test]
fn paths_are_named_from_where_it_runs() {
    let repository = Repository::new();
    repository.edit("infra/delivery.tf", "\"Rolls the shop out from GitHub Actions\"", "\"Rolls out\"");
    repository.stage("more.tf", "locals {\n  a = \"AdministratorAccess\"\n}\n");
    let (status, lines) = repository.hook_in("infra/modules", &[]);
    assert_eq!((status, lines.len()), (3, 2), "{lines:#?}");
    assert!(lines[0].starts_with("../../more.tf:2: error"), "{lines:#?}");
    assert!(lines[1].starts_with("../delivery.tf:8: warning"), "{lines:#?}");
}

#[test]
fn a_report_made_in_a_subdirectory_is_understood() {
    let repository = Repository::new();
    let told = repository.driftline("infra", &["check", "--live", "live.snapshot.json", "--format", "json"]);
    repository.write("driftline.report.json", &String::from_utf8(told.stdout).unwrap());
    repository.edit("infra/delivery.tf", "\"Rolls the shop out from GitHub Actions\"", "\"Rolls out\"");
    let (_, lines) = repository.hook(&[]);
    assert!(
        lines.iter().any(|line| line.starts_with("infra/delivery.tf:8: warning") && line.contains(SESSION)),
        "{lines:#?}"
    );
}

#[test]
fn a_linked_work_tree_has_its_own_index() {
    let repository = Repository::new();
    repository.git(&["worktree", "add", "-q", "linked"]);
    fs::copy(repository.path("driftline.report.json"), repository.path("linked/driftline.report.json")).unwrap();
    let text = repository.read("infra/delivery.tf").replace("Rolls the shop out", "Rolls");
    repository.write("linked/infra/delivery.tf", &text);
    repository.git(&["-C", "linked", "add", "infra"]);
    let (_, lines) = repository.hook_in("linked", &[]);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("infra/delivery.tf:8: warning"), "{lines:#?}");
    repository.is_quiet();
}

#[test]
fn renames_binaries_and_strange_names_are_taken_as_they_are() {
    let repository = Repository::new();
    repository.git(&["mv", "infra/delivery.tf", "infra/dé livery\".tf"]);
    fs::write(repository.path("infra/binary.tf"), [0_u8, 159, 146, 150]).unwrap();
    fs::write(repository.path("infra/picture.json"), [0xff_u8, 0xd8, 0xff]).unwrap();
    repository.write("infra/a\nb.tf", "locals {\n  a = \"AdministratorAccess\"\n}\n");
    std::os::unix::fs::symlink("main.tf", repository.path("infra/link.tf")).unwrap();
    repository.git(&["add", "-A"]);
    repository.says(3, &["infra/a\\u{a}b.tf:2: error"]);
    repository.git(&["reset", "-q", "infra/a\nb.tf"]);
    fs::remove_file(repository.path("infra/a\nb.tf")).unwrap();
    repository.is_quiet();
    repository.edit("infra/dé livery\".tf", "Rolls the shop out", "Rolls");
    let (_, lines) = repository.hook(&[]);
    assert!(lines.iter().any(|line| line.starts_with("infra/dé livery\".tf:8: warning")), "{lines:#?}");
}

#[test]
fn a_range_of_commits_is_judged_as_a_push_brings_it() {
    let repository = Repository::new();
    repository.stage("infra/more.tf", "locals {\n  a = \"AdministratorAccess\"\n}\n");
    repository.commit();
    repository.is_quiet();
    let (status, lines) = repository.hook(&["--from-ref", "HEAD~1", "--to-ref", "HEAD"]);
    assert_eq!((status, lines.len()), (3, 1), "{lines:#?}");
    let (status, lines) = repository.hook(&["--from-ref", "nowhere", "--to-ref", "HEAD"]);
    assert_eq!(status, 1, "{lines:#?}");
    assert!(lines[0].starts_with("error: git cannot tell what is staged"), "{lines:#?}");
}

#[test]
fn as_gits_own_hook_it_stops_a_commit_of_the_files_that_are_named() {
    let repository = Repository::new();
    let hook = format!("#!/bin/sh\nexec '{}' hook --now {NOW}\n", env!("CARGO_BIN_EXE_driftline"));
    repository.write(".git/hooks/pre-commit", &hook);
    repository.run("chmod", &["+x", ".git/hooks/pre-commit"], &[]);
    repository.stage("infra/more.tf", "locals {\n  a = \"AdministratorAccess\"\n}\n");
    let refused = repository.run("git", &["commit", "-qm", "no"], &[]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("infra/more.tf:2: error"));
    // Only the other file is committed, with an index of its own.
    repository.write("infra/storage.tf", &(repository.read("infra/storage.tf") + "\n# more\n"));
    let done = repository.run("git", &["commit", "-qm", "yes", "infra/storage.tf"], &[]);
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn outside_of_a_repository_there_is_nothing_to_check() {
    let repository = Repository::empty();
    fs::remove_dir_all(repository.path(".git")).unwrap();
    repository.says(1, &["this is no git repository"]);
}

#[test]
fn settings_of_the_team_hold() {
    let repository = Repository::new();
    repository.write("driftline.toml", "strict = true\nwarn_after = 1\nfail_on = \"high\"\n");
    repository.append("infra/storage.tf", "\n# nothing\n");
    let (status, lines) = repository.hook(&[]);
    assert_eq!(status, 3, "{lines:#?}");
    assert!(lines.iter().all(|line| line.contains("[snapshot_age]")) && !lines.is_empty(), "{lines:#?}");
}
