//! What is wrong with exceptions themselves, as findings at their own line.

use super::ledger::{Entry, Fault};
use crate::model::{Change, Class, Finding, Key, Kind, Location, Severity, Status};

/// What such findings are about.
pub static KIND: Kind = Kind {
    id: "driftline/exception",
    noun: "exception",
    title: "exception `{id}`",
    class: Class::Setting,
    key: &["id"],
    properties: &[],
    declared_by: &[],
    about: "An accepted difference, in `driftline.exceptions.toml` or in a comment at the source line.",
};

pub(super) fn malformed(fault: &Fault) -> Finding {
    let reasons = vec![fault.message.clone(), "it covers nothing until it is right".to_owned(), fault.help.clone()];
    finding(&fault.id, Change::ExceptionMalformed, Severity::High, &fault.at, "is not right", reasons)
}

pub(super) fn too_long(entry: &Entry, severity: Severity) -> Finding {
    let days = super::longest(severity);
    let reasons = vec![
        format!(
            "it holds until {}, and a difference of severity {severity} may stay accepted for {days} days",
            entry.expires
        ),
        "it covers nothing until it is right".to_owned(),
    ];
    finding(&entry.id, Change::ExceptionMalformed, Severity::High, &entry.at, "lasts too long", reasons)
}

pub(super) fn too_wide(entry: &Entry, severity: Severity) -> Finding {
    let reasons = vec![
        format!(
            "for a difference of severity {severity} `match` has to give `property`, `change` or `finding`, or `delta` is given"
        ),
        "it covers nothing of that severity until it does".to_owned(),
    ];
    finding(&entry.id, Change::ExceptionMalformed, Severity::High, &entry.at, "is too wide", reasons)
}

pub(super) fn ending(entry: &Entry) -> Finding {
    let reasons = vec![format!("its last day is {}; `{}` answers for it", entry.expires, entry.owner)];
    finding(&entry.id, Change::ExceptionEnding, Severity::Info, &entry.at, "ends soon", reasons)
}

pub(super) fn unused(entry: &Entry) -> Finding {
    let reasons = vec!["nothing that was found is what it covers: delete it, or it covers what comes next".to_owned()];
    finding(&entry.id, Change::ExceptionUnused, Severity::Low, &entry.at, "matches nothing", reasons)
}

fn finding(id: &str, change: Change, severity: Severity, at: &Location, says: &str, reasons: Vec<String>) -> Finding {
    let key = Key::new([id]);
    Finding {
        id: Finding::id_of([change.name(), KIND.id, id, &at.path]),
        change,
        status: Status::Unknown,
        kind: &KIND,
        scope: at.path.as_str().into(),
        title: format!("{} {says}", KIND.describe(&key)),
        key,
        address: None,
        resource_type: None,
        property: None,
        desired: None,
        recorded: None,
        live: None,
        severity,
        direction: None,
        reasons,
        controls: Vec::new(),
        location: Some(at.clone()),
        related: Vec::new(),
        state: None,
        created: None,
        import_id: None,
        exception: None,
        delta: None,
        steps: Vec::new(),
    }
}
