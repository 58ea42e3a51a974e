//! The report for scripts: one versioned file for each major version of its shape.

pub mod saved;
pub(super) mod text;
pub mod v1;
