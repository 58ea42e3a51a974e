//! Checks 3 to 5: what the change does to exceptions, in ledgers and in comments at the line.

use super::blocks::{self, Resource};
use super::drift::Touched;
use super::notice::{CHECKS, ENDING, HYGIENE, Level, Notice, UNDECLARED};
use super::saved::Drifted;
use super::staged::{Staged, StagedFile};
use crate::exceptions::{self, Entry, Fault, Ledger};
use crate::source::SourceFile;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Days before its end from which on an exception that the change has to do with is spoken of.
const ENDING_DAYS: i32 = 7;

/// The exceptions that can have to do with a change.
pub(super) struct Exceptions<'a> {
    staged: &'a Staged,
    today: Date,
    /// By the ledger's path from the repository's root.
    ledgers: BTreeMap<&'a str, Ledger>,
}

impl<'a> Exceptions<'a> {
    pub(super) fn read(staged: &'a Staged, today: Date) -> Exceptions<'a> {
        let ledgers = staged.ledgers.iter().map(|(path, file)| (path.as_str(), Ledger::of(file))).collect();
        Exceptions { staged, today, ledgers }
    }

    /// What is to be said of ledgers: all of a ledger that is changed, and those exceptions that are about something
    /// that is changed.
    pub(super) fn of_ledgers(&self, touched: &[Touched<'_>]) -> Vec<Notice> {
        let blocks = touched_blocks(self.staged);
        let mut notices = Vec::new();
        for (path, ledger) in &self.ledgers {
            let changed = self.staged.file_at(path);
            if changed.is_some() {
                notices.extend(ledger.faults.iter().map(malformed));
            }
            let belongs = |file: &StagedFile| self.staged.ledger_of(&file.path).is_some_and(|(of, _)| of == path);
            let of_block = |entry: &Entry| {
                blocks
                    .iter()
                    .any(|(file, block)| belongs(file) && entry.matching.is_about(&block.resource_type, &block.name))
            };
            let of_finding = |entry: &Entry| touched.iter().any(|one| entry.matching.fits(&one.drifted.subject()));
            for entry in &ledger.entries {
                if changed.is_some() || of_block(entry) || of_finding(entry) {
                    notices.extend(self.ending(entry));
                }
                if entry.ticket.is_none() && changed.is_some_and(|file| file.adds(entry.at.line)) {
                    notices.push(without_ticket(entry));
                }
            }
        }
        notices
    }

    /// What is to be said of the comments that the change adds.
    pub(super) fn of_comments(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for file in &self.staged.files {
            let Some(text) = &file.new else { continue };
            for line in file.added() {
                match exceptions::comment_on(text, line) {
                    None => {}
                    Some(Err(fault)) => notices.push(malformed(&fault)),
                    Some(Ok(entry)) => {
                        notices.extend(self.ending(&entry));
                        if !self.is_declared(file, text, &entry) {
                            notices.push(undeclared(&entry));
                        }
                    }
                }
            }
        }
        notices
    }

    /// Whether the ledger knows of what a comment accepts: by the block it stands in or above, or by what it names. A
    /// comment that accepts a notice of the hook is about this commit alone.
    fn is_declared(&self, file: &StagedFile, text: &SourceFile, comment: &Entry) -> bool {
        if comment.matching.any_of.iter().any(|name| CHECKS.iter().any(|check| check.name == name)) {
            return true;
        }
        let Some((path, _)) = self.staged.ledger_of(&file.path) else { return false };
        let Some(ledger) = self.ledgers.get(path.as_str()) else { return false };
        let at = comment.at.line;
        let resources = blocks::resources(text);
        let around = |block: &&Resource| block.lines.contains(&at) || block.lines.contains(&(at + 1));
        match resources.iter().find(around) {
            Some(block) => {
                ledger.entries.iter().any(|entry| entry.matching.is_about(&block.resource_type, &block.name))
            }
            None => false,
        }
    }

    /// Whether an exception that holds accepts a difference of the report.
    pub(super) fn accept(&self, touched: &Touched<'_>) -> bool {
        let Drifted { is_accepted, change, .. } = touched.drifted;
        let subject = touched.drifted.subject();
        let holds = |entry: &&Entry| exceptions::days(self.today, entry.expires) >= 0;
        let mut written = self.ledgers.values().flat_map(|ledger| &ledger.entries).filter(holds);
        *is_accepted
            || written.any(|entry| entry.matching.fits(&subject))
            || touched.line.zip(touched.text).is_some_and(|(line, text)| {
                let words = [subject.rule, change, subject.property.unwrap_or_default()];
                self.accept_at(text, line, &words)
            })
    }

    /// Whether a comment at the line, or on the line above it, names one of these and holds.
    pub(super) fn accept_at(&self, text: &SourceFile, line: usize, names: &[&str]) -> bool {
        let (entries, _) = exceptions::comments_at(text, line);
        let named = |entry: &Entry| entry.matching.any_of.iter().any(|name| names.contains(&name.as_str()));
        entries.iter().any(|entry| named(entry) && exceptions::days(self.today, entry.expires) >= 0)
    }

    fn ending(&self, entry: &Entry) -> Option<Notice> {
        let Entry { id, owner, expires, .. } = entry;
        let (level, said) = match exceptions::days(self.today, *expires) {
            ..0 => (Level::Error, format!("exception `{id}` has expired on {expires}: it covers nothing any more")),
            0..=ENDING_DAYS => (Level::Warning, format!("exception `{id}` ends on {expires}")),
            _ => return None,
        };
        let help =
            format!("delete it once the difference is gone, or let whoever approved it give another day (`{owner}`)");
        Some(Notice {
            check: &ENDING,
            level,
            path: entry.at.path.clone(),
            line: Some(entry.at.line),
            message: said,
            help,
        })
    }
}

/// The resource blocks that the change touches, on either side.
fn touched_blocks(staged: &Staged) -> Vec<(&StagedFile, Resource)> {
    let mut touched = Vec::new();
    for file in &staged.files {
        let old = file.old.iter().flat_map(blocks::resources).filter(|block| file.changed_old(&block.lines).is_some());
        let new = file.new.iter().flat_map(blocks::resources).filter(|block| file.changed_new(&block.lines).is_some());
        touched.extend(old.chain(new).map(|block| (file, block)));
    }
    touched
}

fn malformed(fault: &Fault) -> Notice {
    Notice {
        check: &HYGIENE,
        level: Level::Error,
        path: fault.at.path.clone(),
        line: Some(fault.at.line),
        message: format!("exception `{}` covers nothing: {}", fault.id, fault.message),
        help: fault.help.clone(),
    }
}

fn without_ticket(entry: &Entry) -> Notice {
    Notice {
        check: &HYGIENE,
        level: Level::Warning,
        path: entry.at.path.clone(),
        line: Some(entry.at.line),
        message: format!("exception `{}` names no ticket", entry.id),
        help: "add `ticket = \"…\"`: auditors ask for the ticket of each accepted difference".to_owned(),
    }
}

fn undeclared(entry: &Entry) -> Notice {
    Notice {
        check: &UNDECLARED,
        level: Level::Warning,
        path: entry.at.path.clone(),
        line: Some(entry.at.line),
        message: "this is accepted at the line alone: no exception of the ledger is about it".to_owned(),
        help: format!(
            "`driftline exceptions add FINDING` writes one into `{}`, with who approved it",
            exceptions::NAME
        ),
    }
}
