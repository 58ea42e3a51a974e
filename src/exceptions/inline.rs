//! Exceptions as comments: `# driftline:ignore[DL105] exp:2026-12-31 owner:team -- reason`, on the line that a finding points at
//! or on the one above it.

use super::ledger::{Entry, Fault, date};
use super::matching::Matching;
use crate::model::{Change, Finding, Location, Precision};
use crate::source::{SourceFile, Span};
use std::collections::HashMap;

const MARK: &str = "driftline:ignore";

/// The files that findings point into, each read once.
#[derive(Default)]
pub(super) struct Comments(HashMap<String, Option<SourceFile>>);

impl Comments {
    /// The exceptions at a finding's line, and what is wrong with others there.
    pub(super) fn at(&mut self, finding: &Finding) -> (Vec<Entry>, Vec<Fault>) {
        let Some(location) =
            finding.location.as_ref().filter(|at| at.precision != Precision::State && is_ours(&at.path))
        else {
            return Default::default();
        };
        let file = self.0.entry(location.path.clone()).or_insert_with(|| {
            std::fs::read_to_string(&location.path).ok().map(|text| SourceFile::new(location.path.clone(), text))
        });
        let Some(file) = file else { return Default::default() };
        comments_at(file, location.line)
    }
}

/// The exceptions at a line of a file and in the comment above it, and what is wrong with others there.
pub fn comments_at(file: &SourceFile, line: usize) -> (Vec<Entry>, Vec<Fault>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let above = line.checked_sub(1).filter(|line| is_comment(file.line(*line)));
    for line in above.into_iter().chain([line]) {
        match comment_on(file, line) {
            Some(Ok(entry)) => entries.push(entry),
            Some(Err(fault)) => faults.push(*fault),
            None => {}
        }
    }
    (entries, faults)
}

/// All exceptions in the comments of a file, and what is wrong with others there.
pub(super) fn comments_in(file: &SourceFile) -> (Vec<Entry>, Vec<Fault>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for (number, _) in file.text().lines().enumerate().filter(|(_, line)| line.contains(MARK)) {
        match comment_on(file, number + 1) {
            Some(Ok(entry)) => entries.push(entry),
            Some(Err(fault)) => faults.push(*fault),
            None => {}
        }
    }
    (entries, faults)
}

/// The exception that stands on this very line, or what is wrong with it; `None` in files that have no comments or are not
/// the team's own.
pub fn comment_on(file: &SourceFile, line: usize) -> Option<Result<Entry, Box<Fault>>> {
    let text = comment(file.line(line)).filter(|_| is_ours(file.path()))?;
    Some(read(text, &place(file, line)))
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

/// Whether a file has comments and is the team's own: what a downloaded module accepts nobody here has accepted.
fn is_ours(path: &str) -> bool {
    let has_comments = [".tf", ".tofu", ".tfvars", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending));
    has_comments && !path.split('/').any(|part| part == ".terraform")
}

/// What stands in a line from the mark on, when the mark is in a comment and not in a text.
fn comment(line: &str) -> Option<&str> {
    let at = line.find(MARK)?;
    let before = line.get(..at)?.trim_end();
    let code = before.strip_suffix('#').or_else(|| before.strip_suffix("//"))?;
    (!ends_in_a_text(code)).then(|| line.get(at + MARK.len()..)).flatten()
}

/// Whether a text in quotes is open at the end. A `'` begins one only in YAML, where no word goes before it.
fn ends_in_a_text(code: &str) -> bool {
    let (mut open, mut before) = (None, ' ');
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        match (open, c) {
            (Some('"'), '\\') => {
                rest.next();
            }
            (Some(quote), c) if quote == c => open = None,
            (None, '"') => open = Some('"'),
            (None, '\'') if !before.is_alphanumeric() => open = Some('\''),
            _ => {}
        }
        before = c;
    }
    open.is_some()
}

/// The comment in a line.
fn place(file: &SourceFile, number: usize) -> Location {
    let line = file.line(number);
    let start: usize = file.text().split_inclusive('\n').take(number - 1).map(str::len).sum();
    let from = line.find(MARK).unwrap_or(0);
    Location::of(file, Span::new(start + from, start + line.trim_end().len()), Precision::Value)
}

fn read(text: &str, at: &Location) -> Result<Entry, Box<Fault>> {
    let id = format!("{}:{}", at.path, at.line);
    let fault = |message: String| {
        Box::new(Fault {
            id: id.clone(),
            message,
            help: format!("write `# {MARK}[DL105] exp:2026-12-31 owner:team -- reason`"),
            at: at.clone(),
        })
    };
    let (names, rest) = text.strip_prefix('[').and_then(|text| text.split_once(']')).ok_or_else(|| {
        fault("it does not say in brackets what is accepted: a rule, a change or a property".to_owned())
    })?;
    let any_of: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
    let is_word = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if let Some(name) = any_of.iter().find(|name| !is_word(name)) {
        return Err(fault(format!("`{name}` is no rule, change or property")));
    }
    let of_exceptions =
        |name: &&String| Change::of_exceptions().iter().any(|c| c.rule() == **name || c.name() == **name);
    if let Some(name) = any_of.iter().find(of_exceptions) {
        return Err(fault(format!("`{name}` is about exceptions: no exception covers it")));
    }
    let (fields, reason) =
        rest.split_once(" -- ").ok_or_else(|| fault("it has no reason: write ` -- ` and why".to_owned()))?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(fault("its reason is empty".to_owned()));
    }
    let (mut expires, mut owner) = (None, None);
    for word in fields.split_whitespace() {
        match word.split_once(':') {
            Some(("exp", text)) => {
                expires = Some(date(text).ok_or_else(|| fault(format!("`{text}` is no date")))?);
            }
            Some(("owner", text)) if !text.is_empty() => owner = Some(text.to_owned()),
            _ => return Err(fault(format!("`{word}` is neither `exp:DATE` nor `owner:NAME`"))),
        }
    }
    Ok(Entry {
        matching: Matching { any_of, ..Matching::default() },
        owner: owner.ok_or_else(|| fault("nobody answers for it: add `owner:NAME`".to_owned()))?,
        reason: reason.to_owned(),
        approved_by: None,
        expires: expires.ok_or_else(|| fault("it has no end: add `exp:DATE`".to_owned()))?,
        delta: None,
        ticket: None,
        at: at.clone(),
        id,
    })
}
