//! Accepted differences: the ledger `driftline.exceptions.toml` and comments at the source line. An exception that is not
//! wholly right covers nothing.

mod apply;
mod delta;
mod draft;
mod inline;
mod ledger;
mod matching;
mod own;
#[cfg(test)]
mod tests;

pub use apply::{Ruled, Written, apply};
pub use delta::delta;
pub use draft::{About, Draft};
pub use inline::{comment_on, comments_at};
pub use ledger::{Entry, Fault, Ledger, NAME};
pub use matching::{Matching, Subject};
pub use own::KIND;

use crate::model::Severity;
use jiff::civil::Date;

/// Days before its end from which on an exception is spoken of.
pub const ENDING_DAYS: i32 = 14;

/// For how many days from today a difference of this severity may stay accepted.
pub fn longest(severity: Severity) -> i32 {
    match severity {
        Severity::Critical => 7,
        Severity::High => 30,
        Severity::Medium => 90,
        Severity::Low | Severity::Info => 365,
    }
}

/// Days from one date to another; negative when the other is before it.
pub fn days(from: Date, to: Date) -> i32 {
    // Two dates are never further apart than a span of days can say.
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}
