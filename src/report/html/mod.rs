//! One HTML page that works offline: everything in it, nothing fetched, and a content policy that lets nothing run or
//! load but its own style and script, named by their hashes.

mod entry;
mod text;

use super::verdict;
use super::view::Report;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use text::{escaped, line, sentence};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What one can filter by: the name in `data-…`, which is the label too. An entry's system is named with its account.
const FILTERS: [&str; 5] = ["severity", "change", "status", "kind", "system"];

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
    section("Findings", report.open(), entry::finding, out)?;
    section("Declared, not applied yet", report.pending(), entry::finding, out)?;
    section("Accepted", report.accepted(), entry::finding, out)?;
    section("Not checked", report.gaps.iter(), entry::gap, out)?;
    writeln!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn hash(text: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(text))
}

fn write_head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<header>\n<h1>driftline</h1>\n<p><strong>{}</strong></p>", sentence(&verdict::sentence(report)))?;
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

/// Entries of one sort under a heading, if there are any.
fn section<'a, T: 'a>(
    heading: &str,
    entries: impl Iterator<Item = &'a T>,
    write: fn(&T, &mut dyn Write) -> io::Result<()>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut entries = entries.peekable();
    if entries.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>{heading}</h2>")?;
    for entry in entries {
        write(entry, out)?;
    }
    writeln!(out, "</section>")
}
