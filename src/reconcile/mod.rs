//! The steps that make both sides agree again: for each finding the possible ones, the recommended first; and all of them
//! ordered into a plan.
//!
//! `revert`, `import`, `remove` and `leave` make the steps, `in_use` refuses those that would lock out the credentials of
//! this very run, `order` says what has to come before what, `plan` puts the chosen steps in that order.

mod block;
mod import;
mod in_use;
mod leave;
mod order;
mod plan;
mod remove;
mod revert;

pub use crate::exceptions::NAME as LEDGER;
pub use crate::providers::remedy::shell_word;
pub use import::{block_name, listed};
pub use in_use::{Principal, in_use};
pub use order::Stage;
pub use plan::{Batch, Item, Plan};

use crate::model::{Address, Change, Fact, Finding, RunOption, Severity, Status, StepTo};
use std::sync::Arc;

/// What an apply does about a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apply {
    PutsBack,
    /// The source tells Terraform to leave such a difference alone.
    Ignores,
    /// The provider does not look at what differs.
    DoesNotSee,
    /// Making what is there already makes it as declared.
    MakesAgain,
}

/// What runs Terraform or OpenTofu in its units, with the source and inputs that it puts together.
pub const TERRAGRUNT: &str = "terragrunt";

/// A root module, as commands name it.
#[derive(Debug, Clone)]
pub struct Root {
    /// Its directory as people name it; `.` where driftline runs.
    pub dir: String,
    /// The binary that the directory is for.
    pub binary: String,
    pub is_opentofu: bool,
    /// Major and minor version, where the directory or its state tells.
    pub version: Option<(u64, u64)>,
    /// Variables that its runs need, because this one was given them.
    pub variables: Arc<[RunOption]>,
}

impl Root {
    /// Whether it reads `import` blocks (Terraform 1.5, the first OpenTofu).
    fn knows_import(&self) -> bool {
        self.is_opentofu || self.version.is_none_or(|version| version >= (1, 5))
    }

    /// Whether it reads `removed` blocks (Terraform 1.7, OpenTofu 1.7).
    fn knows_removed(&self) -> bool {
        self.version.is_none_or(|version| version >= (1, 7))
    }

    /// The binary, told where to run.
    fn command(&self) -> String {
        if self.binary == TERRAGRUNT {
            let dir = crate::providers::remedy::shell_word(&format!("--working-dir={}", self.dir));
            return format!("{TERRAGRUNT} run {dir} --");
        }
        let binary = crate::providers::remedy::shell_word(&self.binary);
        if self.dir == "." {
            return binary;
        }
        format!("{binary} {}", crate::providers::remedy::shell_word(&format!("-chdir={}", self.dir)))
    }
}

impl Default for Root {
    fn default() -> Self {
        let (dir, binary) = (".".to_owned(), "terraform".to_owned());
        Root { dir, binary, is_opentofu: false, version: None, variables: Arc::default() }
    }
}

/// What is known beside the finding.
pub struct About<'a> {
    pub apply: Apply,
    pub fact: Option<&'a Fact>,
    /// The root module of its address; of what nobody declares the one that manages the account. `None` for a state
    /// without source.
    pub root: Option<&'a Root>,
    /// The provider configuration that a new block has to name; `None` for the default one.
    pub provider: Option<String>,
    /// A name that no block of its type has.
    pub block_name: String,
    /// Those whose access this run stands on.
    pub in_use: &'a [Principal],
    /// What is live and would break or fall away with it.
    pub dependants: Vec<String>,
    /// What the address depends on: resources of the same root module, without instance keys.
    pub brings: Vec<String>,
    /// Of a principal: what it is a member of.
    pub member_of: Vec<String>,
}

