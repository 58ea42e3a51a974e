//! `driftline exceptions`: the ledger of accepted differences, offline.

use super::outputs::write_file;
use super::saved_report::SavedReport;
use super::terminal;
use crate::check::{ledgers, today};
use crate::exceptions::{self, Draft, Entry, Ledger};
use crate::model::{Problem, Severity};
use crate::report::ExitStatus;
use crate::settings;
use crate::source::clean::for_terminal;
use clap::Subcommand;
use jiff::civil::Date;
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// List, add and check accepted differences (`driftline.exceptions.toml`); offline
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the exceptions, those that end first first
    List {
        #[command(flatten)]
        at: At,
    },
    /// Add an exception for a finding of a JSON report
    Add(Add),
    /// Check the ledgers: what is not right, what has expired, what ends soon; with a report also what matches nothing
    Check {
        #[command(flatten)]
        at: At,

        /// A JSON report of a whole check
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// Which ledgers, on which day.
#[derive(clap::Args)]
struct At {
    /// Root modules whose ledgers are meant
    #[arg(value_name = "DIR", default_value = ".")]
    dirs: Vec<PathBuf>,

    /// The day it is to be taken for, in UTC, for example 2026-12-31
    #[arg(long, value_name = "DATE", env = "DRIFTLINE_AS_OF")]
    as_of: Option<Date>,
}

#[derive(clap::Args)]
struct Add {
    /// Id of the finding
    #[arg(value_name = "FINDING")]
    finding: String,

    /// The JSON report that holds it
    #[arg(long, value_name = "FILE")]
    report: PathBuf,

    /// The ledger to write to; by default the one that belongs to the current directory, else a new one in it
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,

    /// Who answers for it
    #[arg(long)]
    owner: String,

    /// Why it is right
    #[arg(long)]
    reason: String,

    /// Who agreed
    #[arg(long)]
    approved_by: String,

    /// The last day on which it holds, in UTC
    #[arg(long, value_name = "DATE")]
    expires: Date,

    /// What it is to be known by
    #[arg(long)]
    id: Option<String>,

    /// Accept exactly this difference: one that grew from it is reported again
    #[arg(long)]
    exact: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    match &args.action {
        Action::List { at } => list(at),
        Action::Add(add) => self::add(add),
        Action::Check { at, report } => check(at, report.as_deref()),
    }
}

fn list(at: &At) -> Result<ExitStatus, Problem> {
    let today = at.as_of.unwrap_or_else(today);
    let ledgers = at.ledgers()?;
    let mut entries: Vec<&Entry> = ledgers.iter().flat_map(|ledger| &ledger.entries).collect();
    entries.sort_by_key(|entry| (entry.expires, &entry.id));
    let mut text = String::new();
    for entry in entries {
        let has_ended = if entry.expires < today { "ended" } else { "until" };
        let ticket = entry.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
        line(&mut text, &format!("{}  {has_ended} {}  {}{ticket}", entry.id, entry.expires, entry.owner));
        line(&mut text, &format!("  {}", entry.reason));
        line(&mut text, &format!("  {}", entry.at));
    }
    terminal::out(|out| out.write_all(text.as_bytes()))?;
    let faults = ledgers.iter().map(|ledger| ledger.faults.len()).sum::<usize>();
    if faults > 0 {
        terminal::say(&format!("{faults} more are not right: `driftline exceptions check` tells what"));
    }
    Ok(ExitStatus::Clean)
}

fn check(at: &At, report: Option<&Path>) -> Result<ExitStatus, Problem> {
    let today = at.as_of.unwrap_or_else(today);
    let report = report.map(SavedReport::read).transpose()?;
    let mut text = String::new();
    let mut is_failed = false;
    for ledger in at.ledgers()? {
        for fault in &ledger.faults {
            is_failed = true;
            line(&mut text, &format!("{}: exception `{}`: {}", fault.at, fault.id, fault.message));
            line(&mut text, &format!("  help: {}", fault.help));
        }
        for entry in &ledger.entries {
            let left = exceptions::days(today, entry.expires);
            let said = match left {
                ..0 => Some(format!("it has expired on {}", entry.expires)),
                0..=exceptions::ENDING_DAYS => Some(format!("it ends on {}", entry.expires)),
                _ => None,
            };
            is_failed |= left < 0;
            let unused = report.as_ref().is_some_and(|report| !uses(report, entry));
            is_failed |= unused;
            let unused = unused.then(|| "nothing in the report is what it covers".to_owned());
            for said in [said, unused].into_iter().flatten() {
                line(&mut text, &format!("{}: exception `{}`: {said} ({})", entry.at, entry.id, entry.owner));
            }
        }
    }
    terminal::out(|out| out.write_all(text.as_bytes()))?;
    Ok(if is_failed { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// Whether the report's run found something that the exception covers, accepted or not.
fn uses(report: &SavedReport, entry: &Entry) -> bool {
    let is_unused = |finding: &Value| finding["rule"] == "DL202" && finding["key"]["id"] == entry.id.as_str();
    !report.findings.iter().any(is_unused)
}

fn add(args: &Add) -> Result<ExitStatus, Problem> {
    let report = SavedReport::read(&args.report)?;
    let found = report.finding(&args.finding, "ids stand in brackets behind each finding's title")?;
    refuse_too_long(found, args.expires)?;
    let delta = match (args.exact, found["delta"].as_str()) {
        (false, _) => None,
        (true, Some(delta)) => Some(delta.to_owned()),
        (true, None) => {
            return Err(Problem::new("this difference cannot be told exactly: a part of it is secret or not known")
                .at(args.report.display().to_string())
                .help("leave `--exact` away"));
        }
    };
    let ledger = match &args.ledger {
        Some(path) => path.clone(),
        None => settings::find(Path::new("."), exceptions::NAME).unwrap_or_else(|| PathBuf::from(exceptions::NAME)),
    };
    let draft = Draft {
        id: args.id.clone(),
        owner: Some(args.owner.clone()),
        reason: Some(args.reason.clone()),
        approved_by: Some(args.approved_by.clone()),
        expires: Some(args.expires.to_string()),
        delta,
    };
    let entry = draft.entry(&exceptions::About::of_report(found));
    let before = match std::fs::read_to_string(&ledger) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(Problem::new(format!("cannot read the ledger: {error}")).at(ledger.display().to_string()));
        }
    };
    let after = appended(&before, &entry);
    refuse_wrong(&after, &ledger)?;
    // All of it or nothing: half a ledger would cover nothing.
    write_file(&ledger, |out| out.write_all(after.as_bytes()))
        .map_err(|error| Problem::new(format!("cannot write the ledger: {error}")).at(ledger.display().to_string()))?;
    terminal::out(|out| out.write_all(entry.as_bytes()))?;
    Ok(ExitStatus::Clean)
}

/// An exception that has ended or that lasts too long for its finding would cover nothing.
fn refuse_too_long(found: &Value, expires: Date) -> Result<(), Problem> {
    let severity = Severity::ALL.into_iter().find(|severity| found["severity"] == severity.name());
    let longest = severity.map_or(0, exceptions::longest);
    let left = exceptions::days(today(), expires);
    if (0..=longest).contains(&left) {
        return Ok(());
    }
    let name = severity.map_or("unknown", Severity::name);
    Err(Problem::new(format!("`--expires {expires}` is no day for a finding of severity {name}"))
        .help(format!("give one from today on, at most {longest} days ahead")))
}

/// The ledger with one more entry; what stands in it stays as it is.
fn appended(before: &str, entry: &str) -> String {
    let gap = match before {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    format!("{before}{gap}{entry}")
}

/// Nothing is written that the next check would find wrong: an id that is taken, an empty reason.
fn refuse_wrong(text: &str, path: &Path) -> Result<(), Problem> {
    let ledger = Ledger::of(&crate::source::SourceFile::new(path.display().to_string(), text));
    match ledger.faults.first() {
        None => Ok(()),
        Some(fault) => Err(Problem::new(format!("exception `{}`: {}", fault.id, fault.message))
            .at(fault.at.to_string())
            .help(&fault.help)),
    }
}

impl At {
    fn ledgers(&self) -> Result<Vec<Ledger>, Problem> {
        ledgers(self.dirs.iter().map(PathBuf::as_path))
    }
}

fn line(text: &mut String, said: &str) {
    // Writing to a string never fails.
    let _ = writeln!(text, "{}", for_terminal(said, false));
}
