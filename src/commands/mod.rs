//! The command line: one file per subcommand with its arguments and its run function; this file tells them apart.

mod check;
mod comment;
mod completions;
mod configured;
mod exceptions;
mod explain;
mod explain_address;
mod hook;
mod inputs;
mod man;
mod outputs;
mod permissions;
mod plan;
mod progress;
mod reconcile;
mod saved_report;
mod snapshot;
mod terminal;
mod wrap;

use crate::http;
use crate::model::Problem;
use crate::report::ExitStatus;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::process::ExitCode;

/// Finds who has access in the live systems that Terraform or OpenTofu does not say, and the line that should say it.
#[derive(Parser)]
#[command(name = "driftline", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Plan(plan::Args),
    Wrap(wrap::Args),
    Reconcile(reconcile::Args),
    Snapshot(snapshot::Args),
    Comment(comment::Args),
    Exceptions(exceptions::Args),
    Hook(hook::Args),
    Explain(explain::Args),
    Permissions(permissions::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the program; the code is one of [`ExitStatus`].
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    http::install_tls();
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let command = match configured::command(&arguments) {
        Ok(command) => command,
        Err(problem) => return fail(&problem),
    };
    let cli = match command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let checking = match &cli.command {
        Command::Check(args) => Some(&args.checking),
        Command::Plan(args) => Some(&args.checking),
        Command::Wrap(args) => Some(&args.checking),
        _ => None,
    };
    if let Some(conflict) = checking.and_then(check::Checking::conflict) {
        return refuse(&Cli::command().error(ErrorKind::ArgumentConflict, conflict));
    }
    let outcome = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Wrap(args) => wrap::run(&args),
        Command::Reconcile(args) => reconcile::run(&args),
        Command::Snapshot(args) => snapshot::run(&args),
        Command::Comment(args) => comment::run(&args),
        Command::Exceptions(args) => exceptions::run(&args),
        Command::Hook(args) => hook::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Permissions(args) => permissions::run(&args),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    };
    outcome.map_or_else(|problem| fail(&problem), |status| ExitCode::from(status.code()))
}

fn fail(problem: &Problem) -> ExitCode {
    terminal::say(&format!("error: {problem}"));
    ExitCode::from(ExitStatus::CannotDo.code())
}

/// Help and version are answers; anything else is wrong usage, which clap would end with 2: Terraform owns that code.
fn refuse(error: &clap::Error) -> ExitCode {
    // Nothing is left to do when neither stream takes the message.
    drop(error.print());
    if error.use_stderr() { ExitCode::from(ExitStatus::Usage.code()) } else { ExitCode::from(ExitStatus::Clean.code()) }
}

/// Runs the asynchronous part of a command.
fn block_on<T>(work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Problem::new(format!("cannot start: {error}")))?;
    runtime.block_on(work)
}
