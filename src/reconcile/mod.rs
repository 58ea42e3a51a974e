//! The step that makes both sides agree again, the recommended one first.

use crate::model::finding::StepTo;
use crate::model::{Address, Change, Finding, InstanceKey, Severity, Status};

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

/// Gives a finding its steps.
pub fn plan(finding: &mut Finding, apply: Apply) {
    match apply {
        Apply::PutsBack | Apply::MakesAgain => {}
        Apply::Ignores => {
            finding.reasons.push("`ignore_changes` covers it: an apply does not put it back".to_owned());
        }
        Apply::DoesNotSee => {
            finding.reasons.push("the provider does not look at it: an apply does not put it back".to_owned());
        }
    }
    finding.steps = match (finding.status, &finding.address) {
        (Status::Drift | Status::Conflict, Some(_)) if apply == Apply::DoesNotSee => vec![
            note("revert", "put it back in the live system: the provider does not see it"),
            note("adopt", "declare it by a resource type that says it, if what is live is wanted"),
        ],
        (Status::Drift | Status::Conflict, Some(_)) if apply == Apply::Ignores => vec![
            note("revert", "put it back in the live system: `ignore_changes` keeps Terraform from it"),
            note("accept", "leave it, if it is what `ignore_changes` is there for"),
        ],
        (Status::Pending, _) => vec![note("revert", "apply the plan")],
        (Status::Converged, _) => vec![refresh(), note("accept", "nothing else is left to do")],
        (Status::Adoptable, _) if apply == Apply::MakesAgain => {
            vec![note("revert", "apply the plan: it grants again what is there, and nothing has to be imported")]
        }
        (Status::Adoptable, Some(address)) => vec![import(finding, &address.to_string(), None)],
        (Status::Unmanaged, _) => unmanaged(finding),
        (Status::Unknown, _) => vec![
            note("revert", "apply it, if it only waits for that; `terraform plan` tells what it would do"),
            note("adopt", "edit the declaration if what is live is wanted"),
        ],
        (_, Some(address)) => declared(finding, &address.clone()),
        (_, None) => Vec::new(),
    };
}

/// Live and declared by nobody: taken away, or declared and imported. Access that matters is looked at before it is
/// kept, so taking it away comes first from `high` on.
fn unmanaged(finding: &Finding) -> Vec<StepTo> {
    let remove = note("remove", "take it away in the live system if nobody answers for it");
    let Some(resource_type) = &finding.resource_type else { return vec![remove] };
    let name = block_name(finding);
    let block = format!("resource \"{resource_type}\" \"{name}\" {{\n  # …\n}}");
    let import = import(finding, &format!("{resource_type}.{name}"), Some(block));
    if finding.severity >= Severity::High { vec![remove, import] } else { vec![import, remove] }
}

/// Declared otherwise than it is: put back by an apply, or taken over into the source.
fn declared(finding: &Finding, address: &Address) -> Vec<StepTo> {
    if finding.change == Change::Replaced {
        return replaced(address);
    }
    let apply = StepTo {
        action: "revert",
        command: Some(format!("terraform apply -target={}", shell_quoted(&address.to_string()))),
        hcl: None,
        patch: None,
        note: "put back what is declared".to_owned(),
    };
    let edit = match finding.change {
        Change::Missing | Change::Removed => {
            note("forget", "delete the declaration if the access is not wanted any more")
        }
        _ => note("adopt", "edit the declaration if what is live is wanted"),
    };
    vec![apply, edit]
}

/// Terraform takes what was made anew under the same name for its own at the next refresh, so a plain apply puts nothing
/// back: either that is right, or it is to be made anew once more.
fn replaced(address: &Address) -> Vec<StepTo> {
    let take_over = StepTo {
        note: "find out who made it anew; if that is right, let the state take it over".to_owned(),
        ..refresh()
    };
    let replace = StepTo {
        action: "revert",
        command: Some(format!("terraform apply -replace={}", shell_quoted(&address.to_string()))),
        hcl: None,
        patch: None,
        note: "have Terraform make it anew, so that nothing of the other one is left".to_owned(),
    };
    vec![take_over, replace]
}

fn import(finding: &Finding, to: &str, block: Option<String>) -> StepTo {
    let id = finding.import_id.clone();
    if let (None, Some(block)) = (&id, &block) {
        return StepTo {
            hcl: Some(block.clone()),
            ..note("adopt", "declare it if it is wanted; there is nothing to import it by")
        };
    }
    let hcl = id.as_ref().map(|id| {
        let import = format!("import {{\n  to = {to}\n  id = {}\n}}", quoted(id));
        block.map_or(import.clone(), |block| format!("{import}\n\n{block}"))
    });
    StepTo {
        action: "import",
        command: id.map(|id| format!("terraform import {} {}", shell_quoted(to), shell_quoted(&id))),
        hcl,
        patch: None,
        note: "declare it and import it if it is wanted".to_owned(),
    }
}

fn refresh() -> StepTo {
    StepTo {
        action: "refresh",
        command: Some("terraform apply -refresh-only".to_owned()),
        hcl: None,
        patch: None,
        note: "let the state see what is live".to_owned(),
    }
}

fn note(action: &'static str, note: &str) -> StepTo {
    StepTo { action, command: None, hcl: None, patch: None, note: note.to_owned() }
}

/// A block name made from the key: letters, digits, `_` and `-`, never empty and never beginning with a digit.
fn block_name(finding: &Finding) -> String {
    let words: Vec<_> =
        finding.key.values().iter().map(|value| value.rsplit(['/', ':']).next().unwrap_or(value)).collect();
    let mut name: String =
        words.join("_").chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "imported_");
    }
    name
}

/// A text as an HCL string: the escapes are those of an instance key.
fn quoted(text: &str) -> String {
    let key = InstanceKey::Str(text.to_owned()).to_string();
    key.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// A text as one word of a POSIX shell.
fn shell_quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@,+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_shell_and_hcl_are_quoted_whole() {
        assert_eq!(shell_quoted("module.a[\"x\"].aws_iam_user.b"), "'module.a[\"x\"].aws_iam_user.b'");
        assert_eq!(shell_quoted("it's; rm -rf"), r"'it'\''s; rm -rf'");
        assert_eq!(
            shell_quoted("deploy/arn:aws:iam::aws:policy/ReadOnlyAccess"),
            "deploy/arn:aws:iam::aws:policy/ReadOnlyAccess"
        );
        assert_eq!(quoted("a\"${b}]"), "\"a\\\"$${b}]\"");
    }
}
