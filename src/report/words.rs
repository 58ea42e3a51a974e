//! The words that all formats share.

use super::values;
use crate::model::{Change, Compare, Exception, Finding, Gap, Hides, Precision, SeenBy, Status};
use crate::source::clean::for_terminal;

/// Characters that are shown of one line; names have no bound of their own.
const MOST_CHARS: usize = 400;

/// `1 gap`, `2 gaps`. The noun must take a plain `s`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {}", plural(number, noun))
}

/// `gap` for one, `gaps` for any other number.
pub(super) fn plural(number: usize, noun: &str) -> String {
    if number == 1 { noun.to_owned() } else { format!("{noun}s") }
}

/// What a gap hides. A gap read from a saved snapshot may name nothing that is known here.
pub(super) fn hidden(gap: &Gap) -> String {
    match &gap.hides {
        Hides::Facts { kinds, .. } if kinds.is_empty() => "things of a kind that is not known here".to_owned(),
        Hides::Properties { properties, kind, .. } if properties.is_empty() => {
            format!("some properties of {}", kind.nouns())
        }
        _ => gap.hides_in_words(),
    }
}

/// The address that declares it, or the type that would.
pub(super) fn declared_by(finding: &Finding) -> String {
    match (&finding.address, &finding.resource_type) {
        (Some(address), _) => address.to_string(),
        (None, Some(resource_type)) => format!("no address (`{resource_type}` would declare it)"),
        (None, None) => "no address".to_owned(),
    }
}

/// What stands before its scope and behind it, after who declares it: of what driftline did not see itself, who did.
pub(super) fn around_scope(finding: &Finding) -> (String, &'static str) {
    match finding.seen_by() {
        SeenBy::Driftline => (format!(" in {} ", finding.kind.system()), ""),
        SeenBy::Terraform => (" of provider ".to_owned(), ", as Terraform saw it"),
    }
}

/// Who declares it, and where it lives.
pub(super) fn declared_where(finding: &Finding) -> String {
    let (before, after) = around_scope(finding);
    format!("{}{before}{}{after}", declared_by(finding), finding.scope)
}

/// Whether it is about a thing of a live system: an exception is none.
pub(super) fn has_thing(finding: &Finding) -> bool {
    !Change::of_exceptions().contains(&finding.change)
}

/// By what an accepted finding is accepted.
pub(super) fn accepted_by(exception: &Exception) -> String {
    let Exception { id, owner, reason, expires } = exception;
    format!("accepted until {expires} by `{owner}` ({id}): {reason}")
}

/// What the row of the table of three values means, where it is not plain drift.
pub(super) fn meaning(status: Status) -> Option<&'static str> {
    match status {
        Status::Drift | Status::Unmanaged | Status::Pending => None,
        Status::Converged => Some("live is already what is declared, only the state is behind"),
        Status::Conflict => Some("a change waits to be applied here: the next apply overwrites what is live"),
        Status::Adoptable => Some("live already, and in no state"),
        Status::Unknown => Some("drift or a change not applied yet: no state was given to tell"),
    }
}

/// What an apply is about to do, of a change that is declared and waits for it.
pub(super) fn awaited(change: Change) -> &'static str {
    match change {
        Change::Missing | Change::Removed => "to create",
        Change::Unmanaged | Change::Added => "to destroy",
        _ => "to change",
    }
}

/// How exact a place is, where it is not the very value.
pub(super) fn exactness(precision: Precision) -> &'static str {
    match precision {
        Precision::Value => "",
        Precision::Attribute => " (the argument)",
        Precision::Block => " (the block)",
        Precision::ModuleCall => " (the module call)",
        Precision::State => " (known from the state only)",
    }
}

/// A text in one line without anything that steers, and no longer than a person reads.
pub(super) fn line(text: &str) -> String {
    let clean = for_terminal(text, false);
    match clean.char_indices().nth(MOST_CHARS) {
        Some((at, _)) => format!("{}…", &clean[..at]),
        None => clean,
    }
}

/// What there is to say of a finding beside its title, one clean line each: for formats that show plain text.
pub(super) fn details(finding: &Finding) -> Vec<String> {
    let mut lines = Vec::new();
    if has_thing(finding) {
        lines.push(declared_where(finding));
    }
    lines.extend(finding.location.as_ref().map(|location| format!("said at {location}")));
    lines.extend(meaning(finding.status).map(|meaning| format!("{}: {meaning}", finding.status.name())));
    // Lines of a text run on, elements of a set stand apart.
    let text = matches!(values::compare(finding), Some(Compare::PolicyDocument | Compare::Text));
    for column in values::columns(finding) {
        let parts: Vec<_> = column.lines.iter().map(|line| line.trim()).collect();
        lines.push(format!("{}: {}", column.label, parts.join(if text { " " } else { ", " })));
    }
    lines.extend(finding.reasons.iter().map(|reason| format!("why: {reason}")));
    if let Some(step) = finding.steps.first() {
        lines.push(format!("help: {}: {}", step.action, step.note));
        lines.extend(step.refused.as_ref().map(|why| format!("not done: {why}")));
        lines.extend(step.command.clone());
    }
    lines.iter().map(|text| line(text)).collect()
}

/// What there is to say of a gap, one clean line each; the first is its title.
pub(super) fn of_gap(gap: &Gap) -> Vec<String> {
    let scope = gap.scope.as_ref().map(|scope| format!(" {scope}")).unwrap_or_default();
    let mut lines = vec![format!("not checked in {}{scope}: {}", gap.system, hidden(gap)), gap.reason.clone()];
    lines.extend(gap.location.as_ref().map(|location| format!("at {location}")));
    lines.extend((!gap.hint.is_empty()).then(|| format!("help: {}", gap.hint)));
    lines.iter().map(|text| line(text)).collect()
}
