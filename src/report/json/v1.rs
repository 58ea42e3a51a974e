//! The JSON report, `schema_version` 1.x: a promise to scripts, with structs of its own so that no change of the
//! inside reaches it unseen. Fields may be added; none goes and none changes its meaning.

use super::text;
use crate::model::finding::StepTo;
use crate::model::{self, Key, Kind, Value};
use crate::report::{view, words};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::io::{self, Write};

/// Writes the report as one pretty-printed object and a line end.
pub fn write(report: &view::Report, out: &mut dyn Write) -> io::Result<()> {
    text::write_pretty(&Report::of(report), out)
}

#[derive(serde::Serialize)]
struct Report<'a> {
    schema_version: &'static str,
    run: Run<'a>,
    verdict: &'static str,
    summary: Summary<'a>,
    scopes: Vec<Scope<'a>>,
    findings: Vec<Finding<'a>>,
    gaps: Vec<Gap<'a>>,
    /// The files that findings point into, as they were read: whether a line is still the same line.
    sources: Vec<Source<'a>>,
}

#[derive(serde::Serialize)]
struct Source<'a> {
    path: &'a str,
    sha256: &'a str,
}

#[derive(serde::Serialize)]
struct Run<'a> {
    tool_version: &'a str,
    started_at: &'a str,
    finished_at: &'a str,
    command: &'a str,
    layers: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terraform_exit_code: Option<i32>,
    /// What paths count from, itself from the repository's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    directory: Option<String>,
}

#[derive(serde::Serialize)]
struct Summary<'a> {
    findings: usize,
    by_change: Fields<'a, usize>,
    by_status: Fields<'a, usize>,
    by_severity: Fields<'a, usize>,
    in_sync: usize,
    unknown: usize,
    gaps: usize,
    suppressed: usize,
}

#[derive(serde::Serialize)]
struct Scope<'a> {
    system: &'a str,
    scope: &'a str,
    identity: &'a str,
    facts: usize,
    requests: u64,
    complete: bool,
}

#[derive(serde::Serialize)]
pub(in crate::report) struct Finding<'a> {
    id: &'a str,
    rule: &'static str,
    change: &'static str,
    status: &'static str,
    system: &'static str,
    scope: &'a str,
    kind: &'static str,
    key: Fields<'a, &'a str>,
    title: &'a str,
    address: Option<String>,
    resource_type: Option<&'a str>,
    property: Option<&'static str>,
    desired: Option<Shown<'a>>,
    recorded: Option<Shown<'a>>,
    live: Option<Shown<'a>>,
    /// Who looked at the live side: `driftline`, or `terraform` in the refresh before a plan.
    seen_by: &'static str,
    severity: &'static str,
    direction: Option<&'static str>,
    reasons: &'a [String],
    controls: &'a [&'static str],
    location: Option<Location<'a>>,
    related: Vec<Related<'a>>,
    state: Option<State<'a>>,
    /// When the live thing was made.
    created: Option<&'a str>,
    // The two that follow are promised, and `null` as long as nothing is known of them.
    actor: (),
    first_seen: (),
    /// Digest of what differs and how, for an exception that accepts exactly that.
    delta: Option<&'a str>,
    /// What accepts it; `null` for an open finding.
    exception: Option<Exception<'a>>,
    steps: Vec<Step<'a>>,
}

#[derive(serde::Serialize)]
struct Exception<'a> {
    id: &'a str,
    owner: &'a str,
    reason: &'a str,
    expires: &'a str,
}

#[derive(serde::Serialize)]
struct Location<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    precision: String,
}

#[derive(serde::Serialize)]
struct Related<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    role: &'a str,
}

#[derive(serde::Serialize)]
struct State<'a> {
    path: &'a str,
    serial: Option<u64>,
    lineage: Option<&'a str>,
}

#[derive(serde::Serialize)]
pub(in crate::report) struct Step<'a> {
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hcl: Option<&'a str>,
    /// Changes of the source as a unified diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    patch: Option<&'a str>,
    note: &'a str,
    /// Why it is recommended.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Why it must not be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Gap<'a> {
    code: &'a str,
    system: &'a str,
    scope: Option<&'a str>,
    hides: String,
    /// Ids of the kinds that live things of, or properties of such things, were not seen.
    kinds: Vec<&'static str>,
    reason: &'a str,
    hint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
}

/// An object whose fields keep the order they are given in.
struct Fields<'a, V>(Vec<(&'a str, V)>);

impl<V: Serialize> Serialize for Fields<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A value as it is published: what is secret or not known shows as a marker.
struct Shown<'a>(&'a Value);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Number(number) => number.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Shown(item))?;
                }
                list.end()
            }
            Value::Map(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, Shown(value)))),
            Value::Secret(_) => marker(serializer, "sensitive"),
            Value::Unknown => marker(serializer, "unknown"),
        }
    }
}

fn marker<S: Serializer>(serializer: S, name: &str) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, &true)?;
    map.end()
}

