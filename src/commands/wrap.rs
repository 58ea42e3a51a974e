//! `driftline wrap`: any command that ends in a plan, and then the check with that plan.

use super::block_on;
use super::check::{Checking, Stream};
use super::inputs::Inputs;
use super::plan::{check, one_root};
use crate::model::Problem;
use crate::report::ExitStatus;
use crate::terraform::workdir::Environment;
use crate::terraform::wrapper::{self, Run};
use std::ffi::OsString;
use std::path::PathBuf;

/// Run a command that ends in a plan (a makefile, a script), then check with that plan
///
/// Terraform is told by `TF_CLI_ARGS_plan` where to write its plan. A command that gives `-out` itself goes before that: say
/// then with `--plan-file` where it writes.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    #[command(flatten)]
    pub(super) checking: Checking,

    /// Where the command writes its plan, if it says so itself
    #[arg(long, value_name = "PATH")]
    plan_file: Option<PathBuf>,

    /// The command with its arguments
    #[arg(last = true, value_name = "COMMAND", required = true)]
    command: Vec<OsString>,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let request = args.inputs.request("wrap")?;
    let dir = one_root(&request)?;
    let environment = Environment::of_process();
    let of = Run { dir: &dir, binary: request.binary.as_deref(), environment: &environment };
    let written = args.plan_file.as_deref().map(std::path::absolute).transpose();
    let written = written.map_err(|error| Problem::new(format!("`--plan-file`: {error}")))?;
    let outcome = block_on(wrapper::command(&of, &args.command, written))?;
    check(&args.checking, request, outcome, Stream::Output)
}
