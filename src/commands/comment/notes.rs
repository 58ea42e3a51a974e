//! What is said of findings at their lines, and the patches that are offered there.

use crate::forge::{Hunk, Note, Words, of_one_file};
use crate::model::{Finding, Severity};
use crate::report::{Report, Tree, markdown};
use std::collections::BTreeMap;

/// The text of a finding.
type Body<'a> = Box<Words<'a>>;

/// Each finding that somebody should look at, worst first, with its text.
pub(super) fn bodies(report: &Report) -> Vec<(&Finding, Body<'_>)> {
    report.open().map(|finding| (finding, body(finding))).collect()
}

fn body(finding: &Finding) -> Body<'_> {
    Box::new(move |offer| markdown::remark(finding, offer))
}

/// One note for each finding that the source of the repository says something about.
pub(super) fn of<'a>(bodies: &'a [(&'a Finding, Body<'a>)], tree: &Tree) -> Vec<Note<'a>> {
    let mut texts = BTreeMap::new();
    let note = |(finding, body): &'a (&'a Finding, Body<'a>)| {
        let spot = tree.spot(finding)?;
        let text: &Option<String> =
            texts.entry(spot.path.clone()).or_insert_with(|| std::fs::read_to_string(tree.root.join(&spot.path)).ok());
        // A line is commented on only if the diff shows the very text that was checked.
        let line = spot.line.and_then(|number| {
            let text = text.as_ref()?.split('\n').nth(number.checked_sub(1)?)?;
            Some((number, text.to_owned()))
        });
        let patch = patch(finding, &spot.path, tree);
        Some(Note { id: finding.id.clone(), path: spot.path, line, patch, body: &**body })
    };
    bodies.iter().filter_map(note).collect()
}

/// The changes of the file that a step offers. What is critical is not kept by a click.
fn patch(finding: &Finding, path: &str, tree: &Tree) -> Option<Vec<Hunk>> {
    if finding.severity == Severity::Critical {
        return None;
    }
    let steps = finding.steps.iter().filter(|step| step.refused.is_none());
    let diff = steps.filter_map(|step| step.patch.as_ref()).filter_map(|patch| patch.diff.as_deref()).next()?;
    let (of, hunks) = of_one_file(diff)?;
    (tree.path(of)? == path).then_some(hunks)
}
