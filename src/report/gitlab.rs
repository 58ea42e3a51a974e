//! GitLab's code quality report: an array of issues.
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::tree::Spot;
use super::view::Report;
use super::{json, words};
use crate::model::{Finding, Gap, Severity};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// GitLab wants a path with every issue; this one where nothing of the source is at hand.
const NOWHERE: &str = "driftline.toml";

/// Writes the findings that somebody should look at, then the gaps.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.open().map(|finding| of_finding(report, finding));
    let gaps = report.gaps.iter().map(|gap| of_gap(report, gap));
    json::text::write_pretty(&findings.chain(gaps).collect::<Vec<_>>(), out)
}

fn of_finding(report: &Report, finding: &Finding) -> Json {
    let mut lines = vec![words::line(&finding.title)];
    lines.extend(words::details(finding));
    issue(finding.rule(), &finding.id, severity(finding.severity), &lines, report.run.tree.spot(finding))
}

/// Issues with equal fingerprints are one to GitLab, so what tells two gaps apart goes into it.
fn of_gap(report: &Report, gap: &Gap) -> Json {
    let lines = words::of_gap(gap);
    let digest = Sha256::digest(format!("{}\0{}", gap.code, lines.join("\0")));
    let fingerprint: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    issue(&format!("gap/{}", gap.code), &fingerprint, "minor", &lines, report.run.tree.spot_of_gap(gap))
}

fn issue(check: &str, fingerprint: &str, severity: &str, lines: &[String], spot: Option<Spot<'_>>) -> Json {
    let (path, line) = spot.map_or((NOWHERE.to_owned(), 1), |spot| (spot.path, spot.line.unwrap_or(1)));
    json!({
        "description": lines.join("; "),
        "check_name": words::line(check),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": line}},
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
