//! The ledgers of a run, laid over its findings.

use super::request::Request;
use crate::exceptions::{self, Ledger, Ruled};
use crate::model::{Finding, Problem};
use crate::settings;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// Marks what is accepted. `complete` says that nothing was hidden by a gap.
pub(super) fn mark(request: &Request, findings: &mut Vec<Finding>, complete: bool) -> Result<(), Problem> {
    let ledgers = ledgers(request.roots.iter().map(|(dir, _)| dir.as_path()))?;
    // What was not looked at would make its exceptions look unused.
    let whole = complete && request.only.is_none();
    exceptions::apply(findings, &ledgers, Ruled { today: request.as_of.unwrap_or_else(today), whole });
    Ok(())
}

/// The ledgers that belong to these directories, each once.
///
/// # Errors
/// When one cannot be read.
pub fn ledgers<'a>(dirs: impl Iterator<Item = &'a Path>) -> Result<Vec<Ledger>, Problem> {
    let mut paths: Vec<PathBuf> = dirs.filter_map(|dir| settings::find(dir, exceptions::NAME)).collect();
    paths.sort();
    paths.dedup();
    paths.iter().map(|path| Ledger::read(path)).collect()
}

/// The day that it is, in UTC.
pub fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
