//! The plan as a POSIX shell script that a person reads, and then runs.

use crate::model::{NewFile, RunMode};
use crate::reconcile::{Item, LEDGER, Plan, shell_word};
use crate::source::clean::for_terminal;
use std::io::{self, Write};

/// The line that ends a file in the script; none that driftline makes holds it.
const END: &str = "END_OF_DRIFTLINE_FILE";

/// Writes the script.
pub fn write(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "#!/bin/sh")?;
    writeln!(
        out,
        "# The reconcile plan, made by driftline. Read it before you run it; it stops at the first step that fails."
    )?;
    writeln!(out, "# Terraform shows each of its plans and asks before it applies one.")?;
    writeln!(out, "set -e")?;
    let mut phase = "";
    let mut begun = vec![false; plan.batches.len()];
    for item in &plan.items {
        // What an earlier run takes along stands there.
        let is_told = item.batch.is_some_and(|at| begun[at]);
        if item.stage.phase() != phase && !is_told {
            phase = item.stage.phase();
            writeln!(out, "\n# ---- {phase}")?;
        }
        match item.batch {
            Some(at) if !std::mem::replace(&mut begun[at], true) => {
                let batch = &plan.batches[at];
                writeln!(out)?;
                for one in plan.items.iter().filter(|one| one.batch == Some(at)) {
                    head(one, out)?;
                    one.step.file.iter().try_for_each(|file| put(file, out))?;
                }
                for finding in &batch.pulled_in {
                    let address = finding.address.as_ref().map(ToString::to_string).unwrap_or_default();
                    comment(&format!("brings in {address} ({}), which it depends on", finding.status.name()), out)?;
                }
                if batch.mode == RunMode::Replace {
                    comment("what is made anew is gone for a moment", out)?;
                }
                writeln!(out, "{}", batch.command())?;
            }
            Some(_) => {}
            None => {
                writeln!(out)?;
                head(item, out)?;
                if item.is_idle() {
                    continue;
                }
                item.step.file.iter().try_for_each(|file| put(file, out))?;
                if let Some(entry) = &item.exception {
                    comment(&format!("   in {}, with what stands in <> filled in:", LEDGER), out)?;
                    entry.lines().try_for_each(|line| comment(&format!("   {line}"), out))?;
                }
                for line in item.step.command.iter().flat_map(|command| command.lines()) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    Ok(())
}

/// What the step is about and why, in comments.
fn head(item: &Item<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (finding, step) = (item.finding, item.step);
    comment(&format!("{}. {} [{}] {}", item.number, finding.severity, finding.id, finding.title), out)?;
    comment(&format!("   {}: {}", step.action, step.note), out)?;
    match &step.refused {
        Some(why) => comment(&format!("   not done: {why}"), out),
        None => Ok(()),
    }
}

/// A comment is one line, whoever chose the names in it.
fn comment(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}", for_terminal(text, false).replace(['\n', '\r'], " "))
}

/// Makes a file, and stops where one is there already.
fn put(file: &NewFile, out: &mut dyn Write) -> io::Result<()> {
    let path = shell_word(&file.path);
    writeln!(out, "test ! -e {path}")?;
    writeln!(out, "cat > {path} <<'{END}'")?;
    write!(out, "{}", file.text)?;
    writeln!(out, "{END}")
}
