//! What can be said of a change before it is committed, without the network and without Terraform: seven checks of the
//! staged lines against what an earlier run saved and the ledgers of exceptions.
//!
//! `git` and `staged` tell what the change is, `saved` what the last report told, `blocks` which lines a resource has;
//! `age`, `drift`, `exceptions`, `privilege` and `declared` are the checks, `notice` is how they speak.

mod age;
mod blocks;
mod declared;
mod drift;
mod exceptions;
mod git;
mod notice;
mod privilege;
mod saved;
mod staged;

pub use git::Meant;
pub use notice::{CHECKS, Check, Level, Notice};
pub use saved::{Drifted, Place, Saved};

use crate::model::{Fact, Problem};
use declared::Live;
use exceptions::Exceptions;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use staged::Staged;
use std::path::{Path, PathBuf};

/// What the change is held against.
pub struct Given<'a> {
    /// The last report; `None` when there is none.
    pub report: Option<&'a Saved>,
    /// Where it is, or would be.
    pub report_path: String,
    /// Snapshots of the live systems with the time at which each was taken.
    pub snapshots: Vec<(String, Timestamp)>,
    /// What they show; asked for when something is deleted.
    pub facts: &'a dyn Fn() -> Result<Vec<Fact>, Problem>,
    /// Root modules; none where the change tells.
    pub dirs: &'a [PathBuf],
    pub limits: &'a Limits,
}

/// From when on what was saved is too old.
pub struct Limits {
    pub now: Timestamp,
    /// Hours; 0 is never.
    pub warn_after: u32,
    /// Hours; 0 is never.
    pub fail_after: u32,
}

/// Holds the change against what is given.
///
/// # Errors
/// When git cannot tell what it is, or a snapshot cannot be read.
pub fn judge(here: &Path, meant: Meant, given: &Given<'_>) -> Result<Vec<Notice>, Problem> {
    let staged = Staged::read(here, meant)?;
    let exceptions = Exceptions::read(&staged, given.limits.now.to_zoned(TimeZone::UTC).date());
    let mut notices = Vec::new();
    if staged.has_configuration() {
        notices.extend(age::notices(given));
    }
    let touched = given.report.map(|report| drift::touched(report, &staged)).unwrap_or_default();
    notices.extend(drift::notices(&touched, &exceptions));
    notices.extend(exceptions.of_ledgers(&touched));
    notices.extend(exceptions.of_comments());
    notices.extend(privilege::notices(&staged, &exceptions));
    let live = Live { report: given.report, facts: given.facts };
    notices.extend(declared::notices(&staged, given.dirs, &exceptions, &live)?);
    notices.sort_by(|a, b| (&a.path, a.line, a.level, &a.message).cmp(&(&b.path, b.line, b.level, &b.message)));
    notices.dedup();
    Ok(notices)
}
