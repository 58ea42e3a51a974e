//! One HTML page that works offline: everything in it, nothing fetched, and a content policy that lets nothing run or
//! load but its own style and script, named by their hashes.

use super::view::Report;
use super::{values, verdict, words};
use crate::model::{Finding, Gap, Severity};
use crate::source::clean::for_terminal;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What one can filter by: the name in `data-…`, which is the label too.
const FILTERS: [&str; 5] = ["severity", "change", "status", "kind", "scope"];

/// Writes the page.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", escaped(&policy))?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\">\n<title>driftline report</title>")?;
    writeln!(out, "<style>{STYLE}</style>\n</head>\n<body>")?;
    write_head(report, out)?;
    writeln!(out, "<main>")?;
    for finding in &report.findings {
        write_finding(finding, out)?;
    }
    for gap in &report.gaps {
        write_gap(gap, out)?;
    }
    writeln!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn hash(text: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(text))
}

fn write_head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<header>\n<h1>driftline</h1>\n<p><strong>{}</strong></p>", line(&verdict::sentence(report)))?;
    let counts: Vec<_> = Severity::ALL
        .iter()
        .map(|severity| (severity, report.open().filter(|f| f.severity == *severity).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    writeln!(out, "<p>{}</p>", line(&counts.join(", ")))?;
    for scope in &report.scopes {
        let complete = if scope.complete { "" } else { ", not complete" };
        let text = format!("read {} {} as {}{complete}", scope.system, scope.id, scope.identity);
        writeln!(out, "<p>{}</p>", line(&text))?;
    }
    let run = format!("{} {}, {}", report.run.command, report.run.tool_version, report.run.finished_at);
    writeln!(out, "<p class=\"label\">{}</p>\n</header>", line(&run))?;
    writeln!(out, "<form hidden>\n<input type=\"search\" aria-label=\"search\" placeholder=\"search\">")?;
    for name in FILTERS {
        writeln!(out, "<select name=\"{name}\" aria-label=\"{name}\"><option value=\"\">{name}</option></select>")?;
    }
    writeln!(out, "<output></output>\n</form>")
}

/// The opening tag of an entry, with what the filters go by in the order of [`FILTERS`].
fn open(class: &str, by: [&str; FILTERS.len()], out: &mut dyn Write) -> io::Result<()> {
    let data: String =
        FILTERS.iter().zip(by).map(|(name, value)| format!(" data-{name}=\"{}\"", line(value))).collect();
    writeln!(out, "<article class=\"{class}\"{data}>")
}

fn write_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let scope = format!("{} {}", finding.kind.system(), finding.scope);
    let severity = finding.severity.name();
    let by = [severity, finding.change.name(), finding.status.name(), finding.kind.id, &scope];
    open(severity, by, out)?;
    writeln!(out, "<h2>{severity} {}: {}</h2>", finding.change.name(), line(&finding.title))?;
    let mut items = Vec::new();
    if words::has_thing(finding) {
        items.push(words::declared_where(finding));
    }
    items.extend(finding.exception.as_ref().map(words::accepted_by));
    items.extend(finding.location.as_ref().map(|location| format!("said at {location}")));
    items.extend(finding.related.iter().map(|at| format!("{}:{}:{} ({})", at.path, at.line, at.column, at.role)));
    items.extend(words::meaning(finding.status).map(|meaning| format!("{}: {meaning}", finding.status.name())));
    items.extend(finding.reasons.iter().map(|reason| format!("why: {reason}")));
    items.extend(finding.controls.iter().map(|control| format!("control {control}")));
    items.push(format!("{} {}", finding.rule(), finding.id));
    write_list(&items, out)?;
    let columns = values::columns(finding);
    if !columns.is_empty() {
        writeln!(out, "<div class=\"values\">")?;
        for column in columns {
            writeln!(out, "<div><span class=\"label\">{}</span>", column.label)?;
            writeln!(out, "<pre>{}</pre></div>", block(&column.lines.join("\n")))?;
        }
        writeln!(out, "</div>")?;
    }
    for step in &finding.steps {
        writeln!(out, "<h3>{}: {}</h3>", step.action, line(&step.note))?;
        if let Some(why) = &step.refused {
            writeln!(out, "<p>not done: {}</p>", line(why))?;
        }
        for text in [&step.command, &step.hcl].into_iter().flatten() {
            writeln!(out, "<pre>{}</pre>", block(text.trim_end()))?;
        }
    }
    writeln!(out, "</article>")
}

fn write_gap(gap: &Gap, out: &mut dyn Write) -> io::Result<()> {
    let scope = format!("{} {}", gap.system, gap.scope.as_deref().unwrap_or_default());
    open("gap", ["gap", "gap", "unknown", &gap.code, scope.trim()], out)?;
    let mut lines = words::of_gap(gap);
    writeln!(out, "<h2>{}</h2>", line(&lines.remove(0)))?;
    write_list(&lines, out)?;
    writeln!(out, "</article>")
}

fn write_list(items: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<ul>")?;
    for item in items {
        writeln!(out, "<li>{}</li>", line(item))?;
    }
    writeln!(out, "</ul>")
}

fn line(text: &str) -> String {
    escaped(&for_terminal(text, false))
}

/// Text of several lines. The line end before it is for the parser, which drops the first one in a `pre`.
fn block(text: &str) -> String {
    format!("\n{}", escaped(&for_terminal(text, true)))
}

/// For text and for values in double quotes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