impl<'a> Report<'a> {
    fn of(report: &'a view::Report) -> Self {
        Report {
            schema_version: "1.0",
            run: Run::of(&report.run),
            verdict: report.verdict.name(),
            summary: Summary::of(&report.summary),
            scopes: report.scopes.iter().map(Scope::of).collect(),
            findings: report.findings.iter().map(Finding::of).collect(),
            gaps: report.gaps.iter().map(Gap::of).collect(),
            sources: report.run.sources.iter().map(|(path, sha256)| Source { path, sha256 }).collect(),
        }
    }
}

impl<'a> Run<'a> {
    fn of(run: &'a view::Run) -> Self {
        Run {
            tool_version: &run.tool_version,
            started_at: &run.started_at,
            finished_at: &run.finished_at,
            command: &run.command,
            layers: run.layers.iter().map(|layer| layer.name()).collect(),
            as_of: run.as_of.as_deref(),
            terraform_exit_code: run.terraform_exit_code,
            directory: run.tree.path("."),
        }
    }
}

impl<'a> Summary<'a> {
    fn of(summary: &'a view::Summary) -> Self {
        Summary {
            findings: summary.findings,
            by_change: Fields(summary.by_change.clone()),
            by_status: Fields(summary.by_status.clone()),
            by_severity: Fields(summary.by_severity.clone()),
            in_sync: summary.in_sync,
            unknown: summary.unknown,
            gaps: summary.gaps,
            suppressed: summary.suppressed,
        }
    }
}

impl<'a> Scope<'a> {
    fn of(scope: &'a model::Scope) -> Self {
        Scope {
            system: &scope.system,
            scope: &scope.id,
            identity: &scope.identity,
            facts: scope.facts,
            requests: scope.requests,
            complete: scope.complete,
        }
    }
}

impl<'a> Finding<'a> {
    pub(in crate::report) fn of(finding: &'a model::Finding) -> Self {
        Finding {
            id: &finding.id,
            rule: finding.rule(),
            change: finding.change.name(),
            status: finding.status.name(),
            system: finding.kind.system(),
            scope: &finding.scope,
            kind: finding.kind.id,
            key: key_fields(finding.kind, &finding.key),
            title: &finding.title,
            address: finding.address.as_ref().map(ToString::to_string),
            resource_type: finding.resource_type.as_deref(),
            property: finding.property,
            desired: finding.desired.as_ref().map(Shown),
            recorded: finding.recorded.as_ref().map(Shown),
            live: finding.live.as_ref().map(Shown),
            seen_by: finding.seen_by().name(),
            severity: finding.severity.name(),
            direction: finding.direction.map(|direction| direction.name()),
            reasons: &finding.reasons,
            controls: &finding.controls,
            location: finding.location.as_ref().map(Location::of),
            related: finding.related.iter().map(Related::of).collect(),
            state: finding.state.as_deref().map(State::of),
            created: finding.created.as_deref(),
            actor: (),
            first_seen: (),
            delta: finding.delta.as_deref(),
            exception: finding.exception.as_ref().map(Exception::of),
            steps: finding.steps.iter().map(Step::of).collect(),
        }
    }
}

fn key_fields<'a>(kind: &'static Kind, key: &'a Key) -> Fields<'a, &'a str> {
    Fields(kind.key.iter().copied().zip(key.values().iter().map(String::as_str)).collect())
}

impl<'a> Exception<'a> {
    fn of(exception: &'a model::Exception) -> Self {
        let model::Exception { id, owner, reason, expires } = exception;
        Exception { id, owner, reason, expires }
    }
}

impl<'a> Location<'a> {
    fn of(location: &'a model::Location) -> Self {
        Location {
            path: &location.path,
            line: location.line,
            column: location.column,
            end_line: location.end_line,
            end_column: location.end_column,
            precision: location.precision.to_string(),
        }
    }
}

impl<'a> Related<'a> {
    fn of(related: &'a model::Related) -> Self {
        Related { path: &related.path, line: related.line, column: related.column, role: &related.role }
    }
}

impl<'a> State<'a> {
    fn of(state: &'a model::StateRef) -> Self {
        State { path: &state.path, serial: state.serial, lineage: state.lineage.as_deref() }
    }
}

impl<'a> Step<'a> {
    pub(in crate::report) fn of(step: &'a StepTo) -> Self {
        Step {
            action: step.action,
            command: step.command.as_deref(),
            hcl: step.hcl.as_deref(),
            patch: step.patch.as_ref().and_then(|patch| patch.diff.as_deref()),
            note: &step.note,
            reason: step.reason.as_deref(),
            refused: step.refused.as_deref(),
        }
    }
}

