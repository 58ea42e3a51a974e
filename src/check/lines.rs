//! From a difference to the source line that says the declared side.

use super::Declared;
use crate::compare::Said;
use crate::model::{Finding, Gap, Hides, Location, Precision, Step};
use crate::source::digest;
use crate::terraform::config::Located;
use crate::terraform::edit::secret_lines;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

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

/// A file that findings point into.
struct Read {
    digest: String,
    text: String,
    /// Looked for where lines are to be shown: of most files none are.
    secrets: OnceCell<BTreeSet<usize>>,
}

/// Digests of the files that findings point into, so that a later reader can tell whether a line is still the same. Of lines
/// that hold a secret, whatever the finding is about, nothing is shown.
pub(super) fn sources(findings: &mut [Finding]) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, Option<Read>> = BTreeMap::new();
    for finding in findings {
        for related in &finding.related {
            files.entry(related.path.clone()).or_insert_with(|| read(&related.path));
        }
        let Some(location) = &mut finding.location else { continue };
        if location.precision == Precision::State {
            continue;
        }
        let file = files.entry(location.path.clone()).or_insert_with(|| read(&location.path));
        if has_secret(file.as_ref(), location) {
            location.excerpt.clear();
        }
    }
    files.into_iter().filter_map(|(path, file)| Some((path, file?.digest))).collect()
}

/// A place without its lines where one of them holds a secret.
pub fn without_secrets(location: &Location) -> Location {
    let mut location = location.clone();
    if has_secret(read(&location.path).as_ref(), &location) {
        location.excerpt.clear();
    }
    location
}

/// Whether a line of the place holds a secret; of a file that is not at hand (the source in a plan) by what is shown of it.
fn has_secret(file: Option<&Read>, location: &Location) -> bool {
    match file {
        Some(read) => {
            let secrets = read.secrets.get_or_init(|| secret_lines(&location.path, &read.text));
            secrets.range(location.line..=location.end_line).next().is_some()
        }
        None => !secret_lines(&location.path, &location.excerpt.join("\n")).is_empty(),
    }
}

fn read(path: &str) -> Option<Read> {
    let bytes = std::fs::read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(Read { digest: digest(&bytes), text, secrets: OnceCell::new() })
}
