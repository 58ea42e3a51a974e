//! Patches of the source that make it say what is live. A patch is offered only when the source with it was evaluated and
//! says so; what else changes along is told.
//!
//! `wish` says what an instance is to say, `candidates` and `documents` which edits might do it, `trial` tries them out.

mod candidates;
mod documents;
mod trial;
mod wish;

pub use trial::Source;
pub use wish::Wish;

use super::Declared;
use crate::compare::Said;
use crate::model::{Address, Finding, Patch, Status};

/// Puts a patch, or why there is none, with the steps that change the source.
pub(super) fn patch(finding: &mut Finding, said: Option<&Said<'_>>, declared: &Declared) {
    if !matches!(finding.status, Status::Drift | Status::Conflict | Status::Unknown) {
        return;
    }
    let Some(said) = said else { return };
    let Some(source) = said.by.root.and_then(|root| declared.configuration(root)) else { return };
    let Some(step) = finding.steps.iter().position(|step| matches!(step.action, "adopt" | "forget")) else { return };
    let outcome = match Wish::of(finding, said) {
        Ok(wish) => find(source, &said.by.address, &wish),
        Err(why) => Err(why),
    };
    let Some(step) = finding.steps.get_mut(step) else { return };
    match outcome {
        Ok(patch) => {
            if !patch.also_changes.is_empty() {
                step.note =
                    format!("{}; the value is shared: it changes {} too", step.note, shared(&patch.also_changes));
            }
            if patch.diff.is_none() {
                let how = "secrets stand in the lines or next to them, so that no diff is shown: `reconcile --write` makes it";
                step.note = format!("{}; {how}", step.note);
            }
            step.patch = Some(patch);
        }
        Err(why) => step.note = format!("{}; no patch: {why}", step.note),
    }
}

fn shared(others: &[Address]) -> String {
    let named: Vec<_> = others.iter().take(3).map(|address| format!("`{address}`")).collect();
    match others.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// The patch that makes the source say what is wished of an instance.
///
/// # Errors
/// Why there is none.
pub fn find(source: &Source, address: &Address, wish: &Wish) -> Result<Patch, String> {
    trial::find(source, address, wish)
}
