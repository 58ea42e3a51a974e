//! The report for scripts: one versioned file for each major version of its shape.

mod text;

pub(super) use text::write_pretty;
pub mod v1;
