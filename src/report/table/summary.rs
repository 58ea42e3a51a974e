//! The end of the report: what was read, how much was found, and the verdict in one line.

use super::page::Page;
use super::style;
use crate::model::{Change, Finding, Scope};
use crate::report::view::{Report, SEVERITIES, Verdict};
use crate::report::words::{count, plural};
use comfy_table::{CellAlignment, Table};
use std::io;

/// Accounts that the last line names; more are counted.
const MOST_NAMED: usize = 3;

pub(super) fn write(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    for scope in &report.scopes {
        page.sentence(0, style::FAINT, &read(scope))?;
    }
    write_counts(page, report)?;
    let style = match report.verdict {
        Verdict::InSync => style::GOOD.bold(),
        Verdict::Findings if report.open().next().is_none() => style::STRONG,
        Verdict::Findings => style::BAD.bold(),
        Verdict::Incomplete => style::WARN.bold(),
    };
    page.sentence(0, style, &verdict(report))
}

fn read(scope: &Scope) -> String {
    let complete = if scope.complete { "" } else { ", not complete" };
    format!(
        "read {} {} as {}: {}, {}{complete}",
        scope.system,
        scope.id,
        scope.identity,
        count(scope.facts, "thing"),
        // A count that does not fit is one of many.
        count(usize::try_from(scope.requests).unwrap_or(usize::MAX), "request"),
    )
}

/// Changes against severities, without the rows and columns where nothing was found.
fn write_counts(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let open: Vec<&Finding> = report.open().collect();
    if open.is_empty() {
        return Ok(());
    }
    let severities: Vec<_> =
        SEVERITIES.into_iter().filter(|severity| open.iter().any(|f| f.severity == *severity)).collect();
    let mut table = Table::new();
    table.set_header(["change"].into_iter().chain(severities.iter().map(|severity| severity.name())));
    for change in Change::ALL.into_iter().filter(|change| open.iter().any(|f| f.change == *change)) {
        let found = |severity| open.iter().filter(|f| f.change == change && f.severity == severity).count();
        let counts = severities.iter().map(|severity| found(*severity).to_string());
        table.add_row([change.name().to_owned()].into_iter().chain(counts));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    page.table(0, &mut table)
}

/// The last line.
fn verdict(report: &Report) -> String {
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
    let counted = SEVERITIES.into_iter().filter_map(|severity| {
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
