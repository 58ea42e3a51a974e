//! From a request that gave nothing to the gap that says what it hides.

use crate::http::{Error, Kind};
use crate::model::{Gap, Hides};
use std::sync::Arc;

/// What each kind of failure is called and the way out of it.
struct Row {
    kind: Kind,
    code: &'static str,
    hint: &'static str,
}

static ROWS: &[Row] = &[
    Row {
        kind: Kind::Denied,
        code: "denied",
        hint: "allow it: `driftline permissions SYSTEM` prints the least that is needed",
    },
    Row { kind: Kind::Throttled, code: "throttled", hint: "run again later, or with a lower `--jobs`" },
    Row { kind: Kind::Server, code: "server_error", hint: "run again; the system itself failed" },
    Row { kind: Kind::Timeout, code: "timeout", hint: "run again; look at the way to the system" },
    Row {
        kind: Kind::Connection,
        code: "connection",
        hint: "look at the network, the proxy and the endpoint settings",
    },
    Row { kind: Kind::Cut, code: "cut", hint: "run again; the answer ended in the middle" },
    Row {
        kind: Kind::Garbage,
        code: "garbage",
        hint: "look at what answers at that address: a proxy may stand in between",
    },
    Row { kind: Kind::TooLarge, code: "too_large", hint: "the answer is larger than any that is expected; report it" },
    Row {
        kind: Kind::NotAllowed,
        code: "not_allowed",
        hint: "driftline only reads; report this as a fault of driftline",
    },
    Row { kind: Kind::Credentials, code: "credentials", hint: "renew the credentials and run again" },
    Row {
        kind: Kind::Rejected,
        code: "rejected",
        hint: "look up what the system says; when the request itself is at fault, report it as a fault of driftline",
    },
];

/// The gap that a failed request leaves.
pub(super) fn gap(error: &Error, system: &str, scope: &Arc<str>, hides: Hides) -> Gap {
    let row = ROWS.iter().find(|row| row.kind == error.kind).unwrap_or(&ROWS[ROWS.len() - 1]);
    Gap {
        code: row.code.into(),
        system: system.to_owned(),
        scope: Some(scope.clone()),
        hides,
        reason: error.to_string(),
        hint: row.hint.replace("SYSTEM", system),
        location: None,
    }
}
