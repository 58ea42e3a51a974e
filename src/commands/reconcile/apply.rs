//! `--apply`: the plan's runs of Terraform, each shown, agreed to, applied and noted.

use super::{Args, say};
use crate::apply::journal::{Entry, Journal, Progress};
use crate::apply::{self, Ended, Run};
use crate::check::Request;
use crate::commands::block_on;
use crate::model::Problem;
use crate::reconcile::{Batch, Plan};
use crate::terraform::workdir::{self, Environment};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

/// Carries the runs out; `false` when one failed, was interrupted or not agreed to, of which the report is told then.
pub(super) fn apply(chosen: &Plan<'_>, args: &Args, request: &Request) -> Result<bool, Problem> {
    for item in chosen.items.iter().filter(|item| item.batch.is_none()) {
        say(&format!("not a step of Terraform, left to you: {} [{}]", item.finding.title, item.finding.id));
    }
    if chosen.batches.is_empty() {
        say("no step of the plan is one that Terraform does: nothing was applied");
        return Ok(true);
    }
    let asked = request.binary.as_deref();
    // All are planned before anything is applied, so that one word agrees to all that is shown.
    let mut runs = Vec::new();
    for (at, batch) in chosen.batches.iter().enumerate() {
        let run = block_on(apply::plan(batch, &chosen.batches[..at], asked))?;
        show(batch, &run);
        runs.push(run);
    }
    let hash = hash_of(&runs);
    say(&format!("PLAN-HASH {hash}"));
    if !agreed(args, &hash)? {
        say("not agreed: nothing was applied");
        return Ok(false);
    }
    let dir = Path::new(chosen.batches[0].dir);
    let path = workdir::data_dir(dir, &Environment::of_process()).join("driftline-apply.json");
    if let Some(before) = Journal::unfinished(&path) {
        say("the run before this one did not get to its end:");
        tell(&before);
        say("what it left is in the plan above");
    }
    let mut journal = Journal::begin(path, chosen.batches.iter().map(|batch| entry(batch, chosen)).collect())?;
    let outcome = carry_out(chosen, runs, asked, &mut journal);
    tell(&journal);
    say(&format!("this report stands in {}", journal.path().display()));
    match outcome? {
        Some(signal) => {
            // As a shell tells of a program that a signal ended.
            std::process::exit(128 + signal);
        }
        None => Ok(journal.steps.iter().all(|step| step.state == Progress::Done)),
    }
}

/// Applies one run after the other until one does not end well. The number is that of a signal.
fn carry_out(
    chosen: &Plan<'_>,
    runs: Vec<Run>,
    asked: Option<&str>,
    journal: &mut Journal,
) -> Result<Option<i32>, Problem> {
    for (at, (batch, agreed)) in chosen.batches.iter().zip(runs).enumerate() {
        journal.note(at, Progress::Planning, None)?;
        // The runs before have moved the state on, and Terraform takes no plan from before that.
        let run = if at == 0 { agreed } else { again(batch, agreed, asked, at, journal)? };
        if run.planned.changes.is_empty() {
            journal.note(at, Progress::Done, Some("nothing was left to change".to_owned()))?;
            continue;
        }
        journal.note(at, Progress::Applying, None)?;
        match block_on(apply::apply(&run, &say)) {
            Ok(Ended::Done) => journal.note(at, Progress::Done, None)?,
            Ok(Ended::Failed(status)) => {
                journal.note(at, Progress::Failed, Some(format!("{} ended with {status}", batch.binary)))?;
                return Ok(None);
            }
            Ok(Ended::Interrupted(signal)) => {
                journal.note(at, Progress::Interrupted, Some(format!("by signal {signal}")))?;
                return Ok(Some(signal));
            }
            Err(problem) => {
                journal.note(at, Progress::Failed, Some(problem.to_string()))?;
                return Err(problem);
            }
        }
    }
    Ok(None)
}

/// Plans a run again, and holds it against what was agreed to.
fn again(
    batch: &Batch<'_>,
    agreed: Run,
    asked: Option<&str>,
    at: usize,
    journal: &mut Journal,
) -> Result<Run, Problem> {
    let result = block_on(apply::plan(batch, &[], asked)).and_then(|run| {
        // What a step before has put right as well needs nothing more.
        if run.planned.hash == agreed.planned.hash || run.planned.changes.is_empty() {
            return Ok(run);
        }
        Err(Problem::new("after the steps before, the plan is another one than was agreed to")
            .at(batch.dir.to_owned())
            .help("run the same again, and look at what it shows"))
    });
    if let Err(problem) = &result {
        journal.note(at, Progress::Failed, Some(format!("not applied: {}", problem.message)))?;
    }
    result
}

fn show(batch: &Batch<'_>, run: &Run) {
    say(&format!("{}: {}", batch.phase, batch.command()));
    if run.planned.changes.is_empty() {
        say("  nothing is left to change");
    }
    for line in &run.planned.changes {
        say(&format!("  {line}"));
    }
    say(&run.shown);
}

/// One word for all runs.
fn hash_of(runs: &[Run]) -> String {
    let mut hash = Sha256::new();
    runs.iter().for_each(|run| hash.update(run.planned.hash.as_bytes()));
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a person says yes, or has said so of this very plan.
fn agreed(args: &Args, hash: &str) -> Result<bool, Problem> {
    if let Some(expected) = &args.expect
        && expected != hash
    {
        return Err(Problem::new(format!("the plan is not the one with the hash `{expected}`: nothing was applied"))
            .help(format!("look at what is shown above; if that is right, it is `--expect {hash}`")));
    }
    if args.yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(Problem::new("nobody is there to agree to the plan: nothing was applied")
            .help(format!("look at what is shown above; if that is right, say `--yes --expect {hash}`")));
    }
    // When standard error is closed there is nobody to ask.
    write!(io::stderr(), "apply exactly this? Only `yes` is taken for yes: ").ok();
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Problem::new(format!("the answer cannot be read: {error}")))?;
    Ok(line.trim() == "yes")
}

fn entry(batch: &Batch<'_>, chosen: &Plan<'_>) -> Entry {
    let of_batch = chosen.items.iter().filter(|item| batch.items.contains(&item.number));
    Entry {
        what: batch.phase.to_owned(),
        command: batch.command(),
        findings: of_batch.map(|item| item.finding.id.clone()).collect(),
        state: Progress::NotDone,
        message: None,
    }
}

fn tell(journal: &Journal) {
    for step in &journal.steps {
        let message = step.message.as_ref().map(|message| format!(" ({message})")).unwrap_or_default();
        say(&format!("  {}: {}{message}: {}", step.what, step.state.words(), step.command));
    }
}
