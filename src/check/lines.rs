//! From a difference to the source line that says the declared side.

use super::Declared;
use crate::compare::Said;
use crate::model::{Finding, Gap, Hides, Precision, Step};
use crate::source::digest;
use crate::terraform::config::Located;
use std::collections::BTreeMap;

/// Where the source says it; a gap with the reason when it is not certain, `None` when no source was given.
pub(super) fn locate(declared: &Declared, said: &Said<'_>) -> Option<Result<Located, Gap>> {
    let configuration = declared.configuration(said.by.root?)?;
    Some(configuration.locate(&said.by.address, &said.at).map_err(|not| Gap {
        code: "source_not_found".into(),
        system: "terraform".to_owned(),
        scope: None,
        hides: Hides::Lines,
        reason: format!("the line of `{}`{} is not known: {}", said.by.address, step(said), not.reason),
        hint: not.hint,
        location: None,
    }))
}

/// Whether the source tells Terraform to leave differences of what is said there alone.
pub(super) fn ignored(declared: &Declared, said: &Said<'_>) -> bool {
    let (Some(configuration), Some(Step::Attr(argument))) =
        (said.by.root.and_then(|root| declared.configuration(root)), said.at.0.first())
    else {
        return false;
    };
    configuration.ignores(&said.by.address, argument)
}

fn step(said: &Said<'_>) -> String {
    match said.at.0.first() {
        Some(Step::Attr(name)) => format!(" (`{name}`)"),
        _ => String::new(),
    }
}

/// Digests of the files that findings point into, so that a later reader can tell whether a line is still the same.
pub(super) fn sources(findings: &[Finding]) -> BTreeMap<String, String> {
    let mut digests = BTreeMap::new();
    for finding in findings {
        let location = finding.location.as_ref().filter(|location| location.precision != Precision::State);
        for path in location.map(|location| &location.path).into_iter().chain(finding.related.iter().map(|at| &at.path))
        {
            if !digests.contains_key(path)
                && let Ok(bytes) = std::fs::read(path)
            {
                digests.insert(path.clone(), digest(&bytes));
            }
        }
    }
    digests
}
