//! Values that are long or policy documents, as a difference of lines from each of them to the live one.

use super::values::{self, Column};
use crate::model::{Compare, Finding};
use similar::TextDiff;

/// A value of more lines than this is shown as a difference.
const MOST_LINES: usize = 8;
/// A line of more characters than this makes a value of several lines a long one.
const MOST_CHARS: usize = 240;

/// From one value to the live one, as `diff -u` writes it: the first character of a line says what it is. Nothing where
/// both read the same.
pub(super) struct Difference {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) lines: Vec<String>,
}

/// The differences, where the values are not short enough to stand side by side.
pub(super) fn of(finding: &Finding, columns: &[Column]) -> Option<Vec<Difference>> {
    let is_long = |column: &Column| {
        let many = column.lines.len();
        many > MOST_LINES || many > 1 && column.lines.iter().any(|line| line.chars().count() > MOST_CHARS)
    };
    if values::compare(finding) != Some(Compare::PolicyDocument) && !columns.iter().any(is_long) {
        return None;
    }
    let (live, others) = columns.split_last()?;
    Some(others.iter().map(|other| between(other, live)).collect())
}

fn between(old: &Column, new: &Column) -> Difference {
    let (old_text, new_text) = (old.lines.join("\n"), new.lines.join("\n"));
    let text = TextDiff::from_lines(&old_text, &new_text)
        .unified_diff()
        .context_radius(3)
        .missing_newline_hint(false)
        .header(old.label, new.label)
        .to_string();
    Difference { from: old.label, to: new.label, lines: text.lines().map(str::to_owned).collect() }
}
