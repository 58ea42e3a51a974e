//! Steps that change nothing live: `refresh`, `adopt`, `forget`, `accept`.

use super::{About, Root, note, revert};
use crate::model::{Address, Finding, RunMode, StepTo};
use crate::providers::remedy::shell_word;

/// Takes into the state what is live.
pub(super) fn refresh(address: &Address, about: &About<'_>, why: &str) -> StepTo {
    StepTo {
        command: Some(revert::command(about.root, "apply -refresh-only", &format!("-target={address}"))),
        run: revert::run(address, about, RunMode::RefreshOnly, &[]),
        ..note("refresh", why)
    }
}

pub(super) fn adopt(why: &str) -> StepTo {
    note("adopt", why)
}

/// Declared and not applied yet.
pub(super) fn pending() -> StepTo {
    note("revert", "apply the plan")
}

/// Judged without a state.
pub(super) fn unknown() -> Vec<StepTo> {
    vec![
        note("revert", "apply it, if it only waits for that; `terraform plan` tells what it would do"),
        adopt("edit the declaration if what is live is wanted"),
    ]
}

/// Declares no more what is not there: the block goes from the source, and the state lets go of it without destroying.
/// A `removed` block names no instances (Terraform documentation, "Removed block"), so one instance of several goes by
/// `state rm`.
pub(super) fn forget(finding: &Finding, address: &Address, about: &About<'_>) -> StepTo {
    let step = note("forget", "delete the declaration if the access is not wanted any more");
    // One of several things that the block says: the block itself stays.
    if finding.change != crate::model::Change::Missing || !finding.kind.declared_by.contains(&&*address.resource_type) {
        return step;
    }
    let has_key = address.key.is_some() || address.module.0.iter().any(|module| module.key.is_some());
    let root = about.root.cloned().unwrap_or_default();
    if has_key || !root.knows_removed() {
        let command = format!("{} state rm {}", Root::command(&root), shell_word(&address.to_string()));
        return StepTo { command: Some(command), ..step };
    }
    let lifecycle = "\n\n  lifecycle {\n    destroy = false\n  }\n";
    let lifecycle = if root.is_opentofu { "\n" } else { lifecycle };
    StepTo { hcl: Some(format!("removed {{\n  from = {address}{lifecycle}}}\n")), ..step }
}

/// Any difference may be accepted for a while.
pub(super) fn accept(finding: &Finding) -> StepTo {
    let entry = format!("`driftline exceptions add {} --report` and a JSON report of `check`", finding.id);
    note("accept", format!("leave it as it is for a while, with an owner, a reason and a last day: {entry}"))
}
