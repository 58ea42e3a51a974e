//! What could not be checked: never left out, whatever else was found.

use super::page::Page;
use super::{excerpt, style};
use crate::model::Gap;
use crate::report::words;
use std::io;

pub(super) fn write_all(page: &mut Page<'_>, gaps: &[Gap]) -> io::Result<()> {
    if gaps.is_empty() {
        return Ok(());
    }
    page.sentence(0, style::STRONG, &format!("not checked: {}", words::count(gaps.len(), "gap")))?;
    for gap in gaps {
        write(page, gap)?;
    }
    page.blank()
}

fn write(page: &mut Page<'_>, gap: &Gap) -> io::Result<()> {
    let scope = gap.scope.as_ref().map(|scope| format!(" {scope}")).unwrap_or_default();
    let text = format!("in {}{scope} hides {}", gap.system, words::hidden(gap));
    page.labelled(2, 4, &[(style::WARN, &gap.code), (style::PLAIN, " ")], style::PLAIN, &text)?;
    page.sentence(4, style::PLAIN, &gap.reason)?;
    if let Some(location) = &gap.location {
        excerpt::write_place(page, 2, location)?;
    }
    if gap.hint.is_empty() {
        return Ok(());
    }
    page.labelled(4, 6, &[(style::HELP, "help: ")], style::PLAIN, &gap.hint)
}
