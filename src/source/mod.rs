//! Text that people wrote: files, byte spans, lines and columns as Terraform counts them, and cleaning of untrusted text.

pub mod clean;
pub mod file;
pub mod overlay;

pub use file::{Position, SourceFile, Span};
pub use overlay::Overlay;

use sha2::{Digest, Sha256};
use std::path::Path;

/// The root of the repository that a directory lies in, by its `.git`.
pub fn repository(dir: &Path) -> Option<&Path> {
    dir.ancestors().find(|dir| dir.join(".git").exists())
}

/// SHA-256 of a file's bytes, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
