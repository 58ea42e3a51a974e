//! `driftline hook`: what is staged, held against the last report before it is committed; offline.

use super::configured::FileOptions;
use super::saved_report::SavedReport;
use super::terminal;
use crate::hook::{self, Given, Level, Limits, Meant, Notice, Saved};
use crate::model::{Fact, Problem};
use crate::providers;
use crate::report::ExitStatus;
use crate::snapshot;
use crate::source::clean::for_terminal;
use crate::source::repository;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Where a report and a snapshot are looked for, from the repository's root.
const REPORT: &str = "driftline.report.json";
const SNAPSHOT: &str = "driftline.snapshot.json";

/// Check what is staged before it is committed: no network, no terraform
#[derive(clap::Args)]
pub(super) struct Args {
    /// Root modules to evaluate; by default the directories of the files that are staged
    #[arg(value_name = "DIR")]
    dirs: Vec<PathBuf>,

    #[command(flatten)]
    file: FileOptions,

    /// The JSON report of the last check; by default `driftline.report.json` in the repository's root
    #[arg(long, value_name = "FILE", env = "DRIFTLINE_REPORT")]
    report: Option<PathBuf>,

    /// Saved facts (`driftline snapshot`), to tell what of that which is deleted is live; by default
    /// `driftline.snapshot.json` in the repository's root, where there is one
    #[arg(long, value_name = "SNAPSHOT", env = "DRIFTLINE_LIVE")]
    live: Vec<PathBuf>,

    /// Warn when the report is older than this many hours; 0 is never
    #[arg(long, value_name = "HOURS", default_value_t = 24, env = "DRIFTLINE_WARN_AFTER")]
    warn_after: u32,

    /// Fail when the report is older than this many hours; 0 is never
    #[arg(long, value_name = "HOURS", default_value_t = 168, env = "DRIFTLINE_FAIL_AFTER")]
    fail_after: u32,

    /// Warnings fail the run, too
    #[arg(long, env = "DRIFTLINE_STRICT")]
    strict: bool,

    /// In place of what is staged: what `--to-ref` has that this commit has not; pre-commit sets both for a push
    #[arg(long, value_name = "COMMIT", requires = "to_ref", env = "PRE_COMMIT_FROM_REF")]
    from_ref: Option<String>,

    /// The commit that is judged
    #[arg(long, value_name = "COMMIT", requires = "from_ref", env = "PRE_COMMIT_TO_REF")]
    to_ref: Option<String>,

    /// The time it is to be taken for, for example 2026-12-31T12:00:00Z
    #[arg(long, value_name = "TIME", env = "DRIFTLINE_NOW")]
    now: Option<Timestamp>,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let here = std::env::current_dir().and_then(|dir| dir.canonicalize());
    let here = here.map_err(|error| Problem::new(format!("cannot tell the current directory: {error}")))?;
    let report_path = args.report.clone().unwrap_or_else(|| in_root(&here, REPORT));
    let report = report_path.exists().then(|| read(&report_path)).transpose()?;
    let limits = Limits {
        now: args.now.unwrap_or_else(Timestamp::now),
        warn_after: args.warn_after,
        fail_after: args.fail_after,
    };
    let snapshots = snapshots(args, &here)?;
    let given = Given {
        report: report.as_ref(),
        report_path: report_path.display().to_string(),
        snapshots: snapshots.iter().map(Snapshot::age).collect::<Result<_, _>>()?,
        facts: &|| facts(&snapshots),
        dirs: &args.dirs,
        limits: &limits,
    };
    let meant = match (&args.from_ref, &args.to_ref) {
        (Some(from), Some(to)) => Meant::Between { from: from.clone(), to: to.clone() },
        _ => Meant::Staged,
    };
    let notices = hook::judge(&here, meant, &given)?;
    terminal::out(|out| out.write_all(text(&notices).as_bytes()))?;
    let fails = |notice: &Notice| args.strict || notice.level == Level::Error;
    Ok(if notices.iter().any(fails) { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// A file of the repository, as it is named from where driftline runs.
fn in_root(here: &Path, path: &str) -> PathBuf {
    let below = repository(here).and_then(|root| here.strip_prefix(root).ok()).unwrap_or(Path::new(""));
    below.components().map(|_| "..").collect::<PathBuf>().join(path)
}

fn read(path: &Path) -> Result<Saved, Problem> {
    let report = SavedReport::read(path)?;
    Saved::of(path, &report.run, &report.sources, &report.findings)
}

/// Saved facts, not looked into yet.
struct Snapshot {
    path: String,
    text: String,
}

impl Snapshot {
    fn age(&self) -> Result<(String, Timestamp), Problem> {
        Ok((self.path.clone(), snapshot::taken_at(&self.text, &self.path)?))
    }
}

fn snapshots(args: &Args, here: &Path) -> Result<Vec<Snapshot>, Problem> {
    let paths = match args.live.as_slice() {
        [] => vec![in_root(here, SNAPSHOT)].into_iter().filter(|path| path.exists()).collect(),
        named => named.to_vec(),
    };
    let read = |path: &PathBuf| {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::new(format!("cannot read the snapshot: {error}")).at(&shown))?;
        Ok(Snapshot { path: shown, text })
    };
    paths.iter().map(read).collect()
}

fn facts(snapshots: &[Snapshot]) -> Result<Vec<Fact>, Problem> {
    let kinds = providers::kinds();
    let mut facts = Vec::new();
    for Snapshot { path, text } in snapshots {
        facts.extend(snapshot::load(text, path, &kinds)?.facts);
    }
    Ok(facts)
}

/// Each part on one line of its own: a name with a line's end must not look like another notice.
fn text(notices: &[Notice]) -> String {
    let clean = |text: &str| for_terminal(text, false);
    let cleaned = notices.iter().map(|notice| Notice {
        path: clean(&notice.path),
        message: clean(&notice.message),
        help: clean(&notice.help),
        ..notice.clone()
    });
    cleaned.map(|notice| format!("{notice}\n")).collect()
}
