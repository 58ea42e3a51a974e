//! Reviewdog Diagnostic Format: columns are bytes of UTF-8 from 1, ends are exclusive.
//! <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>

use super::tree::{Spot, Unit, columns};
use super::view::Report;
use super::{json, words};
use crate::model::{Finding, Gap, Severity};
use serde_json::{Value as Json, json};
use std::io::{self, Write};

/// Writes the findings that somebody should look at, then the gaps.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.open().map(|finding| of_finding(report, finding));
    let gaps = report.gaps.iter().map(|gap| of_gap(report, gap));
    let diagnostics: Vec<_> = findings.chain(gaps).collect();
    json::text::write_pretty(&json!({"source": {"name": "driftline"}, "diagnostics": diagnostics}), out)
}

fn of_finding(report: &Report, finding: &Finding) -> Json {
    let mut lines = vec![words::line(&finding.title)];
    lines.extend(words::details(finding));
    diagnostic(finding.rule(), severity(finding.severity), &lines, report.run.tree.spot(finding))
}

fn of_gap(report: &Report, gap: &Gap) -> Json {
    diagnostic(&format!("gap/{}", gap.code), "WARNING", &words::of_gap(gap), report.run.tree.spot_of_gap(gap))
}

fn diagnostic(code: &str, severity: &str, lines: &[String], spot: Option<Spot<'_>>) -> Json {
    let mut diagnostic =
        json!({"message": lines.join("\n"), "severity": severity, "code": {"value": words::line(code)}});
    if let Some(spot) = spot {
        diagnostic["location"] = location(&spot);
    }
    diagnostic
}

fn location(spot: &Spot<'_>) -> Json {
    let mut location = json!({"path": spot.path});
    if let Some(line) = spot.line {
        location["range"] = json!({"start": {"line": line}});
    }
    if let Some(exact) = spot.exact {
        location["range"]["end"] = json!({"line": exact.end_line});
        if let Some((start, end)) = columns(exact, Unit::Utf8) {
            location["range"]["start"]["column"] = start.into();
            location["range"]["end"]["column"] = end.into();
        }
    }
    location
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "ERROR",
        Severity::Medium => "WARNING",
        Severity::Low | Severity::Info => "INFO",
    }
}
