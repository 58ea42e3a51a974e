//! Patches of the source that make it say what is live. A patch is offered only when the source with it was evaluated and
//! says so; what else changes along is told.
//!
//! `wish` says what an instance is to say, `claimed` what a resource type makes of it, `candidates` and `documents` which
//! edits might do it, `listed` which of them declare one instance more, `trial` tries them out.

mod candidates;
mod claimed;
mod documents;
mod listed;
mod trial;
mod wish;

pub(in crate::check) use listed::Live;
pub use trial::Source;
pub use wish::Wish;

use super::Declared;
use crate::compare::Said;
use crate::model::{Address, Finding, Patch, Status, StepTo};
use crate::reconcile;

/// Puts a patch, or why there is none, with the steps that change the source.
pub(super) fn patch(finding: &mut Finding, said: Option<&Said<'_>>, declared: &Declared) {
    if !matches!(finding.status, Status::Drift | Status::Conflict | Status::Unknown) {
        return;
    }
    let Some(said) = said else { return };
    let Some(source) = said.by.root.and_then(|root| declared.configuration(root)) else { return };
    let Some(step) = finding.steps.iter().position(|step| matches!(step.action, "adopt" | "forget")) else { return };
    let wishes = Wish::of(finding, said);
    let of_block = wishes.iter().flatten().next().map(|wish| claimed::alike(declared, said, finding, wish));
    let of_block = of_block.unwrap_or_default();
    let outcome = wishes.and_then(|wishes| first(source, said, finding, declared, &wishes));
    let Some(step) = finding.steps.get_mut(step) else { return };
    match outcome {
        Ok(patch) => {
            let elsewhere = said.by.root.map(|root| elsewhere(declared, root, &patch)).unwrap_or_default();
            let of_root = patch.also_changes.iter().map(|one| format!("`{one}`"));
            let others: Vec<String> = of_block.into_iter().chain(of_root).chain(elsewhere).collect();
            if !others.is_empty() {
                step.note = format!("{}; the value is shared: it changes {} too", step.note, shared(&others));
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

/// The patch for the first wish that the resource type, too, takes for what is live.
fn first(
    source: &Source,
    said: &Said<'_>,
    finding: &Finding,
    declared: &Declared,
    wishes: &[Wish],
) -> Result<Patch, String> {
    let mut why = "what is live cannot be said in this argument".to_owned();
    for wish in wishes {
        match find(source, &said.by.address, wish) {
            Ok(patch) => {
                let edited = trial::patched(source, &patch);
                if !edited.is_some_and(|edited| claimed::says_other(declared, said, finding, &edited)) {
                    return Ok(patch);
                }
            }
            Err(reason) if wishes.len() == 1 => why = reason,
            Err(_) => {}
        }
    }
    Err(why)
}

/// Puts a step in place of the one that imports what nobody declares by a block of its own, where it can be listed beside
/// others of its kind.
pub(super) fn list(finding: &mut Finding, live: Live<'_>, declared: &Declared) {
    let Some(at) = finding.steps.iter().position(|step| matches!(step.action, "import" | "adopt")) else { return };
    let Some(listed) = listed::find(declared, finding, live) else { return };
    let Some(home) = declared.homes.get(listed.root) else { return };
    let step = reconcile::listed(finding, &listed.address, home);
    if let Some(old) = finding.steps.get_mut(at) {
        let (reason, refused) = (old.reason.take(), old.refused.take());
        *old = StepTo { patch: Some(listed.patch), reason, refused, ..step };
    }
}

fn shared(others: &[String]) -> String {
    let named = others.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ");
    match others.len().saturating_sub(3) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// What a patch changes in other root modules, which read the same files: each with the directory of its root module.
fn elsewhere(declared: &Declared, root: usize, patch: &Patch) -> Vec<String> {
    let others = declared.roots.iter().zip(&declared.homes).enumerate().filter(|(at, _)| *at != root);
    let each = others.filter_map(|(_, (source, home))| Some((source.as_ref()?, home)));
    each.flat_map(|(source, home)| {
        trial::changed(source, patch).into_iter().map(|address| format!("`{address}` in `{}`", home.dir))
    })
    .collect()
}

/// The patch that makes the source say what is wished of an instance.
///
/// # Errors
/// Why there is none.
pub fn find(source: &Source, address: &Address, wish: &Wish) -> Result<Patch, String> {
    trial::find(source, address, wish)
}
