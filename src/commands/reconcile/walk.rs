//! `--interactive`: one finding after the other, with the step that is recommended and the others.

use super::say;
use crate::model::{Finding, Problem};
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

/// The places of the steps that a person chose, by the findings' ids; `None` for those that are left alone.
pub(super) fn ask<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    usual: &dyn Fn(&Finding) -> Option<usize>,
) -> Result<BTreeMap<&'a str, Option<usize>>, Problem> {
    let mut picks = BTreeMap::new();
    let mut is_over = false;
    for finding in findings {
        let pick = if is_over { None } else { one(finding, usual(finding), &mut is_over)? };
        picks.insert(finding.id.as_str(), pick);
    }
    Ok(picks)
}

fn one(finding: &Finding, usual: Option<usize>, is_over: &mut bool) -> Result<Option<usize>, Problem> {
    say(&format!("\n{}  {} [{}]", finding.severity.name().to_uppercase(), finding.title, finding.id));
    for (at, step) in finding.steps.iter().enumerate() {
        let mark = if Some(at) == usual { '*' } else { ' ' };
        let refused = step.refused.as_ref().map(|why| format!(" (refused: {why})")).unwrap_or_default();
        say(&format!(" {mark}{}  {}: {}{refused}", at + 1, step.action, step.note));
    }
    let diff = usual.and_then(|at| finding.steps.get(at)?.patch.as_ref()?.diff.as_ref());
    for line in diff.iter().flat_map(|diff| diff.lines()) {
        say(&format!("    {line}"));
    }
    loop {
        // When standard error is closed there is nobody to ask.
        write!(io::stderr(), "take the step marked `*`? y(es), n(o), a number, q(uit): ").ok();
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        let read = read.map_err(|error| Problem::new(format!("the answer cannot be read: {error}")))?;
        match (read, line.trim()) {
            (0, _) | (_, "q") => {
                *is_over = true;
                return Ok(None);
            }
            (_, "y") => return Ok(usual),
            (_, "n") => return Ok(None),
            (_, number) => match number.parse::<usize>() {
                Ok(number) if (1..=finding.steps.len()).contains(&number) => return Ok(Some(number - 1)),
                _ => say("that is no answer"),
            },
        }
    }
}
