//! A JSON report that an earlier run wrote.

use crate::model::{Problem, seen};
use crate::report::{Report, Tree, json};
use crate::{exceptions, providers};
use serde_json::Value;
use std::path::Path;

const HELP: &str = "write one with `driftline check --format json=FILE`";

fn text(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| {
        Problem::new(format!("cannot read the report: {error}")).at(path.display().to_string()).help(HELP)
    })
}

/// The whole report, to be shown again. `tree` says where its run stood in the repository.
///
/// # Errors
/// When it cannot be read or is no report that this version knows.
pub(super) fn whole(path: &Path, tree: Tree) -> Result<Report, Problem> {
    let mut kinds = providers::kinds();
    kinds.push(&exceptions::KIND);
    kinds.extend(seen::KINDS);
    json::saved::read(&text(path)?, &kinds, tree).map_err(|problem| problem.at(path.display().to_string()))
}

/// A report, read for its findings.
pub(super) struct SavedReport {
    pub(super) findings: Vec<Value>,
    /// When and where it was made.
    pub(super) run: Value,
    /// The files that findings point into.
    pub(super) sources: Value,
    shown: String,
}

impl SavedReport {
    /// # Errors
    /// When it cannot be read or is no report.
    pub(super) fn read(path: &Path) -> Result<SavedReport, Problem> {
        let shown = path.display().to_string();
        let wrong = |why: String| Problem::new(why).at(&shown).help(HELP);
        let text = text(path)?;
        let mut json: Value =
            serde_json::from_str(&text).map_err(|error| wrong(format!("the report is no JSON: {error}")))?;
        let (run, sources) = (json["run"].take(), json["sources"].take());
        match json["findings"].take() {
            Value::Array(findings) => Ok(SavedReport { findings, run, sources, shown }),
            _ => Err(wrong("the report has no findings".to_owned())),
        }
    }

    /// # Errors
    /// When the report does not have it.
    pub(super) fn finding(&self, id: &str, help: &str) -> Result<&Value, Problem> {
        self.findings
            .iter()
            .find(|finding| finding["id"] == id)
            .ok_or_else(|| Problem::new(format!("the report has no finding `{id}`")).at(&self.shown).help(help))
    }
}
