//! The reconcile plan, one file for each format.

mod diff;
mod import;
mod json;
mod script;
mod text;

pub use diff::{of as diff, write as write_diff};
pub use import::write as write_import;
pub use json::write as write_json;
pub use script::write as write_script;
pub use text::write as write_text;

use crate::model::patch::{Edit, Patch};
use crate::model::{NewFile, Problem};
use crate::reconcile::Plan;
use std::collections::{BTreeMap, BTreeSet};

/// A file of source before and after.
pub struct Change {
    pub path: String,
    /// `None` for a file that is not there yet.
    pub before: Option<String>,
    pub after: String,
    /// Lines of it, from 1, that are shown to nobody; `None` where a change itself must not be shown.
    pub hidden: Option<BTreeSet<usize>>,
}

/// Everything that the plan changes in the source. `read` gives the text of a file.
///
/// # Errors
/// When a file cannot be read, or has changed since it was looked at, or two steps edit the same place.
pub fn changes(plan: &Plan<'_>, read: &dyn Fn(&str) -> Result<String, Problem>) -> Result<Vec<Change>, Problem> {
    let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    let patches = plan.items.iter().filter(|item| !item.is_idle()).filter_map(|item| item.step.patch.as_ref());
    let patches: Vec<&Patch> = patches.collect();
    for edit in patches.iter().flat_map(|patch| &patch.edits) {
        let of_file = edits.entry(&edit.path).or_default();
        if !of_file.contains(&edit) {
            of_file.push(edit);
        }
    }
    let mut changes = Vec::new();
    for (path, mut edits) in edits {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let before = read(path)?;
        let patch = Patch { edits: edits.into_iter().cloned().collect(), ..Patch::default() };
        let after = patch.applied(path, &before).ok_or_else(|| {
            Problem::new("the file has changed meanwhile, or two steps edit the same place of it")
                .at(path.to_owned())
                .help("run the same again, one finding at a time with `--only`")
        })?;
        let secrets = patches.iter().map(|patch| &patch.secrets);
        let is_shown = secrets.clone().all(|secrets| !secrets.edited.contains(path));
        let lines = secrets.filter_map(|secrets| secrets.lines.get(path)).flatten().copied();
        changes.push(Change {
            path: path.to_owned(),
            before: Some(before),
            after,
            hidden: is_shown.then(|| lines.collect()),
        });
    }
    let new = |file: &NewFile| Change {
        path: file.path.clone(),
        before: None,
        after: file.text.clone(),
        hidden: Some(BTreeSet::new()),
    };
    changes.extend(new_files(plan).into_iter().map(new));
    Ok(changes)
}

/// The files of source that the plan adds, each once.
fn new_files<'a>(plan: &'a Plan<'a>) -> Vec<&'a NewFile> {
    let mut files: Vec<&NewFile> = Vec::new();
    for item in plan.items.iter().filter(|item| !item.is_idle()) {
        let new = item.step.file.as_ref().filter(|file| files.iter().all(|known| known.path != file.path));
        files.extend(new);
    }
    files
}
