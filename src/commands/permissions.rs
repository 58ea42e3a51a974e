//! `driftline permissions`: the least that `check` needs, ready to paste.

use super::terminal;
use crate::model::Problem;
use crate::providers;
use crate::report::ExitStatus;

/// Print the least read-only permissions that `check` needs in a system
#[derive(clap::Args)]
pub(super) struct Args {
    /// The system, for example `aws`
    system: String,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let Some(provider) = providers::system(&args.system) else {
        let names: Vec<_> = providers::SYSTEMS.iter().map(|provider| format!("`{}`", provider.system())).collect();
        return Err(
            Problem::new(format!("`{}` is no system", args.system)).help(format!("systems are {}", names.join(", ")))
        );
    };
    terminal::out(|out| writeln!(out, "{}", provider.permissions().trim_end()))?;
    Ok(ExitStatus::Clean)
}
