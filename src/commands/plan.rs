//! `driftline plan`: `terraform plan` as ever, and then the check with that plan.

use super::block_on;
use super::check::{Checking, Stream};
use super::inputs::Inputs;
use crate::check::{Request, StateAt};
use crate::model::Problem;
use crate::report::ExitStatus;
use crate::terraform::workdir::Environment;
use crate::terraform::wrapper::{self, Ended, Outcome, Run};
use std::ffi::OsString;
use std::path::PathBuf;

/// Run `terraform plan` or `tofu plan`, then check with that plan
///
/// What stands after `--` is for Terraform. When its plan fails, driftline ends with Terraform's own code.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    #[command(flatten)]
    pub(super) checking: Checking,

    /// Arguments for `plan`
    #[arg(last = true, value_name = "ARGS")]
    command: Vec<OsString>,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let request = args.inputs.request("plan")?;
    let dir = one_root(&request)?;
    let environment = Environment::of_process();
    let of = Run { dir: &dir, binary: request.binary.as_deref(), environment: &environment };
    let outcome = block_on(wrapper::plan(&of, &args.command))?;
    let is_json = wrapper::prints_json(&args.command, &environment);
    check(&args.checking, request, outcome, if is_json { Stream::Error } else { Stream::Output })
}

/// The one directory that a plan is of.
pub(super) fn one_root(request: &Request) -> Result<PathBuf, Problem> {
    match request.roots.as_slice() {
        [(dir, _)] => Ok(dir.clone()),
        _ => Err(Problem::new("a plan is of one root module, and several are named")
            .help("name one; to look at several run `driftline check` with a `--plan` for each")),
    }
}

/// The check with the plan that the command made; how it ended, when it made none.
pub(super) fn check(
    checking: &Checking,
    mut request: Request,
    outcome: Outcome,
    stream: Stream,
) -> Result<ExitStatus, Problem> {
    let (json, code) = match outcome {
        Outcome::Plan { json, code, is_kept } => {
            if !is_kept {
                // Terraform has just told to apply a file that is gone.
                checking.tell("note: the plan itself is not kept; to apply it, name a file with `-out`");
            }
            (json, code)
        }
        Outcome::Ended(Ended::WithCode(code)) => return Ok(ExitStatus::Passed(code)),
        Outcome::Ended(Ended::BySignal(number)) => return Ok(ExitStatus::Signal(number)),
    };
    request.plans = vec![StateAt::Read { bytes: json.into(), shown: "plan".to_owned() }];
    request.terraform_exit_code = Some(code);
    Ok(match checking.run(request, stream)? {
        // Who asked Terraform for detailed codes is told by them, where there is nothing else to tell.
        ExitStatus::Clean if code != 0 => ExitStatus::Passed(code),
        status => status,
    })
}
