//! `driftline man`: the manual page, generated from the arguments themselves.

use super::terminal;
use crate::model::Problem;
use crate::report::ExitStatus;

/// Print the manual page
#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, command: clap::Command) -> Result<ExitStatus, Problem> {
    terminal::out(|out| clap_mangen::Man::new(command).render(out))?;
    Ok(ExitStatus::Clean)
}
