//! The end of the report: what was read, how much was found, and the verdict in one line.

use super::page::Page;
use super::style;
use crate::model::{Change, Finding, Scope, Severity};
use crate::report::verdict;
use crate::report::view::{Report, Verdict};
use crate::report::words::count;
use comfy_table::{CellAlignment, Table};
use std::io;

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
    page.sentence(0, style, &verdict::sentence(report))
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
        Severity::ALL.into_iter().filter(|severity| open.iter().any(|f| f.severity == *severity)).collect();
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
