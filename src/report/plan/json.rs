//! The plan as JSON, `schema_version` 1.x: fields may be added, and none changes its meaning.

use crate::model;
use crate::reconcile::{Batch, Item, Plan};
use crate::report::json::text::write_pretty;
use crate::report::json::v1::{Finding, Step};
use crate::report::view;
use std::io::{self, Write};

#[derive(serde::Serialize)]
struct Root<'a> {
    schema_version: &'static str,
    tool_version: &'a str,
    verdict: &'static str,
    /// In the order in which they are to be taken.
    plan: Vec<Entry<'a>>,
    /// What Terraform does in one go.
    runs: Vec<Run<'a>>,
    /// Findings that the chosen action is not offered for.
    left_out: usize,
    gaps: usize,
}

#[derive(serde::Serialize)]
struct Entry<'a> {
    number: usize,
    phase: &'static str,
    /// Position in `runs`, from 0.
    run: Option<usize>,
    step: Step<'a>,
    /// The file of source that it adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<File<'a>>,
    /// The edits of source files that it makes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Edit<'a>>,
    /// For the ledger, where the step is to accept it: what stands in `<>` is to be filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a str>,
    others: Vec<Step<'a>>,
    finding: Finding<'a>,
}

#[derive(serde::Serialize)]
struct File<'a> {
    path: &'a str,
    text: &'a str,
}

/// A replaced range of bytes.
#[derive(serde::Serialize)]
struct Edit<'a> {
    path: &'a str,
    start: usize,
    end: usize,
    /// Left out where they hold a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Run<'a> {
    phase: &'static str,
    directory: &'a str,
    command: String,
    addresses: Vec<String>,
    steps: &'a [usize],
    /// Ids of findings that it changes, too, because the addresses depend on what they are about.
    pulled_in: Vec<&'a str>,
}

/// Writes the plan as one pretty-printed object.
pub fn write(plan: &Plan<'_>, report: &view::Report, out: &mut dyn Write) -> io::Result<()> {
    let root = Root {
        schema_version: "1.0",
        tool_version: &report.run.tool_version,
        verdict: report.verdict.name(),
        plan: plan.items.iter().map(entry).collect(),
        runs: plan.batches.iter().map(run).collect(),
        left_out: plan.left_out,
        gaps: report.gaps.len(),
    };
    write_pretty(&root, out)
}

fn entry<'a>(item: &'a Item<'a>) -> Entry<'a> {
    Entry {
        number: item.number,
        phase: item.stage.phase(),
        run: item.batch,
        step: Step::of(item.step),
        file: item.step.file.as_ref().map(|file| File { path: &file.path, text: &file.text }),
        edits: item.step.patch.iter().flat_map(edits).collect(),
        exception: item.exception.as_deref(),
        others: item.others.iter().map(|step| Step::of(step)).collect(),
        finding: Finding::of(item.finding),
    }
}

fn edits(patch: &model::Patch) -> impl Iterator<Item = Edit<'_>> {
    patch.edits.iter().map(|edit| {
        let is_shown = !patch.secrets.edited.contains(&edit.path);
        let shown = |text| is_shown.then_some(text);
        let (old, new) = (shown(edit.old.as_str()), shown(edit.new.as_str()));
        Edit { path: &edit.path, start: edit.span.start, end: edit.span.end, old, new }
    })
}

fn run<'a>(batch: &'a Batch<'a>) -> Run<'a> {
    Run {
        phase: batch.phase,
        directory: batch.dir,
        command: batch.command(),
        addresses: batch.targets.iter().map(|(address, _)| address.to_string()).collect(),
        steps: &batch.items,
        pulled_in: batch.pulled_in.iter().map(|finding| finding.id.as_str()).collect(),
    }
}