impl<'a> Gap<'a> {
    fn of(gap: &'a model::Gap) -> Self {
        Gap {
            code: &gap.code,
            system: &gap.system,
            scope: gap.scope.as_deref(),
            hides: words::hidden(gap),
            kinds: gap.hidden_kinds().iter().map(|kind| kind.id).collect(),
            reason: &gap.reason,
            hint: &gap.hint,
            location: gap.location.as_ref().map(Location::of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;
    use serde_json::Value as Json;

    fn text(report: &view::Report) -> String {
        let mut out = Vec::new();
        write(report, &mut out).map(|()| String::from_utf8_lossy(&out).into_owned()).unwrap_or_default()
    }

    fn json(report: &view::Report) -> Json {
        serde_json::from_str(&text(report)).unwrap_or_default()
    }

    fn keys(object: &Json) -> Vec<&str> {
        object.as_object().map(|fields| fields.keys().map(String::as_str).collect()).unwrap_or_default()
    }

    fn find<'a>(report: &'a Json, id: &str) -> &'a Json {
        let findings = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
        findings.iter().find(|f| f["id"] == id).unwrap_or(&Json::Null)
    }

    /// Every key that the published interface names, in its order; `scope` and `created` of a finding are more.
    #[test]
    fn every_promised_key_is_there() {
        let report = json(&samples::busy());
        let top = ["schema_version", "run", "verdict", "summary", "scopes", "findings", "gaps", "sources"];
        assert_eq!(keys(&report), top);
        assert_eq!(report["schema_version"], "1.0");
        assert_eq!(
            keys(&report["run"]),
            ["tool_version", "started_at", "finished_at", "command", "layers", "directory"]
        );
        let summary = ["findings", "by_change", "by_status", "by_severity", "in_sync", "unknown", "gaps", "suppressed"];
        assert_eq!(keys(&report["summary"]), summary);
        let changes = ["missing", "unmanaged", "added", "removed", "modified", "replaced", "dangling"];
        let of_exceptions = ["exception_ending", "exception_unused", "exception_malformed"];
        assert_eq!(keys(&report["summary"]["by_change"]), [&changes[..], &of_exceptions].concat());
        let statuses = ["drift", "pending", "converged", "conflict", "adoptable", "unmanaged", "unknown"];
        assert_eq!(keys(&report["summary"]["by_status"]), statuses);
        assert_eq!(keys(&report["summary"]["by_severity"]), ["critical", "high", "medium", "low", "info"]);
        let scope = ["system", "scope", "identity", "facts", "requests", "complete"];
        assert_eq!(keys(&report["scopes"][0]), scope);
        for finding in report["findings"].as_array().into_iter().flatten() {
            #[rustfmt::skip]
            assert_eq!(keys(finding), [
                "id", "rule", "change", "status", "system", "scope", "kind", "key", "title", "address",
                "resource_type", "property", "desired", "recorded", "live", "seen_by", "severity", "direction", "reasons",
                "controls", "location", "related", "state", "created", "actor", "first_seen", "delta", "exception", "steps",
            ]);
        }
        let full = find(&report, "dl-5e550000aaaa");
        assert_eq!(keys(&full["location"]), ["path", "line", "column", "end_line", "end_column", "precision"]);
        assert_eq!(keys(&full["related"][0]), ["path", "line", "column", "role"]);
        assert_eq!(keys(&full["state"]), ["path", "serial", "lineage"]);
        assert_eq!(keys(&full["steps"][0]), ["action", "command", "note"]);
        assert_eq!(keys(&full["steps"][1]), ["action", "hcl", "note"]);
        assert_eq!(keys(&report["gaps"][0]), ["code", "system", "scope", "hides", "kinds", "reason", "hint"]);
        assert_eq!(
            keys(&report["gaps"][1]),
            ["code", "system", "scope", "hides", "kinds", "reason", "hint", "location"]
        );
    }

    #[test]
    fn what_is_not_known_is_null_and_what_is_secret_is_a_marker() {
        let report = json(&samples::busy());
        let unmanaged = find(&report, "dl-ad314000bbbb");
        for key in ["address", "property", "desired", "recorded", "live", "location", "state", "actor", "first_seen"] {
            assert_eq!(unmanaged[key], Json::Null, "{key}");
        }
        assert_eq!(unmanaged["exception"], Json::Null);
        let hostile = json(&samples::hostile());
        assert_eq!(hostile["findings"][0]["recorded"], serde_json::json!({"unknown": true}));
        assert_eq!(hostile["findings"][0]["live"]["token"], serde_json::json!({"sensitive": true}));
    }

    #[test]
    fn names_come_through_whole_but_cannot_steer_a_terminal_on_the_way() {
        let text = text(&samples::hostile());
        assert!(!text.chars().any(|c| c != '\n' && crate::source::clean::is_steering(c)), "{text}");
        let name = json(&samples::hostile())["findings"][0]["key"]["role"].clone();
        assert_eq!(name, "eve\u{1b}[31m\u{202e}txt.exe\nin sync: everything");
    }

    #[test]
    fn wrapped_terraform_passes_its_exit_code_through() {
        let mut report = samples::busy();
        report.run.terraform_exit_code = Some(1);
        assert_eq!(json(&report)["run"]["terraform_exit_code"], 1);
    }

    #[test]
    fn the_whole_report_reads_like_this() {
        insta::assert_snapshot!(text(&samples::busy()));
    }
}
