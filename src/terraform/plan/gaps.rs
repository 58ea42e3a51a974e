//! What a plan leaves open, by its own account.

use super::Deferred;
use crate::model::{Gap, Hides};

pub(super) fn of(errored: bool, complete: bool, deferred: &[Deferred<'_>]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = deferred.iter().map(of_deferred).collect();
    // An error or a deferred change makes a plan incomplete too: the nearer reason is enough.
    if errored {
        gaps.push(gap(
            "plan_errored",
            "the plan ended in an error and does not say what is wanted of every object".to_owned(),
            "mend the error that `terraform plan` shows, then save and show the plan anew",
        ));
    } else if !complete && deferred.is_empty() {
        gaps.push(gap(
            "plan_partial",
            "the plan covers only a part of the configuration".to_owned(),
            "plan without `-target` and `-exclude`",
        ));
    }
    gaps
}

fn of_deferred(deferred: &Deferred<'_>) -> Gap {
    let why = deferred.reason.as_deref().unwrap_or("no reason is given");
    gap(
        "plan_deferred",
        format!("the plan puts `{}` off: {why}", deferred.resource_change.address),
        "apply what is planned, then plan again",
    )
}

fn gap(code: &'static str, reason: String, hint: &str) -> Gap {
    Gap {
        code: code.into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Desired,
        reason,
        hint: hint.to_owned(),
        location: None,
    }
}
