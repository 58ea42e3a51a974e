//! Runs Terraform or OpenTofu: a plan of the targets alone, and the apply of that plan.

use super::planned::{self, Planned};
use crate::model::Problem;
use crate::reconcile::Batch;
use crate::terraform::workdir::{self, Environment};
use rustix::process::{Pid, Signal, kill_process_group};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use tempfile::TempDir;
use tokio::process::Command;

/// A saved plan that holds what is meant and nothing else.
pub struct Run {
    /// Private, and gone with the value.
    private: TempDir,
    dir: PathBuf,
    binary: PathBuf,
    pub planned: Planned,
    /// What Terraform itself shows of it.
    pub shown: String,
}

/// How an apply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    Failed(ExitStatus),
    /// By this signal to driftline, which Terraform was told of so that it could put its state down.
    Interrupted(i32),
}

/// Makes the plan of a batch and holds it against what is meant; `before` are the batches that are not applied yet.
///
/// # Errors
/// When Terraform fails, or the plan holds anything else.
pub async fn plan(batch: &Batch<'_>, before: &[Batch<'_>], asked: Option<&str>) -> Result<Run, Problem> {
    let environment = Environment::of_process();
    let dir = PathBuf::from(batch.dir);
    let binary = workdir::binary(&dir, asked, &environment)?;
    let private = private_dir()?;
    let file = private.path().join("plan");
    let mut arguments = vec!["plan".to_owned(), "-input=false".to_owned(), "-no-color".to_owned()];
    arguments.push(format!("-out={}", file.display()));
    arguments.extend(batch.variables.iter().map(|one| one.given().to_owned()));
    arguments.extend(batch.options());
    let output = run(&binary, &dir, &environment, &arguments).await?;
    succeeded(&output, "plan", batch)?;
    let path = file.display().to_string();
    let json = run(&binary, &dir, &environment, &["show".to_owned(), "-json".to_owned(), path.clone()]).await?;
    succeeded(&json, "show -json", batch)?;
    let planned = planned::read(&json.stdout, batch, before)?;
    let shown = run(&binary, &dir, &environment, &["show".to_owned(), "-no-color".to_owned(), path]).await?;
    succeeded(&shown, "show", batch)?;
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    Ok(Run { private, dir, binary, planned, shown })
}

/// Applies the saved plan. What Terraform says goes to standard error, line by line, through `say`.
///
/// # Errors
/// When it cannot be started.
pub async fn apply(run: &Run, say: &(dyn Fn(&str) + Sync)) -> Result<Ended, Problem> {
    use tokio::io::{AsyncBufReadExt, BufReader};
    use tokio::signal::unix::{SignalKind, signal};

    let environment = Environment::of_process();
    let mut command = command(&run.binary, &run.dir, &environment);
    command.args(["apply", "-input=false", "-no-color", "-auto-approve"]).arg(run.private.path().join("plan"));
    // A group of its own: a key pressed at the terminal reaches driftline alone, which passes it on once. Twice would
    // make Terraform end without putting its state down.
    command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let watch = |kind| signal(kind).map_err(|error| Problem::new(format!("signals cannot be watched: {error}")));
    let (mut interrupt, mut terminate) = (watch(SignalKind::interrupt())?, watch(SignalKind::terminate())?);
    let mut child = command.spawn().map_err(|error| not_started(&run.binary, &error))?;
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let mut lines = child.stdout.take().map(|out| BufReader::new(out).lines());
    let mut by_signal = None;
    loop {
        let line = async {
            match &mut lines {
                Some(lines) => lines.next_line().await.ok().flatten(),
                None => None,
            }
        };
        tokio::select! {
            line = line => match line {
                Some(line) => say(&line),
                None => break,
            },
            _ = interrupt.recv() => stop(pid, &mut by_signal, 2),
            _ = terminate.recv() => stop(pid, &mut by_signal, 15),
        }
    }
    let status = loop {
        tokio::select! {
            status = child.wait() => break status,
            _ = interrupt.recv() => stop(pid, &mut by_signal, 2),
            _ = terminate.recv() => stop(pid, &mut by_signal, 15),
        }
    };
    let status = status.map_err(|error| Problem::new(format!("it is not known how the apply ended: {error}")))?;
    Ok(match by_signal {
        Some(number) => Ended::Interrupted(number),
        None if status.success() => Ended::Done,
        None => Ended::Failed(status),
    })
}

/// Tells Terraform once to stop in good order.
fn stop(pid: Option<Pid>, by_signal: &mut Option<i32>, number: i32) {
    if by_signal.is_none()
        && let Some(pid) = pid
    {
        // It may have ended by itself in this moment.
        kill_process_group(pid, Signal::INT).ok();
    }
    by_signal.get_or_insert(number);
}

fn private_dir() -> Result<TempDir, Problem> {
    // A plan holds every value in clear text: the directory and the file are for nobody else.
    let made = tempfile::Builder::new().prefix("driftline-").tempdir().and_then(|dir| {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600).open(dir.path().join("plan"))?;
        Ok(dir)
    });
    made.map_err(|error| Problem::new(format!("no private directory can be made for the plan: {error}")))
}

fn command(binary: &Path, dir: &Path, environment: &Environment) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(dir).env_clear().envs(environment.of_binary()).stdin(Stdio::null());
    command
}

async fn run(binary: &Path, dir: &Path, environment: &Environment, arguments: &[String]) -> Result<Output, Problem> {
    let mut command = command(binary, dir, environment);
    command.args(arguments).kill_on_drop(true).output().await.map_err(|error| not_started(binary, &error))
}

fn not_started(binary: &Path, error: &std::io::Error) -> Problem {
    Problem::new(format!("`{}` cannot be started: {error}", binary.display()))
        .help("name a working binary with `--tf-bin`")
}

fn succeeded(output: &Output, what: &str, batch: &Batch<'_>) -> Result<(), Problem> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Problem::new(format!("`{} {what}` failed ({}):\n{}", batch.binary, output.status, said.trim()))
        .at(batch.dir.to_owned())
        .help("nothing of this step was applied; mend that, and run the same again"))
}
