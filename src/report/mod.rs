//! What a run found, ready to be shown: the view that all formats share, and one folder or file for each format.

pub mod json;
pub mod plan;
pub mod table;
pub mod view;
mod words;

#[cfg(test)]
mod samples;

pub use view::{ExitStatus, FailOn, Layer, Report, Run, Summary, Verdict, exit_status};
