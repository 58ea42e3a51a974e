//! The verdict in one sentence.

use super::view::Report;
use super::words::{count, plural};
use crate::model::{Scope, Severity};

/// Accounts that the sentence names; more are counted.
const MOST_NAMED: usize = 3;

/// What was found, what was not seen and what is in sync, and where.
pub(super) fn sentence(report: &Report) -> String {
    let (open, pending) = (report.open().count(), report.pending().count());
    let things = count(report.in_sync, "thing");
    let places = places(&report.scopes);
    let mut parts = Vec::new();
    if open > 0 {
        parts.push(format!("{} ({})", count(open, "finding"), by_severity(report)));
    }
    if pending > 0 {
        parts.push(format!("{} not applied yet", count(pending, "change")));
    }
    if report.summary.suppressed > 0 {
        parts.push(format!("{} accepted", report.summary.suppressed));
    }
    if !report.gaps.is_empty() {
        parts.push(count(report.gaps.len(), "gap"));
    }
    match (parts.is_empty(), report.gaps.is_empty()) {
        (true, _) => format!("in sync: {things} checked{places}"),
        (false, true) => format!("{}; in sync: {things}{places}", parts.join(", ")),
        (false, false) => format!("{}: incomplete; in sync: {things}{places}", parts.join(", ")),
    }
}

fn by_severity(report: &Report) -> String {
    let counted = Severity::ALL.into_iter().filter_map(|severity| {
        let number = report.open().filter(|f| f.severity == severity).count();
        (number > 0).then(|| format!("{number} {severity}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// ` in aws 123456789012`, or nothing when no system was asked.
fn places(scopes: &[Scope]) -> String {
    if scopes.is_empty() {
        return String::new();
    }
    let mut names: Vec<_> = scopes.iter().map(|scope| format!("{} {}", scope.system, scope.id)).collect();
    names.dedup();
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    if more > 0 {
        names.push(format!("{more} {}", plural(more, "other")));
    }
    match names.split_last() {
        Some((last, [])) => format!(" in {last}"),
        Some((last, before)) => format!(" in {} and {last}", before.join(", ")),
        None => String::new(),
    }
}
