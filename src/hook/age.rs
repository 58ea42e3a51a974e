//! Check 1: how old what the commit is held against is.

use super::notice::{AGE, Level, Notice};
use super::{Given, Limits};
use jiff::Timestamp;

/// What is to be said of it: nothing for what is young enough.
pub(super) fn notices(given: &Given<'_>) -> Vec<Notice> {
    let report = match given.report {
        None => Some(missing(&given.report_path)),
        Some(report) => old(&report.path, report.finished_at, "driftline check", given.limits),
    };
    let taken =
        given.snapshots.iter().filter_map(|(path, taken)| old(path, *taken, "driftline snapshot", given.limits));
    report.into_iter().chain(taken).collect()
}

fn missing(path: &str) -> Notice {
    Notice {
        check: &AGE,
        level: Level::Warning,
        path: path.to_owned(),
        line: None,
        message: "there is no report of a check: the commit is not held against what is live".to_owned(),
        help: format!("`driftline check --format json={path}` writes one"),
    }
}

fn old(path: &str, made: Timestamp, made_by: &str, limits: &Limits) -> Option<Notice> {
    let hours = limits.now.duration_since(made).as_hours();
    let reached = |limit: u32| limit > 0 && hours >= i64::from(limit);
    let level = match (reached(limits.fail_after), reached(limits.warn_after)) {
        (true, _) => Level::Error,
        (false, true) => Level::Warning,
        (false, false) => return None,
    };
    Some(Notice {
        check: &AGE,
        level,
        path: path.to_owned(),
        line: None,
        message: format!("it shows what was live {} ago", words(hours)),
        help: format!("write it anew with `{made_by}`; `--warn-after` and `--fail-after` say how old it may be"),
    })
}

fn words(hours: i64) -> String {
    match hours {
        ..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}
