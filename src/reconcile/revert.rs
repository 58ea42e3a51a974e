//! `revert`: put back what is declared.

use super::{About, Apply, Root, note, remove};
use crate::model::{Address, Change, Class, Finding, RunMode, StepTo, TerraformRun};
use crate::providers::remedy::shell_word;

/// What a plan says of an address, by what is to be put right there.
type Meant = &'static [&'static [&'static str]];
const UPDATE: Meant = &[&["update"]];
const CREATE: Meant = &[&["create"]];
const CREATE_OR_UPDATE: Meant = &[&["update"], &["create"]];
const REPLACE: Meant = &[&["delete", "create"], &["create", "delete"]];
/// What holds nothing but a right is as good when it is made anew.
const UPDATE_OR_REPLACE: Meant = &[&["update"], &["delete", "create"], &["create", "delete"]];

/// An apply of the address alone.
pub(super) fn apply(finding: &Finding, address: &Address, about: &About<'_>) -> StepTo {
    let meant = match finding.change {
        Change::Missing => CREATE,
        Change::Removed => CREATE_OR_UPDATE,
        _ if is_bare_right(finding, address) => UPDATE_OR_REPLACE,
        _ => UPDATE,
    };
    StepTo {
        command: Some(command(about.root, "apply", &format!("-target={address}"))),
        run: run(address, about, RunMode::Apply, meant),
        ..note("revert", "put back what is declared")
    }
}

/// Has Terraform make it anew.
pub(super) fn replace(address: &Address, about: &About<'_>, why: &str) -> StepTo {
    StepTo {
        command: Some(format!(
            "{} {}",
            command(about.root, "apply", &format!("-replace={address}")),
            shell_word(&format!("-target={address}"))
        )),
        run: run(address, about, RunMode::Replace, REPLACE),
        ..note("revert", why)
    }
}

/// What an apply does not put back: taken away by the provider's own command where it is one too many, made anew where
/// it is a bare right; else a person has to do it.
pub(super) fn past_terraform(finding: &Finding, address: &Address, about: &About<'_>) -> Vec<StepTo> {
    let ignored = about.apply == Apply::Ignores;
    let why = if ignored { "`ignore_changes` keeps Terraform from it" } else { "the provider does not see it" };
    let by_hand = note("revert", format!("put it back in the live system: {why}"));
    let removal = remove::commands(about).filter(|_| finding.change == Change::Added);
    let first = match removal {
        Some(command) => StepTo { command: Some(command), ..by_hand },
        None if !ignored && finding.change == Change::Modified && is_bare_right(finding, address) => {
            replace(address, about, "the provider does not see it: have Terraform make it anew, as it is declared")
        }
        None => by_hand,
    };
    let second = if ignored {
        note("accept", "leave it, if it is what `ignore_changes` is there for")
    } else {
        note("adopt", "declare it by a resource type that says it, if what is live is wanted")
    };
    vec![first, second]
}

/// Whether the address is the block of one grant, membership or attachment, with which nothing else falls away.
fn is_bare_right(finding: &Finding, address: &Address) -> bool {
    matches!(finding.kind.class, Class::Grant | Class::Membership | Class::Attachment)
        && finding.kind.declared_by.first().is_some_and(|own| *own == address.resource_type)
}

/// The command, told where to run.
pub(super) fn command(root: Option<&Root>, what: &str, option: &str) -> String {
    let variables = root.map(|root| &*root.variables).unwrap_or_default();
    let mut words = vec![root.map_or_else(|| "terraform".to_owned(), Root::command), what.to_owned()];
    words.extend(variables.iter().map(|one| one.shown.clone()));
    words.push(shell_word(option));
    words.join(" ")
}

/// What driftline itself would run; nothing for a state without source.
pub(super) fn run(address: &Address, about: &About<'_>, mode: RunMode, meant: Meant) -> Option<TerraformRun> {
    about.root.map(|root| TerraformRun {
        dir: root.dir.clone(),
        binary: root.binary.clone(),
        mode,
        address: address.clone(),
        meant,
        brings: about.brings.clone(),
        variables: root.variables.clone(),
    })
}