/// Gives a finding its steps.
pub fn plan(finding: &mut Finding, about: &About<'_>) {
    match about.apply {
        Apply::PutsBack | Apply::MakesAgain => {}
        Apply::Ignores => {
            finding.reasons.push("`ignore_changes` covers it: an apply does not put it back".to_owned());
        }
        Apply::DoesNotSee => {
            finding.reasons.push("the provider does not look at it: an apply does not put it back".to_owned());
        }
    }
    let address = finding.address.clone();
    let mut steps = match (finding.status, &address) {
        (Status::Drift | Status::Conflict, Some(address))
            if matches!(about.apply, Apply::Ignores | Apply::DoesNotSee) =>
        {
            revert::past_terraform(finding, address, about)
        }
        (Status::Pending, _) => vec![leave::pending()],
        (Status::Converged, Some(address)) => vec![leave::refresh(address, about, "let the state see what is live")],
        (Status::Converged, None) => Vec::new(),
        (Status::Adoptable, _) if about.apply == Apply::MakesAgain => {
            vec![note("revert", "apply the plan: it grants again what is there, and nothing has to be imported")]
        }
        (Status::Adoptable, Some(address)) => vec![import::of_declared(finding, address, about)],
        (Status::Unmanaged, _) => unmanaged(finding, about),
        (Status::Unknown, _) => leave::unknown(),
        (_, Some(address)) => declared(finding, address, about),
        (_, None) => Vec::new(),
    };
    if !matches!(finding.status, Status::Pending | Status::Converged) {
        steps.push(leave::accept(finding));
    }
    for step in &mut steps {
        step.refused = in_use::refusal(finding, step, about);
    }
    // A step that must not be taken is never the one that is recommended.
    steps.sort_by_key(|step| step.refused.is_some());
    if let Some(first) = steps.first_mut() {
        first.reason = reason(finding, first).map(str::to_owned);
    }
    finding.steps = steps;
}

/// Live and declared by nobody: taken away, or declared and imported. Access that matters is looked at before it is
/// kept, so taking it away comes first from `high` on.
fn unmanaged(finding: &Finding, about: &About<'_>) -> Vec<StepTo> {
    let remove = remove::remove(finding, about);
    let Some(resource_type) = &finding.resource_type else { return vec![remove] };
    let import = import::of_unmanaged(finding, resource_type, about);
    if finding.severity >= Severity::High { vec![remove, import] } else { vec![import, remove] }
}

/// Declared otherwise than it is: put back by an apply, or taken over into the source.
fn declared(finding: &Finding, address: &Address, about: &About<'_>) -> Vec<StepTo> {
    match finding.change {
        // Terraform takes what was made anew under the same name for its own at the next refresh, so a plain apply puts
        // nothing back: either that is right, or it is to be made anew once more.
        Change::Replaced => vec![
            leave::refresh(address, about, "find out who made it anew; if that is right, let the state take it over"),
            revert::replace(address, about, "have Terraform make it anew, so that nothing of the other one is left"),
        ],
        Change::Missing | Change::Removed => {
            vec![revert::apply(finding, address, about), leave::forget(finding, address, about)]
        }
        _ => {
            vec![revert::apply(finding, address, about), leave::adopt("edit the declaration if what is live is wanted")]
        }
    }
}

/// Why the first step is the first.
fn reason(finding: &Finding, step: &StepTo) -> Option<&'static str> {
    Some(match (step.action, finding.status) {
        ("revert", Status::Drift | Status::Conflict) => "what is declared was reviewed, and what is live was not",
        ("import", Status::Adoptable) => "it is declared and live already: an apply would fail or make a second one",
        ("import", _) => "nothing shows that it is unwanted; once declared, it is reviewed like everything else",
        ("adopt", Status::Unmanaged) => "nothing shows that it is unwanted, and it cannot be imported",
        ("remove", _) => "it weighs too much to stay while nobody answers for it",
        ("refresh", Status::Converged) => "live is what is declared: only the state is behind",
        ("refresh", _) => "nothing is put back by an apply: find out who did it first",
        ("accept", _) => "every other step would take the ground from under the credentials in use",
        _ => return None,
    })
}

fn note(action: &'static str, note: impl Into<String>) -> StepTo {
    StepTo { action, note: note.into(), ..StepTo::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_module_is_named_to_what_runs_it() {
        let root = |dir: &str, binary: &str| Root { dir: dir.to_owned(), binary: binary.to_owned(), ..Root::default() };
        assert_eq!(root(".", "terraform").command(), "terraform");
        assert_eq!(root("a b", "tofu").command(), "tofu '-chdir=a b'");
        assert_eq!(root("live/iam", TERRAGRUNT).command(), "terragrunt run --working-dir=live/iam --");
    }
}
