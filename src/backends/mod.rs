//! States from where a backend keeps them, without Terraform and without `init` where that can be: `settings` says what
//! is known of the backend, `web` sends, and each backend that is read directly has a file. Every other one is left to
//! `state pull`.

mod cli_config;
mod http;
mod pg;
mod remote;
mod s3;
mod settings;
#[cfg(test)]
mod tests;
mod web;

use crate::http::{Options, Policy};
use crate::model::Problem;
use crate::terraform::config::Backend;
use crate::terraform::workdir::{self, Environment, Local, StateBytes};
use settings::Settings;
use std::path::Path;

/// Where a state is asked for.
pub struct Root<'a> {
    pub dir: &'a Path,
    /// What the source says; what `init` noted goes before it.
    pub declared: Option<Backend>,
    /// The Terraform or OpenTofu that was asked for.
    pub binary: Option<&'a str>,
    pub environment: &'a Environment,
    pub sending: Sending,
}

/// How to send, and how often.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    pub options: Options,
    pub policy: Policy,
}

/// Why a backend was not read.
enum Unread {
    /// This cannot be done here; Terraform may do it. The reason, to be read after "because".
    Unsupported(String),
    Problem(Problem),
}

impl From<Problem> for Unread {
    fn from(problem: Problem) -> Self {
        Unread::Problem(problem)
    }
}

/// What a backend holds for a workspace.
struct Found {
    /// `None` where it holds no state.
    bytes: Option<Vec<u8>>,
    /// What findings name the state by, without anything secret.
    path: String,
}

/// Fetches the state of the selected workspace.
///
/// # Errors
/// When there is none, or it cannot be had: no credentials, a refusal, an answer that is cut short, a backend that only
/// Terraform reads in a directory that is not initialised.
pub async fn state_of(root: &Root<'_>) -> Result<StateBytes, Problem> {
    workdir::check(root.dir)?;
    let workspace = workdir::workspace_of(root.dir, root.environment)?;
    let noted = workdir::noted(root.dir, root.environment)?;
    let is_initialised = noted.is_some();
    let settings = match (noted, &root.declared) {
        (Some(noted), _) => Settings::noted(noted, root.dir, root.environment),
        (None, Some(declared)) => Settings::declared(declared.clone(), root.environment),
        (None, None) => return workdir::local(root.dir, &Local::default(), &workspace),
    };
    let found = match settings.kind() {
        "local" => return local(root, &settings, &workspace),
        "http" => http::state(&settings, &workspace, &root.sending).await,
        "pg" => pg::state(&settings, &workspace, &root.sending).await,
        "remote" | "cloud" => remote::state(&settings, &workspace, &root.sending).await,
        "s3" => s3::state(&settings, &workspace, &root.sending).await,
        _ => Err(Unread::Unsupported("only Terraform and OpenTofu read a backend of this kind".to_owned())),
    };
    match found {
        Ok(Found { bytes: Some(bytes), path }) => whole(bytes, path),
        Ok(Found { bytes: None, path }) => {
            let problem = workdir::no_state(root.dir, &workspace);
            Err(Problem { message: format!("{}: there is none at {path}", problem.message), ..problem })
        }
        Err(Unread::Problem(problem)) => Err(located(problem, &settings)),
        Err(Unread::Unsupported(_)) if is_initialised => {
            workdir::pull(root.dir, settings.kind(), root.binary, root.environment).await
        }
        Err(Unread::Unsupported(why)) => Err(not_initialised(root.dir, settings.kind(), &why)),
    }
}

fn local(root: &Root<'_>, settings: &Settings<'_>, workspace: &str) -> Result<StateBytes, Problem> {
    let read = || -> Result<Local, Unread> {
        Ok(Local { path: settings.text("path")?, workspace_dir: settings.text("workspace_dir")? })
    };
    match read() {
        Ok(local) => workdir::local(root.dir, &local, workspace),
        Err(Unread::Problem(problem)) => Err(located(problem, settings)),
        Err(Unread::Unsupported(why)) => Err(not_initialised(root.dir, settings.kind(), &why)),
    }
}

/// A state that is not cut off: what came over a network may be, without any sign of it on the way.
fn whole(bytes: Vec<u8>, path: String) -> Result<StateBytes, Problem> {
    match serde_json::from_slice::<serde::de::IgnoredAny>(&bytes) {
        Err(error) if error.is_eof() => {
            Err(Problem::new(format!("the state ends in the middle, after {} bytes", bytes.len()))
                .at(path)
                .help("try again; if it stays so, the stored state is damaged: restore an earlier version of it"))
        }
        // Any other fault is told by the reader of states, which knows what it looks at.
        _ => Ok(StateBytes { bytes, path }),
    }
}

fn located(problem: Problem, settings: &Settings<'_>) -> Problem {
    let place = problem.place.clone().unwrap_or_else(|| settings.place().to_owned());
    let help = problem.help.clone().unwrap_or_else(|| "or give the state with `--state`".to_owned());
    problem.at(place).help(help)
}

fn not_initialised(dir: &Path, kind: &str, why: &str) -> Problem {
    Problem::new(format!(
        "the source keeps its state in backend `{kind}`, which cannot be read here because {why}, and the directory is \
         not initialised"
    ))
    .at(dir.display().to_string())
    .help("run `terraform init` there first, or give the state with `--state`")
}
