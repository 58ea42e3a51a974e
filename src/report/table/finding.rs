//! One finding: what, how bad, where it is said, both values, why, and the one step that is recommended.

use super::page::Page;
use super::{excerpt, style, value};
use crate::model::finding::StepTo;
use crate::model::{Direction, Finding};
use crate::report::view::Report;
use crate::report::words;
use std::io;

/// Shows a finding in full.
pub(super) fn write(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    write_headline(page, finding)?;
    // An exception is no thing of a live system: its line says it all.
    if words::has_thing(finding) {
        write_address(page, finding)?;
        write_status(page, finding)?;
    }
    match (&finding.location, &finding.state) {
        (Some(location), _) => excerpt::write(page, location, &finding.related)?,
        (None, Some(state)) => {
            let serial = state.serial.map(|serial| format!(" (serial {serial})")).unwrap_or_default();
            page.sentence(2, style::PLAIN, &format!("recorded in {}{serial}", state.path))?;
        }
        (None, None) => {}
    }
    value::write(page, finding)?;
    for reason in &finding.reasons {
        page.labelled(2, 5, &[(style::STRONG, "why: ")], style::PLAIN, reason)?;
    }
    finding.steps.first().map_or(Ok(()), |step| write_step(page, step))
}

/// Shows what is declared and waits for an apply, in short: it is no drift.
pub(super) fn write_pending(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let count = report.pending().count();
    if count == 0 {
        return Ok(());
    }
    page.sentence(0, style::STRONG, &format!("declared, not applied yet: {}", words::count(count, "change")))?;
    for finding in report.pending() {
        let change = format!("{}  ", words::awaited(finding.change));
        page.labelled(2, 4, &[(style::FAINT, &change)], style::PLAIN, &titled(finding))?;
        if let Some(address) = &finding.address {
            page.sentence(4, style::PLAIN, &address.to_string())?;
        }
        if let Some(location) = &finding.location {
            excerpt::write_place(page, 2, location)?;
        }
    }
    page.blank()
}

/// Shows what exceptions accept, in short, so that nobody forgets it.
pub(super) fn write_accepted(page: &mut Page<'_>, report: &Report) -> io::Result<()> {
    let accepted: Vec<_> = report.accepted().filter_map(|f| f.exception.as_ref().map(|by| (f, by))).collect();
    if accepted.is_empty() {
        return Ok(());
    }
    page.sentence(0, style::STRONG, &format!("accepted: {}", words::count(accepted.len(), "finding")))?;
    for (finding, by) in accepted {
        let change = format!("{}  ", finding.change.name());
        page.labelled(2, 4, &[(style::FAINT, &change)], style::PLAIN, &titled(finding))?;
        let until = format!("until {} by `{}` ({}): {}", by.expires, by.owner, by.id, by.reason);
        page.sentence(4, style::FAINT, &until)?;
    }
    page.blank()
}

fn write_headline(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let severity = finding.severity.name().to_uppercase();
    let change = match finding.direction {
        Some(direction) if direction != Direction::Unknown => {
            format!("  {} ({})  ", finding.change.name(), direction.name())
        }
        _ => format!("  {}  ", finding.change.name()),
    };
    let label = [(style::of_severity(finding.severity), severity.as_str()), (style::PLAIN, change.as_str())];
    page.labelled(0, 2, &label, style::STRONG, &titled(finding))
}

fn titled(finding: &Finding) -> String {
    format!("{} [{}]", finding.title, finding.id)
}

fn write_address(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let made = finding.created.as_ref().map(|at| format!(", made {at}")).unwrap_or_default();
    let text = format!("{}{made}", words::declared_where(finding));
    page.sentence(2, style::PLAIN, &text)
}

/// What the row of the table of three values means, where it is not plain drift.
fn write_status(page: &mut Page<'_>, finding: &Finding) -> io::Result<()> {
    let Some(meaning) = words::meaning(finding.status) else { return Ok(()) };
    let label = format!("{}: ", finding.status.name());
    page.labelled(2, 2, &[(style::WARN, &label)], style::PLAIN, meaning)
}

fn write_step(page: &mut Page<'_>, step: &StepTo) -> io::Result<()> {
    page.labelled(2, 6, &[(style::HELP, "help: ")], style::PLAIN, &format!("{}: {}", step.action, step.note))?;
    for text in [&step.command, &step.hcl].into_iter().flatten() {
        page.verbatim(8, text)?;
    }
    Ok(())
}
