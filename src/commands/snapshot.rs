//! `driftline snapshot`: observes and saves the facts, for `check --live`.

use super::block_on;
use super::inputs::Inputs;
use super::progress::Line;
use super::terminal::{self, say};
use crate::check;
use crate::model::{Kind, Problem};
use crate::providers;
use crate::report::ExitStatus;
use crate::snapshot;
use jiff::Timestamp;
use std::path::PathBuf;

/// Observe the live systems and save the facts
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    inputs: Inputs,

    /// Where to write it; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Nothing on standard error but errors
    #[arg(short, long, env = "DRIFTLINE_QUIET")]
    quiet: bool,
}

pub(super) fn run(args: &Args) -> Result<ExitStatus, Problem> {
    let mut request = args.inputs.request("snapshot")?;
    if request.clusters.is_empty() {
        // What the file shows now is replaced by what the same clusters show.
        request.clusters = check::clusters_of(&args.output).unwrap_or_default();
    }
    let line = Line::new(args.quiet);
    request.progress = Some(line.teller());
    let observation = block_on(async {
        let declared = check::read_declared(&request).await?;
        let mut observation = check::observe(&request, &declared).await?;
        check::keep_wanted(&mut observation, &request);
        Ok(observation)
    });
    drop(line);
    let observation = observation?;
    // A system that was not asked was not read.
    let read = |kind: &&Kind| observation.scopes.iter().any(|scope| scope.system == kind.system());
    let asked: Vec<_> = providers::kinds().into_iter().filter(|kind| request.wants(kind)).filter(read).collect();
    let text = snapshot::save(&observation, &asked, &Timestamp::now().to_string(), env!("CARGO_PKG_VERSION"))?;
    if args.output.as_os_str() == "-" {
        terminal::out(|out| out.write_all(text.as_bytes()))?;
    } else {
        std::fs::write(&args.output, text).map_err(|error| {
            Problem::new(format!("cannot write the snapshot: {error}")).at(args.output.display().to_string())
        })?;
    }
    if !args.quiet {
        let things = if observation.facts.len() == 1 { "thing" } else { "things" };
        say(&format!("saved {} {things}, {} gaps", observation.facts.len(), observation.gaps.len()));
    }
    Ok(if observation.gaps.is_empty() { ExitStatus::Clean } else { ExitStatus::Incomplete })
}
