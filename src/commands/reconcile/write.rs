//! `--write`: the plan's changes of the source, into the working tree.

use super::say;
use crate::apply::files::{self, Edited};
use crate::model::Problem;
use crate::reconcile::Plan;
use crate::report::plan::{self, Change};
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes all of them or none.
pub(super) fn write(chosen: &Plan<'_>, allow_dirty: bool) -> Result<(), Problem> {
    let edited =
        |change: Change| Edited { path: change.path.into(), text: change.after, is_new: change.before.is_none() };
    let edited: Vec<_> = plan::changes(chosen, &read)?.into_iter().map(edited).collect();
    if edited.is_empty() {
        say("no step of the plan changes the source: nothing was written");
        return Ok(());
    }
    if !allow_dirty && let Some(file) = edited.iter().filter(|file| !file.is_new).find(|file| is_dirty(&file.path)) {
        return Err(Problem::new("git says that the file has changes of its own, and nothing was written")
            .at(file.path.display().to_string())
            .help("commit or stash them first, or say `--allow-dirty`"));
    }
    files::write(&edited)?;
    for file in &edited {
        say(&format!("written: {}", file.path.display()));
    }
    Ok(())
}

/// The text of a file of source.
pub(super) fn read(path: &str) -> Result<String, Problem> {
    std::fs::read_to_string(path)
        .map_err(|error| Problem::new(format!("the file cannot be read: {error}")).at(path.to_owned()))
}

/// Whether git knows of changes that are in no commit. Without git, or outside of a repository, nobody says so. This only
/// asks: no lock is taken, and no hook of the repository is run.
fn is_dirty(path: &Path) -> bool {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(name) = path.file_name() else { return false };
    let output = Command::new("git")
        .args(["--no-optional-locks", "-c", "core.fsmonitor=false", "status", "--porcelain", "-z", "--ignored", "--"])
        .arg(name)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}
