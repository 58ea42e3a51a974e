//! SARIF 2.1.0 (OASIS), in the part that code scanning on GitHub reads: rules with their texts, one location, the
//! finding's id as `partialFingerprints.primaryLocationLineHash`, and severities on rules.
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

use super::json;
use super::tree::{Spot, Unit, columns};
use super::view::Report;
use super::{verdict, words};
use crate::model::{Change, Finding, Gap, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// GitHub refuses a run with more results.
const MOST_RESULTS: usize = 25_000;
/// What may stand in a path of a URI as it is.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Writes the findings that somebody should look at; gaps are notifications of the tool.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let open: Vec<_> = report.open().take(MOST_RESULTS).collect();
    let rules: Vec<_> = open.iter().map(|f| (f.change, f.severity)).collect::<BTreeSet<_>>().into_iter().collect();
    let results: Vec<_> = open.iter().map(|finding| result(report, finding, &rules)).collect();
    let mut notifications: Vec<_> = report.gaps.iter().map(|gap| notification(report, gap)).collect();
    let left_out = report.open().count() - open.len();
    if left_out > 0 {
        let text = format!("{} left out: the format's readers take {MOST_RESULTS}", words::count(left_out, "finding"));
        notifications.push(json!({"level": "warning", "message": {"text": text}}));
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "driftline",
                "semanticVersion": report.run.tool_version,
                "rules": rules.iter().map(|(change, severity)| rule(*change, *severity)).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("driftline/{}/", percent(&report.run.tree.name()))},
            "invocations": [{
                "executionSuccessful": true,
                "startTimeUtc": report.run.started_at,
                "endTimeUtc": report.run.finished_at,
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "utf16CodeUnits",
            "results": results,
            "properties": {"verdict": report.verdict.name(), "sentence": verdict::sentence(report)},
        }],
    });
    json::text::write_pretty(&document, out)
}

/// GitHub takes an alert's severity from its rule, so a rule is a change at one severity.
fn rule_id(change: Change, severity: Severity) -> String {
    format!("{}/{severity}", change.rule())
}

fn rule(change: Change, severity: Severity) -> Json {
    let help = format!("{}\n\n`driftline explain {}` says more.", change.about(), change.rule());
    let mut properties = json!({"tags": ["security", "identity", change.name()], "precision": "very-high"});
    if let Some(score) = security_severity(severity) {
        properties["security-severity"] = score.into();
    }
    json!({
        "id": rule_id(change, severity),
        "name": format!("{}{}", capital(change.name()), capital(severity.name())),
        "shortDescription": {"text": format!("{}, {severity}", capital(change.name()))},
        "fullDescription": {"text": change.about()},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(severity)},
        "properties": properties,
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// Scores in the middle of GitHub's ranges. What is only to be known has none.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn result(report: &Report, finding: &Finding, rules: &[(Change, Severity)]) -> Json {
    let tree = &report.run.tree;
    let mut lines = vec![words::line(&finding.title)];
    lines.extend(words::details(finding));
    let mut result = json!({
        "ruleId": rule_id(finding.change, finding.severity),
        "ruleIndex": rules.iter().position(|rule| *rule == (finding.change, finding.severity)),
        "level": level(finding.severity),
        "message": {"text": message(&lines)},
        "partialFingerprints": {"primaryLocationLineHash": finding.id},
        "properties": {
            "status": finding.status.name(),
            "kind": finding.kind.id,
            "address": finding.address.as_ref().map(ToString::to_string),
            "controls": finding.controls,
        },
    });
    if let Some(spot) = tree.spot(finding) {
        result["locations"] = json!([{"physicalLocation": physical(&spot)}]);
    }
    let related: Vec<_> = finding
        .related
        .iter()
        .filter_map(|place| {
            let spot = Spot { path: tree.path(&place.path)?, line: Some(place.line), exact: None };
            Some(
                json!({"physicalLocation": physical(&spot), "message": {"text": message(&[words::line(&place.role)])}}),
            )
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

/// A file that only stands in is shown at its first line: readers want one.
fn physical(spot: &Spot<'_>) -> Json {
    let mut region = json!({"startLine": spot.line.unwrap_or(1)});
    if let Some(location) = spot.exact {
        region["endLine"] = location.end_line.into();
        if let Some((start, end)) = columns(location, Unit::Utf16) {
            region["startColumn"] = start.into();
            region["endColumn"] = end.into();
        }
    }
    json!({"artifactLocation": {"uri": percent(&spot.path), "uriBaseId": "%SRCROOT%"}, "region": region})
}

fn percent(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

/// Plain text, in which nothing reads as a link: `[text](target)` is one in messages (section 3.11.6).
fn message(lines: &[String]) -> String {
    lines.join("\n").replace("](", "]\\(")
}

fn notification(report: &Report, gap: &Gap) -> Json {
    let mut notification = json!({
        "level": "warning",
        "descriptor": {"id": gap.code},
        "message": {"text": message(&words::of_gap(gap))},
    });
    if let Some(spot) = report.run.tree.spot_of_gap(gap).filter(|spot| spot.exact.is_some()) {
        notification["locations"] = json!([{"physicalLocation": physical(&spot)}]);
    }
    notification
}
