//! Lines and columns, counted here once more: the program's own counting is what is tested.

use driftline::model::{Location, Related};
use std::fs;
use std::ops::Range;
use std::path::Path;
use unicode_segmentation::UnicodeSegmentation;

/// A place in a file of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) bytes: Range<usize>,
}

/// Where a location is in the text of its file.
pub(crate) fn of(dir: &Path, location: &Location) -> Place {
    let text = fs::read_to_string(dir.join(&location.path)).unwrap();
    let start = offset(&text, location.line, location.column);
    let end = offset(&text, location.end_line, location.end_column);
    Place { file: location.path.clone(), line: location.line, bytes: start..end }
}

/// The byte at which a column begins: lines end with `\n`, columns are grapheme clusters, a byte order mark is none.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = &text[start..];
    let mark = if rest.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let before: usize = rest[mark..].graphemes(true).take(column - 1).map(str::len).sum();
    start + mark + before
}

pub(crate) fn text(dir: &Path, place: &Place) -> String {
    fs::read_to_string(dir.join(&place.file)).unwrap()[place.bytes.clone()].to_owned()
}

/// `path:line:column`
pub(crate) fn shown(location: &Location) -> String {
    format!("{}:{}:{}", location.path, location.line, location.column)
}

/// `role path:line:column`
pub(crate) fn related(place: &Related) -> String {
    format!("{} {}:{}:{}", place.role, place.path, place.line, place.column)
}
