//! `driftline completions`: completion scripts, generated from the arguments themselves.

use super::terminal;
use crate::model::Problem;
use crate::report::ExitStatus;

/// Print the completion script of a shell
#[derive(clap::Args)]
pub(super) struct Args {
    shell: clap_complete::Shell,
}

pub(super) fn run(args: &Args, command: &mut clap::Command) -> Result<ExitStatus, Problem> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "driftline", &mut script);
    terminal::out(|out| out.write_all(&script))?;
    Ok(ExitStatus::Clean)
}
