//! Workflow commands of GitHub Actions: annotations on files.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>; the escapes are those of
//! `@actions/core`.

use super::tree::{Spot, Unit, columns};
use super::view::Report;
use super::{verdict, words};
use crate::model::{Finding, Severity};
use std::fmt::Write as _;
use std::io::{self, Write};

/// Annotations of one level that GitHub shows for a step; it drops further ones.
const MOST_OF_A_LEVEL: usize = 10;

const LEVELS: [&str; 3] = ["error", "warning", "notice"];

/// Writes one command for each finding and gap, worst first, as far as GitHub shows them, and at last the verdict with
/// how many were left out.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let open = report.open().map(|finding| (level(finding), of_finding(report, finding)));
    let gaps = report.gaps.iter().map(|gap| {
        let (title, text) = title_and_text(words::of_gap(gap));
        ("warning", command("warning", report.run.tree.spot_of_gap(gap).as_ref(), &title, &text))
    });
    let mut written = LEVELS.map(|level| (level, usize::from(level == "notice"))); // the verdict is a notice
    let mut left_out = 0;
    for (level, command) in open.chain(gaps) {
        match written.iter_mut().find(|(of, count)| *of == level && *count < MOST_OF_A_LEVEL) {
            Some((_, count)) => {
                *count += 1;
                writeln!(out, "{command}")?;
            }
            None => left_out += 1,
        }
    }
    let mut sentence = words::line(&verdict::sentence(report));
    if left_out > 0 {
        let _ = write!(sentence, "; {left_out} more than are shown here");
    }
    writeln!(out, "{}", command("notice", None, "driftline", &sentence))
}

fn level(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

fn of_finding(report: &Report, finding: &Finding) -> String {
    let title = format!("{} {}: {}", finding.severity, finding.change.name(), words::line(&finding.title));
    let spot = report.run.tree.spot(finding);
    command(level(finding), spot.as_ref(), &title, &words::details(finding).join("\n"))
}

/// The first line, and the others.
fn title_and_text(mut lines: Vec<String>) -> (String, String) {
    let rest = lines.split_off(1.min(lines.len()));
    (lines.concat(), rest.join("\n"))
}

fn command(level: &str, spot: Option<&Spot<'_>>, title: &str, text: &str) -> String {
    let mut properties = Vec::new();
    if let Some(spot) = spot {
        properties.push(("file", words::line(&spot.path)));
        properties.extend(spot.line.map(|line| ("line", line.to_string())));
        if let Some(exact) = spot.exact {
            properties.push(("endLine", exact.end_line.to_string()));
            // Columns are for places in one line only.
            if let Some((start, end)) = columns(exact, Unit::Utf16).filter(|_| exact.line == exact.end_line) {
                properties.push(("col", start.to_string()));
                properties.push(("endColumn", end.to_string()));
            }
        }
    }
    properties.push(("title", title.to_owned()));
    let properties: Vec<_> =
        properties.iter().map(|(name, value)| format!("{name}={}", escaped_property(value))).collect();
    format!("::{level} {}::{}", properties.join(","), escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
