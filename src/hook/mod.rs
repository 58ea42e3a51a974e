//! What can be said of a change before it is committed, without the network and without Terraform: seven checks of the
//! staged lines against what an earlier run saved and the ledgers of exceptions.

mod age;
mod blocks;
mod drift;
mod git;
mod notice;
mod saved;
mod staged;

pub use git::Meant;
pub use notice::{CHECKS, Check, Level, Notice};
pub use saved::{Drifted, Place, Saved};

use crate::model::Problem;
use jiff::Timestamp;
use staged::Staged;
use std::path::Path;

/// What the change is held against.
pub struct Given<'a> {
    /// The last report; `None` when there is none.
    pub report: Option<&'a Saved>,
    /// Where it is, or would be.
    pub report_path: String,
    /// Snapshots of the live systems with the time at which each was taken.
    pub snapshots: Vec<(String, Timestamp)>,
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
/// When git cannot tell what it is.
pub fn judge(here: &Path, meant: Meant, given: &Given<'_>) -> Result<Vec<Notice>, Problem> {
    let staged = Staged::read(here, meant)?;
    if staged.files.is_empty() {
        return Ok(Vec::new());
    }
    let mut notices = age::notices(given);
    if let Some(report) = given.report {
        let touched = drift::touched(report, &staged);
        notices.extend(drift::notices(&touched, &|drifted| drifted.is_accepted));
    }
    notices.sort_by(|a, b| (&a.path, a.line, a.level).cmp(&(&b.path, b.line, b.level)));
    notices.dedup();
    Ok(notices)
}
