//! `driftline check`: the main job.

use super::inputs::Inputs;
use super::progress::Line;
use super::terminal::{self, Color};
use super::{block_on, terminal::say};
use crate::check::{self, Request, StateAt};
use crate::model::Problem;
use crate::report::table::Look;
use crate::report::{self, ExitStatus, FailOn, Report, exit_status};
use jiff::civil::Date;
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

/// Find every difference in identities and access between Terraform and the live systems
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// A plan as `show -json` prints it, so that approved changes are told from drift; `-` is standard input
    #[arg(long, value_name = "PATH", env = "DRIFTLINE_PLAN")]
    plan: Vec<OsString>,

    #[command(flatten)]
    checking: Checking,
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

    /// What to write, and where: `table` or `json`
    #[arg(long, value_name = "FORMAT[=PATH]", default_value = "table", env = "DRIFTLINE_FORMAT")]
    format: Vec<Output>,

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

    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "DRIFTLINE_COLOR")]
    color: Color,
}

/// One `--format`.
#[derive(Debug, Clone)]
struct Output {
    format: Format,
    path: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Table,
    Json,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (text, None),
        };
        let format = match name {
            "table" => Format::Table,
            "json" => Format::Json,
            other => return Err(format!("`{other}` is no format; formats are `table` and `json`")),
        };
        Ok(Output { format, path })
    }
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let mut request = args.inputs.request("check")?;
    request.plans = args.plan.iter().map(|text| StateAt::new(text)).collect();
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
        let line = Line::new(self.quiet);
        request.progress = Some(line.teller());
        let report = block_on(check::run(&request));
        drop(line);
        let report = report?;
        if self.verbose {
            tell(&report);
        }
        for output in &self.format {
            write(&report, output, self.color, stream)?;
        }
        Ok(exit_status(&report, self.fail_on))
    }
}

fn tell(report: &Report) {
    for scope in &report.scopes {
        say(&format!(
            "asked {} `{}` as `{}`: {} requests, {} things",
            scope.system, scope.id, scope.identity, scope.requests, scope.facts
        ));
    }
}

fn write(report: &Report, output: &Output, color: Color, stream: Stream) -> Result<(), Problem> {
    match &output.path {
        None => {
            let write = |out: &mut dyn std::io::Write| match output.format {
                Format::Table => {
                    report::table::write(report, Look { width: terminal::width(), colour: color.on() }, out)
                }
                Format::Json => report::json::v1::write(report, out),
            };
            match stream {
                Stream::Output => terminal::out(write),
                Stream::Error => terminal::aside(write),
            }
        }
        Some(path) => {
            let mut text = Vec::new();
            let written = match output.format {
                Format::Table => {
                    report::table::write(report, Look { width: 120, colour: color == Color::Always }, &mut text)
                }
                Format::Json => report::json::v1::write(report, &mut text),
            };
            written.and_then(|()| std::fs::write(path, &text)).map_err(|error| {
                Problem::new(format!("cannot write the report: {error}")).at(path.display().to_string())
            })
        }
    }
}
