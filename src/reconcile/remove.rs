//! `remove`: what nobody declares is taken away by the system's own commands; switched off first where that can be.

use super::{About, note};
use crate::model::{Fact, Finding, StepTo};
use crate::providers;
use crate::providers::remedy::{self, Remedy};

/// The row of the thing's system that says how.
pub(super) fn row(fact: &Fact) -> Option<&'static Remedy> {
    remedy::row(providers::system(fact.kind.system())?.remedies(), fact)
}

/// What takes it away for good.
pub(super) fn commands(about: &About<'_>) -> Option<String> {
    let fact = about.fact?;
    let calls: Option<Vec<_>> = row(fact)?.delete.iter().map(|call| remedy::command(call, fact)).collect();
    calls.filter(|calls| !calls.is_empty()).map(|calls| calls.join("\n"))
}

/// What switches it off.
fn switched_off(about: &About<'_>) -> Option<String> {
    let fact = about.fact?;
    let calls: Option<Vec<_>> = row(fact)?.disable.iter().map(|call| remedy::command(call, fact)).collect();
    calls.filter(|calls| !calls.is_empty()).map(|calls| calls.join("\n"))
}

pub(super) fn remove(finding: &Finding, about: &About<'_>) -> StepTo {
    let (off, gone) = (switched_off(about), commands(about));
    let mut words = match (&off, &gone) {
        (Some(_), Some(_)) => "switch it off, and delete it when nobody has missed it".to_owned(),
        (Some(_), None) => "switch it off, and take it away in the live system when nobody has missed it".to_owned(),
        (None, _) => "take it away in the live system if nobody answers for it".to_owned(),
    };
    let row = about.fact.and_then(row);
    let last_used = about.fact.and_then(|fact| fact.last_used.as_ref()).map(|at| format!("it was last used {at}"));
    let made = finding.created.as_ref().map(|at| format!("it was made {at}"));
    let breaks = (!about.dependants.is_empty()).then(|| format!("with it goes: {}", about.dependants.join(", ")));
    let before = row.and_then(|row| row.before).map(str::to_owned);
    let exclusive = row.and_then(|row| row.exclusive).map(|name| format!("`{name}` would make the next one drift"));
    for more in [last_used.or(made), breaks, before, exclusive].into_iter().flatten() {
        words.push_str("; ");
        words.push_str(&more);
    }
    let command = match (off, gone) {
        (Some(off), Some(gone)) => {
            let later: Vec<_> = gone.lines().map(|line| format!("# later: {line}")).collect();
            Some(format!("{off}\n{}", later.join("\n")))
        }
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    };
    StepTo { command, ..note("remove", words) }
}
