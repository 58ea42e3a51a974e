//! A JSON report of an earlier run, read back so that it can be shown in another format. What no such format shows
//! (controls, excerpts, import ids, sources) is not read.

use crate::model::{self, Change, Direction, Hides, Kind, Patch, Problem, Secret, Severity, Status, StepTo, Value};
use crate::report::Tree;
use crate::report::view::{self, Layer};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The major version that is read.
const MAJOR: &str = "1.";

#[derive(Deserialize)]
struct Report {
    run: Run,
    summary: Summary,
    #[serde(default)]
    scopes: Vec<Scope>,
    findings: Vec<Finding>,
    gaps: Vec<Gap>,
}

#[derive(Deserialize)]
struct Run {
    tool_version: String,
    started_at: String,
    finished_at: String,
    command: String,
    #[serde(default)]
    layers: Vec<String>,
    as_of: Option<String>,
    terraform_exit_code: Option<i32>,
    directory: Option<String>,
}

#[derive(Deserialize)]
struct Summary {
    in_sync: usize,
    unknown: usize,
}

#[derive(Deserialize)]
struct Scope {
    system: String,
    scope: String,
    identity: String,
    facts: usize,
    requests: u64,
    complete: bool,
}

#[derive(Deserialize)]
struct Finding {
    id: String,
    change: String,
    status: String,
    scope: String,
    kind: String,
    key: Map<String, Json>,
    title: String,
    address: Option<String>,
    resource_type: Option<String>,
    property: Option<String>,
    desired: Option<Json>,
    recorded: Option<Json>,
    live: Option<Json>,
    severity: String,
    direction: Option<String>,
    reasons: Vec<String>,
    location: Option<Location>,
    #[serde(default)]
    related: Vec<Related>,
    state: Option<State>,
    created: Option<String>,
    delta: Option<String>,
    exception: Option<Exception>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Location {
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    precision: String,
}

#[derive(Deserialize)]
struct Related {
    path: String,
    line: usize,
    column: usize,
    role: String,
}

#[derive(Deserialize)]
struct State {
    path: String,
    serial: Option<u64>,
    lineage: Option<String>,
}

#[derive(Deserialize)]
struct Exception {
    id: String,
    owner: String,
    reason: String,
    expires: String,
}

#[derive(Deserialize)]
struct Step {
    action: String,
    command: Option<String>,
    hcl: Option<String>,
    patch: Option<String>,
    note: String,
    reason: Option<String>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct Gap {
    code: String,
    system: String,
    scope: Option<String>,
    hides: String,
    reason: String,
    hint: String,
    location: Option<Location>,
}

/// The report in this text. `kinds` are all that this version knows; `tree` says where the repository is, and where the run
/// stood in it unless the report does.
///
/// # Errors
/// When it is no report of a version that is known here, or speaks of what this version does not know.
pub fn read(text: &str, kinds: &[&'static Kind], tree: Tree) -> Result<view::Report, Problem> {
    let json: Json = serde_json::from_str(text).map_err(|error| wrong(&format!("the report is no JSON: {error}")))?;
    let version = json["schema_version"].as_str().unwrap_or("none");
    if !version.starts_with(MAJOR) {
        return Err(wrong(&format!("the report has the schema version `{version}`, and `{MAJOR}x` is read here")));
    }
    let report = Report::deserialize(json).map_err(|error| wrong(&format!("this is no report: {error}")))?;
    let findings: Result<Vec<_>, _> = report.findings.into_iter().map(|finding| finding.model(kinds)).collect();
    let gaps: Result<Vec<_>, _> = report.gaps.into_iter().map(Gap::model).collect();
    let scopes = report.scopes.into_iter().map(Scope::model).collect();
    let run = report.run.model(tree)?;
    let summary = report.summary;
    Ok(view::Report::new(run, scopes, findings?, gaps?, summary.in_sync, summary.unknown))
}

fn wrong(why: &str) -> Problem {
    Problem::new(why).help("write one with `driftline check --format json=FILE`, of the same version of driftline")
}

/// The one that has this name, of all that there are.
fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, is: &str, what: &str) -> Result<T, Problem> {
    let found = all.iter().copied().find(|one| name(*one) == is);
    found.ok_or_else(|| wrong(&format!("`{is}` is no {what} that is known here")))
}

impl Run {
    fn model(self, mut tree: Tree) -> Result<view::Run, Problem> {
        if let Some(directory) = &self.directory {
            tree.here = tree.root.join(directory);
        }
        let layers: Result<Vec<_>, _> =
            self.layers.iter().map(|name| named(&Layer::ALL, Layer::name, name, "layer")).collect();
        Ok(view::Run {
            tool_version: self.tool_version,
            started_at: self.started_at,
            finished_at: self.finished_at,
            command: self.command,
            layers: layers?,
            as_of: self.as_of,
            terraform_exit_code: self.terraform_exit_code,
            tree,
            sources: BTreeMap::new(),
        })
    }
}

impl Scope {
    fn model(self) -> model::Scope {
        model::Scope {
            system: self.system,
            id: self.scope.into(),
            identity: self.identity,
            facts: self.facts,
            requests: self.requests,
            complete: self.complete,
            meant_by: Vec::new(),
        }
    }
}

impl Finding {
    fn model(self, kinds: &[&'static Kind]) -> Result<model::Finding, Problem> {
        let kind = kinds.iter().copied().find(|kind| kind.id == self.kind);
        let kind = kind.ok_or_else(|| wrong(&format!("`{}` is no kind that is known here", self.kind)))?;
        let property = match &self.property {
            None => None,
            Some(name) => {
                let known = kind.property(name).map(|property| property.name);
                Some(known.ok_or_else(|| wrong(&format!("`{name}` is no property of `{}`", kind.id)))?)
            }
        };
        let key = kind.key.iter().map(|field| self.key.get(*field).and_then(Json::as_str).unwrap_or_default());
        let steps: Result<Vec<_>, _> = self.steps.into_iter().map(Step::model).collect();
        Ok(model::Finding {
            key: model::Key::new(key),
            id: self.id,
            change: named(&Change::ALL, Change::name, &self.change, "change")?,
            status: named(&Status::ALL, Status::name, &self.status, "status")?,
            kind,
            scope: self.scope.into(),
            title: self.title,
            address: self.address.map(|address| address.parse()).transpose()?,
            resource_type: self.resource_type,
            property,
            desired: self.desired.map(value),
            recorded: self.recorded.map(value),
            live: self.live.map(value),
            severity: named(&Severity::ALL, Severity::name, &self.severity, "severity")?,
            direction: match &self.direction {
                Some(name) => Some(named(&Direction::ALL, Direction::name, name, "direction")?),
                None => None,
            },
            reasons: self.reasons,
            controls: Vec::new(),
            location: self.location.map(Location::model).transpose()?,
            related: self.related.into_iter().map(Related::model).collect(),
            state: self.state.map(|state| Arc::new(state.model())),
            created: self.created,
            import_id: None,
            delta: self.delta,
            exception: self.exception.map(Exception::model),
            steps: steps?,
        })
    }
}

/// A value as the report publishes it, with its markers.
fn value(json: Json) -> Value {
    let is_marker =
        |fields: &Map<String, Json>, name: &str| fields.len() == 1 && fields.get(name) == Some(&true.into());
    match json {
        Json::Array(items) => Value::List(items.into_iter().map(value).collect()),
        Json::Object(fields) if is_marker(&fields, "sensitive") => Value::Secret(Secret::present()),
        Json::Object(fields) if is_marker(&fields, "unknown") => Value::Unknown,
        Json::Object(fields) => Value::Map(fields.into_iter().map(|(name, field)| (name, value(field))).collect()),
        plain => Value::from_json(plain),
    }
}

impl Location {
    fn model(self) -> Result<model::Location, Problem> {
        let precision = model::Precision::ALL.into_iter().find(|precision| precision.to_string() == self.precision);
        Ok(model::Location {
            path: self.path,
            line: self.line,
            column: self.column,
            end_line: self.end_line,
            end_column: self.end_column,
            precision: precision.ok_or_else(|| wrong(&format!("`{}` is no precision", self.precision)))?,
            excerpt: Vec::new(),
        })
    }
}

impl Related {
    fn model(self) -> model::Related {
        model::Related { path: self.path, line: self.line, column: self.column, role: self.role }
    }
}

impl State {
    fn model(self) -> model::StateRef {
        model::StateRef { path: self.path, serial: self.serial, lineage: self.lineage }
    }
}

impl Exception {
    fn model(self) -> model::Exception {
        model::Exception { id: self.id, owner: self.owner, reason: self.reason, expires: self.expires }
    }
}

impl Step {
    fn model(self) -> Result<StepTo, Problem> {
        Ok(StepTo {
            action: named(&StepTo::ACTIONS, |action| action, &self.action, "action")?,
            command: self.command,
            hcl: self.hcl,
            patch: self.patch.map(|diff| Patch { diff: Some(diff), ..Patch::default() }),
            note: self.note,
            reason: self.reason,
            refused: self.refused,
            ..StepTo::default()
        })
    }
}

impl Gap {
    fn model(self) -> Result<model::Gap, Problem> {
        Ok(model::Gap {
            code: self.code.into(),
            system: self.system,
            scope: self.scope.map(Into::into),
            hides: Hides::Unread(self.hides),
            reason: self.reason,
            hint: self.hint,
            location: self.location.map(Location::model).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json::v1;
    use crate::report::samples;
    use crate::report::{Format, table::Look};

    fn saved(report: &view::Report) -> String {
        let mut out = Vec::new();
        v1::write(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn kinds(report: &view::Report) -> Vec<&'static Kind> {
        report.findings.iter().map(|finding| finding.kind).collect()
    }

    /// What a comment shows of a report is the same after it was saved.
    #[test]
    fn a_saved_report_reads_as_it_was() {
        for report in [samples::busy(), samples::hostile()] {
            let back = read(&saved(&report), &kinds(&report), Tree::default()).unwrap();
            let markdown = |report: &view::Report| {
                let mut out = Vec::new();
                let look = Look { width: 100, colour: false };
                Format::named("markdown").unwrap().write(report, look, &mut out).unwrap();
                String::from_utf8(out).unwrap()
            };
            assert_eq!(markdown(&back), markdown(&report));
            assert_eq!(back.verdict, report.verdict);
            assert_eq!(back.summary, report.summary);
        }
    }

    #[test]
    fn what_is_no_report_of_a_known_version_is_refused() {
        let report = samples::busy();
        let text = saved(&report);
        let refused = |text: &str| read(text, &kinds(&report), Tree::default()).unwrap_err().message;
        assert!(refused("{").contains("no JSON"));
        assert!(refused("[]").contains("schema version"));
        assert!(refused(&text.replacen("\"1.0\"", "\"2.0\"", 1)).contains("`2.0`"));
        assert!(refused(&text.replacen("\"drift\",", "\"gone\",", 1)).contains("`gone` is no status"));
        assert!(refused("{\"schema_version\": \"1.0\"}").contains("no report"));
        assert!(read(&text, &[], Tree::default()).unwrap_err().message.contains("no kind that is known"));
    }
}
