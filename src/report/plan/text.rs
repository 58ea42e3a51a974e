//! The plan for people at a terminal: what to do first, why, and the words to do it with.

use crate::model::Finding;
use crate::reconcile::{Item, LEDGER, Plan};
use crate::report::table::Look;
use crate::report::table::page::Page;
use crate::report::table::style;
use crate::report::{view, words};
use std::io::{self, Write};

/// Writes the plan. An error is one of `out` itself.
pub fn write(plan: &Plan<'_>, report: &view::Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(look, out);
    let mut phase = "";
    for item in &plan.items {
        if item.stage.phase() != phase {
            phase = item.stage.phase();
            page.sentence(0, style::STRONG, phase)?;
            page.blank()?;
        }
        write_item(&mut page, item)?;
        page.blank()?;
    }
    if !plan.batches.is_empty() {
        page.sentence(0, style::STRONG, "in one go")?;
        for batch in &plan.batches {
            let steps: Vec<_> = batch.items.iter().map(ToString::to_string).collect();
            page.sentence(2, style::PLAIN, &format!("{} (step {}):", batch.phase, steps.join(", ")))?;
            page.verbatim(4, &batch.command())?;
            for finding in &batch.pulled_in {
                page.labelled(4, 2, &[(style::WARN, "also: ")], style::PLAIN, &pulled_in(finding))?;
            }
        }
        page.blank()?;
    }
    summary(&mut page, plan, report)
}

fn write_item(page: &mut Page<'_>, item: &Item<'_>) -> io::Result<()> {
    let (finding, step) = (item.finding, item.step);
    let number = format!("{:>2}. ", item.number);
    let severity = format!("{}  ", finding.severity.name().to_uppercase());
    let label = [(style::STRONG, number.as_str()), (style::of_severity(finding.severity), severity.as_str())];
    page.labelled(
        0,
        4,
        &label,
        style::STRONG,
        &format!("{} {} [{}]", finding.change.name(), finding.title, finding.id),
    )?;
    if let Some(place) = place(finding) {
        page.sentence(4, style::PLAIN, &place)?;
    }
    let label = format!("{}: ", step.action);
    page.labelled(4, 6, &[(style::HELP, &label)], style::PLAIN, &step.note)?;
    if let Some(why) = &step.reason {
        page.labelled(4, 5, &[(style::STRONG, "why: ")], style::PLAIN, why)?;
    }
    if let Some(why) = &step.refused {
        page.labelled(4, 6, &[(style::WARN, "refused: ")], style::PLAIN, why)?;
        return Ok(());
    }
    if let Some(command) = &step.command {
        page.verbatim(6, command)?;
    }
    if let Some(patch) = &step.patch {
        let files = patch.files().join(", ");
        page.sentence(4, style::PLAIN, &format!("edits {files}: `--format diff` shows how"))?;
    }
    match (&step.file, &step.hcl) {
        (Some(file), _) => {
            page.sentence(4, style::PLAIN, &format!("new file {}:", file.path))?;
            page.verbatim(6, &file.text)?;
        }
        (None, Some(hcl)) => page.verbatim(6, hcl)?,
        (None, None) => {}
    }
    if let Some(entry) = &item.exception {
        page.sentence(4, style::PLAIN, &format!("in {}, with what stands in <> filled in:", LEDGER))?;
        page.verbatim(6, entry)?;
    }
    // That a difference can be accepted holds for each of them, and is said once.
    for other in item.others.iter().filter(|other| other.action != "accept") {
        let label = format!("or {}: ", other.action);
        let refused = other.refused.as_ref().map(|why| format!(" (refused: {why})")).unwrap_or_default();
        page.labelled(4, 6, &[(style::FAINT, &label)], style::PLAIN, &format!("{}{refused}", other.note))?;
    }
    Ok(())
}

/// Where it is said.
fn place(finding: &Finding) -> Option<String> {
    let address = finding.address.as_ref().map(ToString::to_string);
    let at = finding.location.as_ref().map(ToString::to_string);
    match (address, at) {
        (Some(address), Some(at)) => Some(format!("{address}  {at}")),
        (address, at) => address.or(at),
    }
}

fn pulled_in(finding: &Finding) -> String {
    let address = finding.address.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{address} ({}: {}), because the targets depend on it", finding.status.name(), finding.title)
}

fn summary(page: &mut Page<'_>, plan: &Plan<'_>, report: &view::Report) -> io::Result<()> {
    let steps = words::count(plan.items.len(), "step");
    let mut text = format!("{steps}, {}; nothing was changed", words::count(plan.batches.len(), "Terraform run"));
    if plan.left_out > 0 {
        text.push_str(&format!("; {} without such a step", words::count(plan.left_out, "finding")));
    }
    if !report.gaps.is_empty() {
        text.push_str(&format!(
            "; incomplete: {} (`driftline check` tells which)",
            words::count(report.gaps.len(), "gap")
        ));
    }
    page.sentence(0, style::STRONG, &text)?;
    let may_be_accepted = plan.items.iter().any(|item| item.others.iter().any(|other| other.action == "accept"));
    match may_be_accepted {
        true => page.sentence(
            0,
            style::FAINT,
            "what is to stay as it is for a while: `--action accept` shows the entries for the ledger of exceptions",
        ),
        false => Ok(()),
    }
}
