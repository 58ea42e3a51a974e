//! One entry of the page: a finding, or what could not be checked.

use super::FILTERS;
use super::text::{block, escaped, line, sentence};
use crate::model::finding::StepTo;
use crate::model::{Finding, Gap, Location, Related, Status};
use crate::report::difference::{self, Difference};
use crate::report::table::excerpt;
use crate::report::values::{self, Column};
use crate::report::words;
use std::io::{self, Write};

/// Writes a finding.
pub(super) fn finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let scope = format!("{} {}", finding.kind.system(), finding.scope);
    let (severity, change) = (finding.severity.name(), finding.change.name());
    let status = if finding.exception.is_some() { "accepted" } else { finding.status.name() };
    open(severity, Some(&finding.id), [severity, change, status, finding.kind.id, &scope], out)?;
    let (title, said) =
        (sentence(&finding.title), if is_pending(finding) { words::awaited(finding.change) } else { change });
    writeln!(out, "<h3><span class=\"badge\">{severity}</span> <span>{said}</span> {title}</h3>")?;
    if words::has_thing(finding) {
        let made = finding.created.as_ref().map(|at| format!(", made {at}")).unwrap_or_default();
        let text = format!("{}{made}", words::declared_where(finding));
        writeln!(out, "<p>{}</p>", sentence(&text))?;
    }
    if let Some(by) = &finding.exception {
        writeln!(out, "<p class=\"note\">{}</p>", sentence(&words::accepted_by(by)))?;
    }
    if let Some(meaning) = words::meaning(finding.status) {
        writeln!(out, "<p class=\"note\">{}: {}</p>", finding.status.name(), sentence(meaning))?;
    }
    if let Some(location) = &finding.location {
        write_place(location, &finding.related, out)?;
    }
    write_values(finding, out)?;
    let reasons: Vec<_> = finding.reasons.iter().map(|reason| format!("why: {reason}")).collect();
    write_list(&reasons, out)?;
    write_steps(&finding.steps, out)?;
    let marks = [finding.rule().to_string(), finding.id.clone()].into_iter();
    let marks: Vec<_> = marks.chain(finding.controls.iter().map(ToString::to_string)).collect();
    writeln!(out, "<p class=\"label\">{}</p>\n</article>", line(&marks.join(" · ")))
}

fn is_pending(finding: &Finding) -> bool {
    finding.status == Status::Pending
}

/// Writes a gap.
pub(super) fn gap(gap: &Gap, out: &mut dyn Write) -> io::Result<()> {
    let scope = format!("{} {}", gap.system, gap.scope.as_deref().unwrap_or_default());
    open("gap", None, ["gap", "gap", "gap", &gap.code, scope.trim()], out)?;
    let mut lines = words::of_gap(gap);
    writeln!(out, "<h3><span class=\"badge\">gap</span> {}</h3>", sentence(&lines.remove(0)))?;
    write_list(&lines, out)?;
    writeln!(out, "<p class=\"label\">{}</p>\n</article>", line(&gap.code))
}

/// The opening tag of an entry, with what the filters go by in the order of [`FILTERS`].
fn open(class: &str, id: Option<&str>, by: [&str; FILTERS.len()], out: &mut dyn Write) -> io::Result<()> {
    let id = id.map(|id| format!(" id=\"{}\"", line(id))).unwrap_or_default();
    let data: String =
        FILTERS.iter().zip(by).map(|(name, value)| format!(" data-{name}=\"{}\"", line(value))).collect();
    writeln!(out, "<article class=\"{class}\"{id}{data}>")
}

/// Where it is said: the lines with what is meant marked, and behind a click the chain that leads there.
fn write_place(location: &Location, related: &[Related], out: &mut dyn Write) -> io::Result<()> {
    let exact = words::exactness(location.precision);
    writeln!(out, "<p class=\"place\">{}{exact}</p>", line(&location.to_string()))?;
    let shown = excerpt::shown_lines(location);
    if shown > 0 {
        let lines = location.excerpt.iter().take(shown).enumerate();
        let lines: Vec<_> = lines.map(|(at, text)| source_line(location, at, text)).collect();
        writeln!(out, "<pre class=\"source\">\n{}</pre>", lines.join("\n"))?;
    }
    if related.is_empty() {
        return Ok(());
    }
    let places: Vec<_> =
        related.iter().map(|at| format!("{}:{}:{} ({})", at.path, at.line, at.column, at.role)).collect();
    writeln!(out, "<details><summary>{} on the way there</summary>", words::count(places.len(), "place"))?;
    write_list(&places, out)?;
    writeln!(out, "</details>")
}

fn source_line(location: &Location, at: usize, text: &str) -> String {
    let marked = if at == 0 { excerpt::marked_columns(location) } else { usize::MAX..usize::MAX };
    let cells = excerpt::cells(text, &marked);
    let text: String = cells
        .chunk_by(|a, b| a.marked == b.marked)
        .map(|run| {
            let text = escaped(&run.iter().map(|cell| cell.text.as_str()).collect::<String>());
            if run.iter().all(|cell| cell.marked) { format!("<mark>{text}</mark>") } else { text }
        })
        .collect();
    format!("<span>{:>4}</span>  {text}", location.line.saturating_add(at))
}

fn write_values(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let columns = values::columns(finding);
    if columns.is_empty() {
        return Ok(());
    }
    match difference::of(finding, &columns) {
        Some(differences) => differences.iter().try_for_each(|difference| write_difference(difference, out)),
        None => write_side_by_side(&columns, out),
    }
}

fn write_side_by_side(columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<div class=\"values\">")?;
    for column in columns {
        writeln!(out, "<div><span class=\"label\">{}</span>", column.label)?;
        writeln!(out, "<pre>{}</pre></div>", block(&column.lines.join("\n")))?;
    }
    writeln!(out, "</div>")
}

fn write_difference(difference: &Difference, out: &mut dyn Write) -> io::Result<()> {
    let Difference { from, to, lines } = difference;
    if lines.is_empty() {
        return writeln!(out, "<p>{from} and {to} read the same but for order and spelling</p>");
    }
    let line = |text: &String| match text.as_bytes().first() {
        Some(b'+') => format!("<ins>{}</ins>", escaped(text)),
        Some(b'-') => format!("<del>{}</del>", escaped(text)),
        _ => escaped(text),
    };
    let lines: Vec<_> = lines.iter().map(line).collect();
    writeln!(out, "<pre class=\"difference\">\n{}</pre>", lines.join("\n"))
}

/// The step that is recommended; the others behind a click.
fn write_steps(steps: &[StepTo], out: &mut dyn Write) -> io::Result<()> {
    let Some((first, others)) = steps.split_first() else { return Ok(()) };
    write_step(first, out)?;
    if others.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = others.iter().map(|step| step.action).collect();
    writeln!(out, "<details><summary>or {}</summary>", names.join(", "))?;
    others.iter().try_for_each(|step| write_step(step, out))?;
    writeln!(out, "</details>")
}

fn write_step(step: &StepTo, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<p><strong>{}</strong>: {}</p>", step.action, sentence(&step.note))?;
    if let Some(why) = &step.refused {
        writeln!(out, "<p class=\"note\">not done: {}</p>", sentence(why))?;
    }
    for text in [&step.command, &step.hcl].into_iter().flatten() {
        writeln!(out, "<pre>{}</pre>", block(text.trim_end()))?;
    }
    Ok(())
}

fn write_list(items: &[String], out: &mut dyn Write) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul>")?;
    for item in items {
        writeln!(out, "<li>{}</li>", sentence(item))?;
    }
    writeln!(out, "</ul>")
}
