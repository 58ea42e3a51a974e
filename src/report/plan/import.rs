//! The import file: every `import` block with its resource, to be put next to the source.

use super::new_files;
use crate::reconcile::Plan;
use std::io::{self, Write};

/// Writes what the plan imports.
pub fn write(plan: &Plan<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (at, file) in new_files(plan).into_iter().enumerate() {
        let gap = if at > 0 { "\n" } else { "" };
        write!(out, "{gap}{}", file.text)?;
    }
    Ok(())
}
