//! Terraform or OpenTofu run for the user with everything that is theirs (terminal, arguments, exit code, plan file), and
//! the plan it makes read back.

mod arguments;
mod artefact;
#[cfg(unix)]
mod child;
#[cfg(not(unix))]
#[path = "child_elsewhere.rs"]
mod child;
#[cfg(test)]
mod tests;

pub use child::Ended;

use super::workdir::{self, Environment};
use crate::model::Problem;
use arguments::Asked;
use artefact::Artefact;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// Set for everything that is run here, so that a `terraform` on the path that is driftline again is told.
const MARK: &str = "DRIFTLINE_WRAPPED";

/// What to run.
pub struct Run<'a> {
    /// The root module that the plan is of.
    pub dir: &'a Path,
    /// The binary that was asked for.
    pub binary: Option<&'a str>,
    pub environment: &'a Environment,
}

/// How it went.
pub enum Outcome {
    Plan {
        /// As `show -json` prints it.
        json: Vec<u8>,
        /// What the command ended with.
        code: u8,
        /// Whether the plan's file is the user's, and stays.
        is_kept: bool,
    },
    /// It ended without one.
    Ended(Ended),
}

/// Whether `plan` is asked for a stream of JSON on standard output.
pub fn prints_json(arguments: &[OsString], environment: &Environment) -> bool {
    Asked::of(arguments, environment).json
}

/// Runs `plan` with these arguments.
///
/// # Errors
/// When there is no binary, or it says that all is well and there is no plan to read.
pub async fn plan(run: &Run<'_>, arguments: &[OsString]) -> Result<Outcome, Problem> {
    refuse_a_circle(run.environment)?;
    let binary = workdir::binary(run.dir, run.binary, run.environment)?;
    let asked = Asked::of(arguments, run.environment);
    let artefact = match &asked.out {
        Some(path) => Artefact::users(run.dir.join(path))?,
        None => Artefact::own()?,
    };
    let mut command = Command::new(&binary);
    command.arg("plan");
    if !asked.no_color && (run.environment.get("NO_COLOR").is_some() || !std::io::stdout().is_terminal()) {
        // Terraform colours what it pipes, too.
        command.arg("-no-color");
    }
    if asked.out.is_none() {
        let mut out = OsString::from("-out=");
        out.push(artefact.path());
        command.arg(out);
    }
    command.args(arguments).current_dir(run.dir).env(MARK, "1");
    finish(run, &binary, command, &artefact).await
}

/// Runs a command that ends in a plan of the root module; `written` is where it writes that plan, if it says so itself.
///
/// # Errors
/// When the command cannot be started, or it says that all is well and there is no plan to read.
pub async fn command(run: &Run<'_>, words: &[OsString], written: Option<PathBuf>) -> Result<Outcome, Problem> {
    refuse_a_circle(run.environment)?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(Problem::new("no command is named").help("write it after `--`: `driftline wrap -- make plan`"));
    };
    let binary = workdir::binary(run.dir, run.binary, run.environment)?;
    let mut command = Command::new(program);
    command.args(arguments).env(MARK, "1");
    let asked = Asked::of(&[], run.environment);
    let artefact = match written.or_else(|| asked.out.map(|path| run.dir.join(path))) {
        Some(path) => Artefact::users(path)?,
        None => {
            // What stands between may close what it inherits: only a file with a name reaches Terraform surely.
            let artefact = Artefact::named()?;
            let mut told = run.environment.get(arguments::OF_PLAN).unwrap_or_default().to_owned();
            told.push(" -out=");
            told.push(artefact.path());
            command.env(arguments::OF_PLAN, told);
            artefact
        }
    };
    finish(run, &binary, command, &artefact).await
}

async fn finish(run: &Run<'_>, binary: &Path, command: Command, artefact: &Artefact) -> Result<Outcome, Problem> {
    let name = command.as_std().get_program().to_string_lossy().into_owned();
    let ended = child::run(command).await.map_err(|error| {
        Problem::new(format!("`{name}` cannot be started: {error}")).help("name a program that is there")
    })?;
    // With `-detailed-exitcode` 2 says that there is something to do. A plan file alone proves nothing: an interrupted
    // plan is written, too.
    let Ended::WithCode(code @ (0 | 2)) = ended else { return Ok(Outcome::Ended(ended)) };
    let json = show(run, binary, artefact).await?;
    Ok(Outcome::Plan { json, code, is_kept: artefact.is_users() })
}

/// The plan in JSON. It holds secrets in clear and stays in memory.
async fn show(run: &Run<'_>, binary: &Path, artefact: &Artefact) -> Result<Vec<u8>, Problem> {
    if !artefact.is_written() {
        return Err(Problem::new("the command ended well and wrote no plan").at(artefact.shown()).help(
            "a backend that plans remotely writes none; for a command with a `-out` of its own say where, with \
             `--plan-file`",
        ));
    }
    let output = Command::new(binary)
        .args(["show", "-json", "-no-color"])
        .arg(artefact.path())
        .current_dir(run.dir)
        .env_clear()
        .envs(run.environment.of_binary())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| Problem::new(format!("`{}` cannot be started: {error}", binary.display())))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Problem::new(format!("the plan was made and cannot be shown ({}):\n{said}", output.status))
        .at(artefact.shown())
        .help("`terraform show -json PLAN` has to work in this directory"))
}

fn refuse_a_circle(environment: &Environment) -> Result<(), Problem> {
    match environment.get(MARK) {
        None => Ok(()),
        Some(_) => Err(Problem::new("driftline was started by the command that it runs itself").help(
            "name the real binary with `--tf-bin` or `DRIFTLINE_TF_BIN`; where both are meant, unset `DRIFTLINE_WRAPPED`",
        )),
    }
}
