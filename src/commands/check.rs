//! `driftline check`: the main job.

use super::block_on;
use super::inputs::Inputs;
use super::outputs::Outputs;
use super::progress::Line;
use super::terminal::say;
use crate::check::{self, Request};
use crate::model::Problem;
use crate::report::{ExitStatus, FailOn, Report, exit_status};
use jiff::civil::Date;
use std::ffi::OsString;
use std::path::PathBuf;

/// Find every difference in identities and access between Terraform and the live systems
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// A plan, so that approved changes are told from drift: saved by `plan -out`, or as `show -json` prints it; `-` is
    /// standard input. A directory of plans, as Terragrunt writes it, makes each unit below DIR a root module
    #[arg(long, value_name = "PATH", env = "DRIFTLINE_PLAN")]
    plan: Vec<OsString>,

    #[command(flatten)]
    pub(super) checking: Checking,
}

/// What every command that checks takes.
#[derive(clap::Args)]
pub(super) struct Checking {
    /// Saved facts in place of the network (`driftline snapshot`)
    #[arg(long, value_name = "SNAPSHOT", env = "DRIFTLINE_LIVE")]
    live: Vec<PathBuf>,

    /// Also report what vendors make
    #[arg(long, env = "DRIFTLINE_INCLUDE_BUILTIN")]
    include_builtin: bool,

    /// Also look for the changes of the source that make it say what is live, each of which is tried out: for the
    /// suggestions of `driftline comment`
    #[arg(long, env = "DRIFTLINE_PATCHES")]
    patches: bool,

    #[command(flatten)]
    outputs: Outputs,

    /// End with 3 from this severity on
    #[arg(long, value_name = "none|any|low|medium|high|critical", default_value = "any", env = "DRIFTLINE_FAIL_ON")]
    fail_on: FailOn,

    /// Judge exceptions as of this day in UTC, for example 2026-12-31
    #[arg(long, value_name = "DATE", env = "DRIFTLINE_AS_OF")]
    as_of: Option<Date>,

    /// Nothing on standard error but errors
    #[arg(short, long, env = "DRIFTLINE_QUIET")]
    quiet: bool,

    /// Tell what was asked of whom
    #[arg(short, long, conflicts_with = "quiet", env = "DRIFTLINE_VERBOSE")]
    verbose: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let mut request = args.inputs.request("check")?;
    check::give_plans(&mut request, &args.plan)?;
    args.checking.run(request, Stream::Output)
}

/// Where reports without a path go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Output,
    /// Standard output belongs to the command that was run.
    Error,
}

impl Checking {
    /// Why the command line asks for what cannot be done together, if it does.
    pub(super) fn conflict(&self) -> Option<String> {
        self.outputs.conflict()
    }

    /// Says something beside the report, unless nothing is wanted but that.
    pub(super) fn tell(&self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }

    /// Does the job that is asked for and writes the reports.
    pub(super) fn run(&self, mut request: Request, stream: Stream) -> Result<ExitStatus, Problem> {
        request.live = self.live.clone();
        request.include_builtin = self.include_builtin;
        request.as_of = self.as_of;
        request.with_patches = self.patches;
        let report = checked(&mut request, self.quiet)?;
        if self.verbose {
            tell(&report);
        }
        self.outputs.write(&report, stream)?;
        Ok(exit_status(&report, self.fail_on))
    }
}

/// The check, with its progress told unless nothing is wanted but the report.
pub(super) fn checked(request: &mut Request, quiet: bool) -> Result<Report, Problem> {
    let line = Line::new(quiet);
    request.progress = Some(line.teller());
    let report = block_on(check::run(request));
    drop(line);
    report
}

fn tell(report: &Report) {
    for scope in &report.scopes {
        say(&format!(
            "asked {} `{}` as `{}`: {} requests, {} things",
            scope.system, scope.id, scope.identity, scope.requests, scope.facts
        ));
    }
}
