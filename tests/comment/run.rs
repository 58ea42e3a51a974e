//! Runs of the binary, and the reports that they tell of.

use crate::forge::{File, Forge, HEAD, TOKEN};
use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

const QUICKSTART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/quickstart");

/// A file of the repository, as the forge names it.
pub(crate) const DELIVERY: &str = "infra/identity/delivery.tf";

/// A repository with the quick start in it.
pub(crate) struct Repository {
    dir: tempfile::TempDir,
}

/// A report of the quick start with patches, of a run in `infra`. Made once.
static REPORT: LazyLock<String> = LazyLock::new(|| {
    let repository = Repository::new();
    let output = Command::new(env!("CARGO_BIN_EXE_driftline"))
        .args(["check", "identity", "--live", "identity/live.snapshot.json", "--format", "json", "--patches"])
        .current_dir(repository.here())
        .env_clear()
        .env("HOME", repository.dir.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
});

/// The report as of a minute.
pub(crate) fn report(minute: u32) -> Json {
    let mut report: Json = serde_json::from_str(&REPORT).unwrap();
    report["run"]["finished_at"] = format!("2026-11-21T03:{minute:02}:09.123456Z").into();
    report
}

/// The report as of a minute in which nothing differs.
pub(crate) fn clean(minute: u32) -> Json {
    let mut report = report(minute);
    report["findings"] = Json::Array(Vec::new());
    report["gaps"] = Json::Array(Vec::new());
    report
}

impl Repository {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join(".git")).unwrap();
        let repository = Repository { dir };
        let module = repository.here().join("identity");
        fs::create_dir_all(&module).unwrap();
        for entry in fs::read_dir(QUICKSTART).unwrap().map(|entry| entry.unwrap()).filter(|e| e.path().is_file()) {
            fs::copy(entry.path(), module.join(entry.file_name())).unwrap();
        }
        repository
    }

    /// Where driftline runs.
    pub(crate) fn here(&self) -> PathBuf {
        self.dir.path().join("infra")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The lines `from` to `to` of a file as a diff that adds those of `added`.
    pub(crate) fn file(&self, path: &str, from: usize, to: usize, added: &[usize]) -> File {
        let text = fs::read_to_string(self.path(path)).unwrap();
        let count = to - from + 1;
        let mut patch = format!("@@ -{from},{} +{from},{count} @@ some context", count - added.len());
        for (at, line) in text.split('\n').enumerate().skip(from - 1).take(count) {
            patch += &format!("\n{}{line}", if added.contains(&(at + 1)) { '+' } else { ' ' });
        }
        File { path: path.to_owned(), patch }
    }

    fn command(&self, forge: &Forge, which: &str, report: &Json, more: &[&str]) -> Command {
        let file = self.path(&format!("report-{}.json", report["run"]["finished_at"].as_str().unwrap()));
        fs::write(&file, report.to_string()).unwrap();
        let (repository, token) = match which {
            "github" => ("acme/infra", "GITHUB_TOKEN"),
            _ => ("42", "GITLAB_TOKEN"),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
        command
            .arg("comment")
            .arg("--from")
            .arg(file)
            .args(["--forge", which, "--repository", repository, "--number", "7", "--head", HEAD])
            .args(["--api-url", &forge.url()])
            .args(more)
            .current_dir(self.here())
            .env_clear()
            .env(token, TOKEN)
            .env("GITHUB_STEP_SUMMARY", self.path("summary.md"));
        command
    }

    /// A run that has ended; whatever comes of it, the token shows nowhere.
    pub(crate) fn comment(&self, forge: &Forge, which: &str, report: &Json, more: &[&str]) -> Run {
        Run::of(self.command(forge, which, report, more).output().unwrap())
    }

    /// As above, in an environment with more in it.
    pub(crate) fn comment_in(&self, forge: &Forge, report: &Json, variables: &[(&str, &str)], more: &[&str]) -> Run {
        let mut command = self.command(forge, "github", report, more);
        Run::of(command.envs(variables.iter().copied()).output().unwrap())
    }

    /// A run that is still going on.
    pub(crate) fn start(&self, forge: &Forge, which: &str, report: &Json) -> Child {
        let mut command = self.command(forge, which, report, &[]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub(crate) fn summary(&self) -> String {
        fs::read_to_string(self.path("summary.md")).unwrap_or_default()
    }
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let run = Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        assert!(!run.out.contains(TOKEN) && !run.err.contains(TOKEN), "the token shows: {run:?}");
        run
    }

    #[track_caller]
    pub(crate) fn ended(&self, code: i32, saying: &str) {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.err.contains(saying), "{self:?}");
    }
}

/// Whether a path holds nothing secret.
pub(crate) fn holds_no_token(path: &Path) -> bool {
    fs::read_to_string(path).is_ok_and(|text| !text.contains(TOKEN))
}
