//! Writes files of source: all or none, and each of them whole.

use crate::model::Problem;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file as it is to be.
#[derive(Debug)]
pub struct Edited {
    pub path: PathBuf,
    pub text: String,
    /// Whether it must not be there yet.
    pub is_new: bool,
}

/// Writes them next to where they belong, and moves them there when all are written.
///
/// # Errors
/// When one cannot be written: then none is changed, or the message says which ones are.
pub fn write(files: &[Edited]) -> Result<(), Problem> {
    let mut ready = Vec::new();
    for file in files {
        if file.is_new && file.path.symlink_metadata().is_ok() {
            return Err(Problem::new("the file is there already, and nothing was written")
                .at(file.path.display().to_string())
                .help("look whether it says the same; move it away, or leave the finding out with `--only`"));
        }
        // Through a link: the file that it leads to is the one that is edited.
        let path = if file.is_new { file.path.clone() } else { real(&file.path)? };
        ready.push((prepared(file, &path)?, path, file.is_new));
    }
    let mut done: Vec<String> = Vec::new();
    for (temporary, path, is_new) in ready {
        let moved = if is_new { temporary.persist_noclobber(&path) } else { temporary.persist(&path) };
        if let Err(error) = moved {
            let written = if done.is_empty() { "none".to_owned() } else { done.join(", ") };
            return Err(Problem::new(format!("the file cannot be put in its place: {}", error.error))
                .at(path.display().to_string())
                .help(format!("written before it: {written}; the rest is as it was")));
        }
        done.push(format!("`{}`", path.display()));
    }
    Ok(())
}

fn real(path: &Path) -> Result<PathBuf, Problem> {
    path.canonicalize()
        .map_err(|error| Problem::new(format!("the file cannot be found: {error}")).at(path.display().to_string()))
}

/// The content next to its place, under another name, with the permissions of what it replaces.
fn prepared(file: &Edited, path: &Path) -> Result<NamedTempFile, Problem> {
    use std::os::unix::fs::PermissionsExt;
    let write = || -> std::io::Result<NamedTempFile> {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut temporary = NamedTempFile::new_in(dir)?;
        temporary.write_all(file.text.as_bytes())?;
        let permissions = match path.metadata() {
            Ok(about) => about.permissions(),
            Err(_) => std::fs::Permissions::from_mode(0o644),
        };
        temporary.as_file().set_permissions(permissions)?;
        temporary.as_file().sync_all()?;
        Ok(temporary)
    };
    write().map_err(|error| {
        Problem::new(format!("the file cannot be written: {error}; none was changed")).at(path.display().to_string())
    })
}
