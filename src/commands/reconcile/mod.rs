//! `driftline reconcile`: the plan that makes both sides agree; with `--write` and `--apply` it is carried out, too.

mod apply;
mod walk;
mod write;

use super::check::checked;
use super::inputs::Inputs;
use super::terminal::{self, Color, say};
use crate::check::StateAt;
use crate::model::{Finding, Problem, StepTo};
use crate::reconcile::Plan;
use crate::report::table::Look;
use crate::report::{ExitStatus, FailOn, Report, exit_status, plan};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

/// For every finding the steps that make both sides agree, ordered into a plan
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// A plan, so that approved changes are told from drift: saved by `plan -out`, or as `show -json` prints it; `-` is
    /// standard input
    #[arg(long, value_name = "PATH", env = "DRIFTLINE_PLAN")]
    plan: Vec<OsString>,

    /// Saved facts in place of the network (`driftline snapshot`)
    #[arg(long, value_name = "SNAPSHOT", env = "DRIFTLINE_LIVE")]
    live: Vec<PathBuf>,

    /// Also what vendors make
    #[arg(long, env = "DRIFTLINE_INCLUDE_BUILTIN")]
    include_builtin: bool,

    /// Take this step wherever it is offered, in place of the recommended one
    #[arg(long, value_parser = StepTo::ACTIONS)]
    action: Option<String>,

    /// What to print: the plan for people, as JSON, the changes of the source for `git apply`, a shell script, or the
    /// import file
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Ask about each finding in turn, at a terminal
    #[arg(short, long)]
    interactive: bool,

    /// Write the plan's changes of the source: all or none
    #[arg(long)]
    write: bool,

    /// Write files that git calls changed, too
    #[arg(long, requires = "write")]
    allow_dirty: bool,

    /// Let Terraform carry out the plan's runs, each from a saved plan that holds nothing else
    #[arg(long, conflicts_with = "live")]
    apply: bool,

    /// Do not ask; only together with the hash that was shown
    #[arg(long, requires_all = ["apply", "expect"])]
    yes: bool,

    /// The hash of the changes that may be applied, as `--apply` shows it
    #[arg(long, value_name = "PLAN-HASH", requires = "apply")]
    expect: Option<String>,

    /// End with 3 from this severity on
    #[arg(long, value_name = "none|any|low|medium|high|critical", default_value = "any", env = "DRIFTLINE_FAIL_ON")]
    fail_on: FailOn,

    /// Nothing on standard error but errors
    #[arg(short, long, env = "DRIFTLINE_QUIET")]
    quiet: bool,

    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, env = "DRIFTLINE_COLOR")]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Diff,
    Script,
    Import,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let mut request = args.inputs.request("reconcile")?;
    request.with_patches = true;
    request.plans = args.plan.iter().map(|text| StateAt::new(text)).collect();
    request.live = args.live.clone();
    request.include_builtin = args.include_builtin;
    let report = checked(&mut request, args.quiet)?;
    let wanted: BTreeSet<_> = args.inputs.ids().map(str::to_owned).collect();
    if let Some(id) = wanted.iter().find(|id| report.findings.iter().all(|finding| finding.id != **id)) {
        return Err(Problem::new(format!("there is no finding `{id}`"))
            .help("`driftline check` shows the findings with their ids; what was put right has none any more"));
    }
    // What an exception accepts is settled, unless somebody asks for it by name.
    let is_wanted = |finding: &Finding| {
        if wanted.is_empty() { finding.exception.is_none() } else { wanted.contains(&finding.id) }
    };
    let findings = report.findings.iter().filter(|finding| is_wanted(finding));
    let picks: BTreeMap<&str, Option<usize>> = if args.interactive {
        let at_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        if !at_terminal {
            return Err(Problem::new("`--interactive` asks, and there is no terminal to ask at")
                .help("choose with `--only` and `--action`"));
        }
        walk::ask(findings.clone(), &|finding| usual(args, finding))?
    } else {
        findings.clone().map(|finding| (finding.id.as_str(), usual(args, finding))).collect()
    };
    let chosen = Plan::of(&report.findings, &|finding| picks.get(finding.id.as_str()).copied().flatten());
    let chosen = Plan { left_out: picks.values().filter(|pick| pick.is_none()).count(), ..chosen };
    show(args, &chosen, &report)?;
    if !args.write && !args.apply {
        return Ok(exit_status(&report, args.fail_on));
    }
    if args.write {
        write::write(&chosen, args.allow_dirty)?;
    }
    if args.apply && !apply::apply(&chosen, args, &request)? {
        return Ok(ExitStatus::CannotDo);
    }
    let after = checked(&mut request, args.quiet)?;
    remaining(&chosen, &after);
    Ok(exit_status(&after, args.fail_on))
}

/// The place of the step that is taken without asking.
fn usual(args: &Args, finding: &Finding) -> Option<usize> {
    match &args.action {
        None => (!finding.steps.is_empty()).then_some(0),
        Some(action) => finding.steps.iter().position(|step| step.action == action),
    }
}

fn show(args: &Args, chosen: &Plan<'_>, report: &Report) -> Result<(), Problem> {
    let changes =
        if args.format == Format::Diff { diffable(plan::changes(chosen, &write::read)?)? } else { Vec::new() };
    let look = Look { width: terminal::width(), colour: args.color.on() };
    terminal::out(|out| match args.format {
        Format::Text => plan::write_text(chosen, report, look, out),
        Format::Json => plan::write_json(chosen, report, out),
        Format::Diff => plan::write_diff(&changes, out),
        Format::Script => plan::write_script(chosen, out),
        Format::Import => plan::write_import(chosen, out),
    })
}

/// Changes that can be told as a diff, all of them.
fn diffable(changes: Vec<plan::Change>) -> Result<Vec<plan::Change>, Problem> {
    match changes.iter().find(|change| plan::diff(change).is_none()) {
        None => Ok(changes),
        Some(change) => {
            Err(Problem::new("a diff would show a secret that stands in the lines to be changed, or next to them")
                .at(change.path.clone())
                .help("`--write` makes the change without showing it; `--only` and `--action` leave it out"))
        }
    }
}

/// Says which of the chosen findings are still there.
fn remaining(chosen: &Plan<'_>, after: &Report) {
    let is_left = |id: &str| after.open().any(|finding| finding.id == id);
    let (left, gone): (Vec<_>, Vec<_>) = chosen.items.iter().partition(|item| is_left(&item.finding.id));
    say(&format!("checked again: {} of {} findings are gone", gone.len(), chosen.items.len()));
    for item in left {
        say(&format!("  remains: {} [{}]", item.finding.title, item.finding.id));
    }
    let known = |id: &str| chosen.items.iter().any(|item| item.finding.id == id);
    for new in after.open().filter(|finding| !known(&finding.id)) {
        say(&format!("  also open: {} [{}]", new.title, new.id));
    }
}
