//! Comma-separated values (RFC 4180): a row for each finding, then one for each gap.

use super::view::Report;
use super::{values, words};
use crate::model::{Finding, Gap};
use crate::source::clean::for_terminal;
use std::io::{self, Write};

/// The column names are a promise to scripts: new ones go to the end.
const HEADER: [&str; 18] = [
    "record",
    "id",
    "rule",
    "severity",
    "change",
    "status",
    "system",
    "scope",
    "kind",
    "title",
    "address",
    "property",
    "declared",
    "live",
    "location",
    "reasons",
    "step",
    "exception",
];

/// Writes all findings, those that wait for an apply or are accepted too, and all gaps.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADER)?;
    for finding in &report.findings {
        writer.write_record(of_finding(finding).map(|cell| safe(&cell)))?;
    }
    for gap in &report.gaps {
        writer.write_record(of_gap(gap).map(|cell| safe(&cell)))?;
    }
    writer.flush()
}

fn of_finding(finding: &Finding) -> [String; HEADER.len()] {
    let columns = values::columns(finding);
    let value = |live: bool| {
        let column = columns.iter().find(|column| (column.label == "live") == live);
        column.map(|column| column.lines.join("\n")).unwrap_or_default()
    };
    let step = finding.steps.first().map(|step| format!("{}: {}", step.action, step.note));
    [
        "finding".to_owned(),
        finding.id.clone(),
        finding.rule().to_owned(),
        finding.severity.to_string(),
        finding.change.name().to_owned(),
        finding.status.name().to_owned(),
        finding.kind.system().to_owned(),
        finding.scope.to_string(),
        finding.kind.id.to_owned(),
        finding.title.clone(),
        finding.address.as_ref().map(ToString::to_string).unwrap_or_default(),
        finding.property.unwrap_or_default().to_owned(),
        value(false),
        value(true),
        finding.location.as_ref().map(ToString::to_string).unwrap_or_default(),
        finding.reasons.join("; "),
        step.unwrap_or_default(),
        finding.exception.as_ref().map(words::accepted_by).unwrap_or_default(),
    ]
}

fn of_gap(gap: &Gap) -> [String; HEADER.len()] {
    let mut row = <[String; HEADER.len()]>::default();
    let cells = [
        ("record", "gap".to_owned()),
        ("rule", gap.code.to_string()),
        ("status", "unknown".to_owned()),
        ("system", gap.system.clone()),
        ("scope", gap.scope.as_deref().unwrap_or_default().to_owned()),
        ("title", format!("not checked: {}", words::hidden(gap))),
        ("location", gap.location.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("reasons", gap.reason.clone()),
        ("step", gap.hint.clone()),
    ];
    for (name, cell) in cells {
        for (_, slot) in HEADER.iter().zip(&mut row).filter(|(of, _)| **of == name) {
            slot.clone_from(&cell);
        }
    }
    row
}

/// A cell that no spreadsheet takes for a formula: what begins like one, also behind spaces or in the wide letters that
/// some of them take too, gets a `'` before it (OWASP, "CSV Injection").
fn safe(cell: &str) -> String {
    let clean = for_terminal(cell, true);
    let first = clean.trim_start().chars().next();
    let formula = first.is_some_and(|c| "=+-@|%\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(c));
    if formula || clean.starts_with(['\t', '\r', '\n']) { format!("'{clean}") } else { clean }
}
