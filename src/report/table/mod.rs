//! The report for people at a terminal: each finding with its line, both values and the next step; then what could
//! not be checked; and the verdict as the last line.

pub(super) mod excerpt;
mod finding;
mod gap;
pub(super) mod page;
pub mod said;
pub(super) mod style;
mod summary;
mod value;
mod wrap;

#[cfg(test)]
mod tests;

use super::view::Report;
use page::Page;
use std::io::{self, Write};

/// How the report is to look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    pub colour: bool,
}

/// Writes the report. An error is one of `out` itself, for example a closed pipe.
pub fn write(report: &Report, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page::new(look, out);
    for open in report.open() {
        finding::write(&mut page, open)?;
        page.blank()?;
    }
    finding::write_pending(&mut page, report)?;
    finding::write_accepted(&mut page, report)?;
    gap::write_all(&mut page, &report.gaps)?;
    summary::write(&mut page, report)
}
