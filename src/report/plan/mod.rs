//! The reconcile plan, one file for each format.

mod diff;
mod import;
mod json;
mod script;
mod text;

pub use diff::write as write_diff;
pub use import::write as write_import;
pub use json::write as write_json;
pub use script::write as write_script;
pub use text::write as write_text;

use crate::model::NewFile;
use crate::reconcile::Plan;

/// The files of source that the plan adds, each once.
pub fn new_files<'a>(plan: &'a Plan<'a>) -> Vec<&'a NewFile> {
    let mut files: Vec<&NewFile> = Vec::new();
    for item in plan.items.iter().filter(|item| !item.is_idle()) {
        let new = item.step.file.as_ref().filter(|file| files.iter().all(|known| known.path != file.path));
        files.extend(new);
    }
    files
}
