//! What the source says of something, and the chain that leads there, for `explain`.

use super::page::Page;
use super::{Look, excerpt, style};
use crate::model::{Location, Related, Value};
use crate::report::values;
use std::io::{self, Write};

/// A value with where it is said.
pub struct Said<'a> {
    /// What was asked for.
    pub name: String,
    pub value: &'a Value,
    pub location: &'a Location,
    /// The places that lead there, the nearest first.
    pub related: &'a [Related],
    /// Further words, each a sentence: why it is not known, where it is from.
    pub notes: Vec<String>,
}

/// Writes it. An error is one of `out` itself.
pub fn write(said: &Said<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page::new(look, out);
    page.line(0, &[(style::STRONG, &said.name)])?;
    for line in values::lines(Some(said.value), None) {
        page.line(4, &[(style::PLAIN, &line)])?;
    }
    excerpt::write(page, said.location, said.related)?;
    for note in &said.notes {
        page.labelled(2, 6, &[(style::HELP, "note: ")], style::PLAIN, note)?;
    }
    Ok(())
}
