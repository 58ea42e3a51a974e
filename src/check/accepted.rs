//! The ledgers of a run, laid over its findings.

use super::declared::Declared;
use super::request::Request;
use crate::exceptions::{self, Ledger, Ruled, Written};
use crate::model::{Finding, Problem};
use crate::settings;
use crate::source::SourceFile;
use crate::terraform::config::Configuration;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Marks what is accepted. `complete` says that nothing was hidden by a gap.
pub(super) fn mark(
    request: &Request,
    declared: &Declared,
    found: Vec<(Finding, Option<usize>)>,
    complete: bool,
) -> Result<Vec<Finding>, Problem> {
    let ledgers = ledgers(request.roots.iter().map(|(dir, _)| dir.as_path()))?;
    let sources: Vec<SourceFile> = declared.roots.iter().flatten().flat_map(Configuration::files_read).collect();
    // What was not looked at would make its exceptions look unused.
    let whole = complete && request.only.is_none();
    let (mut findings, roots): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let ruled = Ruled { today: request.as_of.unwrap_or_else(today), whole };
    exceptions::apply(&mut findings, &roots, Written { ledgers: &ledgers, sources: &sources }, ruled);
    Ok(findings)
}

/// The ledgers that belong to these directories, each once.
///
/// # Errors
/// When one cannot be read.
pub fn ledgers<'a>(dirs: impl Iterator<Item = &'a Path>) -> Result<Vec<Ledger>, Problem> {
    let mut paths: BTreeMap<PathBuf, BTreeSet<usize>> = BTreeMap::new();
    for (at, dir) in dirs.enumerate() {
        if let Some(path) = settings::find(dir, exceptions::NAME) {
            paths.entry(path).or_default().insert(at);
        }
    }
    let each = paths.into_iter().map(|(path, roots)| Ok(Ledger { roots, ..Ledger::read(&path)? }));
    each.collect()
}

/// The day that it is, in UTC.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
