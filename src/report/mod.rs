//! What a run found, ready to be shown: the view that all formats share, and one folder or file for each format.

mod csv;
mod difference;
mod formats;
mod github;
mod gitlab;
mod html;
pub mod json;
mod junit;
pub mod markdown;
pub mod plan;
mod policy;
mod rdjson;
mod sarif;
pub mod table;
mod tree;
mod values;
mod verdict;
pub mod view;
mod words;

#[cfg(test)]
mod checked;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use formats::{FORMATS, Format};
pub use tree::{Spot, Tree};
pub use view::{ExitStatus, FailOn, Layer, Report, Run, Summary, Verdict, exit_status};
