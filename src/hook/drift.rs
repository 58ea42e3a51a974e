//! Check 2: lines of the change that declare what differed live.

use super::blocks::{self, Resource};
use super::exceptions::Exceptions;
use super::notice::{DRIFT, Level, Notice};
use super::saved::{Drifted, Place, Saved};
use super::staged::{Staged, StagedFile};
use crate::source::SourceFile;
use std::collections::BTreeMap;
use std::ops::Range;

/// A difference of the report whose lines the change touches.
pub(super) struct Touched<'a> {
    pub(super) drifted: &'a Drifted,
    path: String,
    /// Of the new text; none where that is gone.
    pub(super) line: Option<usize>,
    pub(super) text: Option<&'a SourceFile>,
    is_exact: bool,
}

/// The differences of a report that a change touches.
pub(super) fn touched<'a>(report: &'a Saved, staged: &'a Staged) -> Vec<Touched<'a>> {
    let mut files = Files { report, staged, read: BTreeMap::new() };
    report.drifted.iter().filter_map(|drifted| files.touched(drifted)).collect()
}

/// Says each of them, but for those that are accepted.
pub(super) fn notices(touched: &[Touched<'_>], exceptions: &Exceptions<'_>) -> Vec<Notice> {
    touched.iter().filter(|one| !exceptions.accept(one)).map(notice).collect()
}

fn notice(touched: &Touched<'_>) -> Notice {
    let drifted = touched.drifted;
    let what = match (&drifted.address, &drifted.live, drifted.change.as_str()) {
        (Some(address), _, "missing") => format!("`{address}` is not there live any more"),
        (Some(address), Some(live), _) => format!("`{address}` has drifted: {} is `{live}` live", drifted.title),
        (Some(address), None, change) => format!("`{address}` has drifted: {change}: {}", drifted.title),
        (None, _, change) => format!("{change}: {}", drifted.title),
    };
    let approximate = if touched.is_exact { "" } else { ", line approximate" };
    let then = if drifted.change == "missing" { "makes it again" } else { "overwrites it" };
    let Drifted { id, severity, .. } = drifted;
    Notice {
        check: &DRIFT,
        level: Level::Warning,
        path: touched.path.clone(),
        line: touched.line,
        message: format!("{what} ({severity}{approximate})"),
        help: format!(
            "the next apply {then}: `driftline reconcile --only {id}` shows what can be done, `driftline exceptions add \
             {id} …` accepts it"
        ),
    }
}

struct Files<'a> {
    report: &'a Saved,
    staged: &'a Staged,
    /// Of files that findings point into.
    read: BTreeMap<&'a str, Read>,
}

/// A touched file, as the report's places are looked up in it.
struct Read {
    resources: Vec<Resource>,
    of: Text,
}

/// The text whose lines are counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// The one before the change, which is the one that the report read.
    Old,
    /// The one after it: the report was made with the change in place.
    New,
    /// Neither of them; the old one, or the new one of a new file.
    Other,
}

impl<'a> Files<'a> {
    fn touched(&mut self, drifted: &'a Drifted) -> Option<Touched<'a>> {
        let staged = self.staged;
        drifted.places.iter().find_map(|place| {
            let file = staged.file_at(&place.path)?;
            let report = self.report;
            let read = self.read.entry(file.path.as_str()).or_insert_with(|| Read::of(file, &place.path, report));
            let lines = read.lines(place, drifted)?;
            let line = match read.of {
                Text::New => file.changed_new(&lines),
                Text::Old | Text::Other if file.old.is_some() => file.changed_old(&lines),
                Text::Old | Text::Other => file.changed_new(&lines),
            }?;
            Some(Touched {
                drifted,
                path: staged.shown(&file.path),
                line: file.new.is_some().then_some(line),
                text: file.new.as_ref(),
                is_exact: read.of != Text::Other,
            })
        })
    }
}

impl Read {
    fn of(file: &StagedFile, path: &str, report: &Saved) -> Read {
        let is = |side: &Option<SourceFile>| side.as_ref().is_some_and(|side| report.has_read(path, side.text()));
        let of = match (is(&file.old), is(&file.new)) {
            (true, _) => Text::Old,
            (false, true) => Text::New,
            (false, false) => Text::Other,
        };
        let text = if of == Text::New { &file.new } else { &file.old };
        let text = text.as_ref().or(file.new.as_ref());
        Read { resources: text.map(blocks::resources).unwrap_or_default(), of }
    }

    /// The lines that declare it here: the block of its address, else the lines that the report names. A place that only
    /// leads there counts with its block.
    fn lines(&self, place: &Place, drifted: &Drifted) -> Option<Range<usize>> {
        let of_address =
            |resource: &&Resource| drifted.address.as_deref().is_some_and(|address| resource.is_of(address));
        let mut blocks = self.resources.iter().filter(of_address);
        let block = match self.of {
            Text::Other => blocks.next(),
            Text::Old | Text::New => blocks.find(|block| block.lines.contains(&place.lines.start)),
        };
        block.map(|block| block.lines.clone()).or_else(|| place.is_own.then(|| place.lines.clone()))
    }
}
