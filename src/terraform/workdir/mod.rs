//! A root module's directory: which state belongs to it, and the bytes of that state.
//!
//! Rules: `internal/command/meta_backend.go`, `internal/command/workdir` and `internal/backend/local` of Terraform 1.11.

mod backend;
mod binary;
mod environment;
mod input;
mod pull;
#[cfg(test)]
mod tests;

pub use backend::{Local, Noted};
pub use binary::{Tool, tool};
pub use environment::Environment;
pub use input::input;

use crate::model::Problem;
use std::path::{Path, PathBuf};

/// A state that has been fetched and not been read.
#[derive(Debug)]
pub struct StateBytes {
    pub bytes: Vec<u8>,
    /// What findings name the state by: the file, the directory that `state pull` was run in, or `-`.
    pub path: String,
}

/// # Errors
/// When it is no directory.
pub fn check(dir: &Path) -> Result<(), Problem> {
    if dir.is_dir() {
        return Ok(());
    }
    Err(Problem::new(format!("`{}` is not a directory", dir.display()))
        .help("give the directory of a root module, or a state file with `--state`"))
}

/// The backend that `init` noted; `None` when it noted none.
///
/// # Errors
/// When the note cannot be read.
pub fn noted(dir: &Path, environment: &Environment) -> Result<Option<Noted>, Problem> {
    backend::of(&data_dir(dir, environment))
}

/// The state file of a local backend.
///
/// # Errors
/// When there is no state, or it cannot be read.
pub fn local(dir: &Path, local: &Local, workspace: &str) -> Result<StateBytes, Problem> {
    let file = dir.join(local.state_file(workspace));
    match std::fs::read(&file) {
        // Terraform leaves an empty file behind when it moves a state to another backend.
        Ok(bytes) if !bytes.is_empty() => Ok(StateBytes { bytes, path: file.display().to_string() }),
        Ok(_) => Err(no_state(dir, workspace)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(no_state(dir, workspace)),
        Err(error) => Err(Problem::new(format!("the state cannot be read: {error}"))
            .at(file.display().to_string())
            .help("make the file readable, or give another with `--state`")),
    }
}

/// As [`pulled`], for a backend of this kind. `binary` is the name or path that was asked for.
///
/// # Errors
/// When there is no binary, it fails, or the backend holds no state.
pub async fn pull(
    dir: &Path,
    kind: &str,
    binary: Option<&str>,
    environment: &Environment,
) -> Result<StateBytes, Problem> {
    pulled(dir, binary, environment).await.map_err(|problem| match &problem.place {
        Some(_) => problem,
        None => problem.at(format!("{} (backend `{kind}`)", dir.display())),
    })
}

/// What the binary's `state pull` prints, from whatever backend and in clear.
pub async fn pulled(dir: &Path, binary: Option<&str>, environment: &Environment) -> Result<StateBytes, Problem> {
    let binary = binary::choose(dir, binary, environment)?;
    let workspace = workspace_of(dir, environment)?;
    let bytes = pull::state(dir, &binary, environment).await?.ok_or_else(|| no_state(dir, &workspace))?;
    Ok(StateBytes { bytes, path: dir.display().to_string() })
}

/// The Terraform or OpenTofu for a root module. `asked` is the name or path that was asked for.
pub fn binary(dir: &Path, asked: Option<&str>, environment: &Environment) -> Result<PathBuf, Problem> {
    binary::choose(dir, asked, environment)
}

/// The selected workspace of a root module: `TF_WORKSPACE`, else what `workspace select` noted, else `default`.
pub fn workspace_of(dir: &Path, environment: &Environment) -> Result<String, Problem> {
    backend::workspace(&data_dir(dir, environment), environment)
}

/// Where `init` puts what belongs to a root module.
pub fn data_dir(dir: &Path, environment: &Environment) -> PathBuf {
    dir.join(environment.get("TF_DATA_DIR").unwrap_or(".terraform".as_ref()))
}

/// The problem of a workspace without a state: an absent state is never taken for an empty one.
pub fn no_state(dir: &Path, workspace: &str) -> Problem {
    Problem::new(format!("the root module has no state in the workspace `{workspace}`"))
        .at(dir.display().to_string())
        .help(
            "if its state is in a backend, run `terraform init` there first; if the workspace is not the one you mean, \
             select it or set `TF_WORKSPACE`; or give a state file with `--state`; `--no-state` judges on the source alone",
        )
}
