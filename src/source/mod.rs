//! Text that people wrote: files, byte spans, lines and columns as Terraform counts them, and cleaning of untrusted text.

pub mod clean;
pub mod file;
pub mod overlay;

pub use file::{Position, SourceFile, Span};
pub use overlay::Overlay;

use std::path::Path;

/// The root of the repository that a directory lies in, by its `.git`.
pub fn repository(dir: &Path) -> Option<&Path> {
    dir.ancestors().find(|dir| dir.join(".git").exists())
}
