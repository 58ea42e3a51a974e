//! One source file: its text, and the way from a byte offset to a line and a column.

use std::ops::RangeInclusive;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

/// Half-open range of bytes in a file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people and Terraform name it: both from 1, columns in grapheme clusters
/// (Terraform's own diagnostics count so; measured against `terraform validate -json`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// A file's text with an index of its lines. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SourceFile {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: String,
    text: String,
    line_starts: Vec<usize>,
    /// Within long lines, ascending.
    marks: Vec<Mark>,
}

/// Where a stretch of a long line begins.
#[derive(Debug)]
struct Mark {
    offset: usize,
    /// Grapheme clusters that stand before it on its line.
    before: usize,
}

/// How long the stretches are, in bytes: a line may hold a whole file of data, and every value on it is asked for.
const STRETCH: usize = 512;

impl SourceFile {
    /// `path` is what is shown to people: relative to the directory where driftline runs when that is possible.
    /// A byte order mark is kept in `text`, so that offsets stay those of the file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        let marks = marks(&text, &line_starts);
        SourceFile { inner: Arc::new(Inner { path: path.into(), text, line_starts, marks }) }
    }

    pub fn path(&self) -> &str {
        &self.inner.path
    }

    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// `path:line:column` of a byte offset.
    pub fn place(&self, offset: usize) -> String {
        let at = self.position(offset);
        format!("{}:{}:{}", self.path(), at.line, at.column)
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.inner.text.len());
        let line = self.inner.line_starts.partition_point(|start| *start <= offset) - 1;
        let start = self.inner.line_starts[line];
        let mark = if offset - start < STRETCH { None } else { self.mark_before(offset) };
        let (from, passed) = match mark.filter(|mark| mark.offset > start) {
            Some(mark) => (mark.offset, mark.before),
            None => (after_byte_order_mark(&self.inner.text, start).min(offset), 0),
        };
        let column = passed + clusters(self.inner.text.get(from..offset).unwrap_or_default()) + 1;
        Position { line: line + 1, column }
    }

    /// The lines, from 1, that a span touches. A break at its end belongs to the line that it ends.
    pub fn lines_of(&self, span: Span) -> RangeInclusive<usize> {
        let number = |offset: usize| self.inner.line_starts.partition_point(|start| *start <= offset);
        number(span.start)..=number(span.end.saturating_sub(1).max(span.start))
    }

    /// The last stretch that begins before an offset.
    fn mark_before(&self, offset: usize) -> Option<&Mark> {
        let marks = &self.inner.marks;
        marks.partition_point(|mark| mark.offset <= offset).checked_sub(1).and_then(|index| marks.get(index))
    }

    /// The text of line `number` (from 1) without its line end; empty when there is no such line.
    pub fn line(&self, number: usize) -> &str {
        let Some(start) = number.checked_sub(1).and_then(|index| self.inner.line_starts.get(index)) else {
            return "";
        };
        let end = self.inner.line_starts.get(number).copied().unwrap_or(self.inner.text.len());
        self.inner.text[*start..end].trim_end_matches(['\n', '\r'])
    }

    pub fn slice(&self, span: Span) -> &str {
        self.inner.text.get(span.start..span.end).unwrap_or_default()
    }
}

fn marks(text: &str, line_starts: &[usize]) -> Vec<Mark> {
    let ends = line_starts.iter().skip(1).copied().chain([text.len()]);
    let long = line_starts.iter().copied().zip(ends).filter(|(start, end)| end - start >= STRETCH);
    long.flat_map(|(start, end)| marks_of(text, after_byte_order_mark(text, start), end)).collect()
}

fn marks_of(text: &str, start: usize, end: usize) -> Vec<Mark> {
    let line = text.get(start..end).unwrap_or_default();
    if line.is_ascii() {
        let each = (STRETCH..line.len()).step_by(STRETCH);
        return each.map(|at| Mark { offset: start + at, before: at }).collect();
    }
    let mut marks = Vec::new();
    let mut next = STRETCH;
    for (before, (at, _)) in line.grapheme_indices(true).enumerate() {
        if at >= next {
            marks.push(Mark { offset: start + at, before });
            next = at + STRETCH;
        }
    }
    marks
}

/// Where a line begins for people, to whom a byte order mark is not there.
fn after_byte_order_mark(text: &str, start: usize) -> usize {
    let is_marked = text.get(start..).unwrap_or_default().starts_with('\u{feff}');
    start + if is_marked { '\u{feff}'.len_utf8() } else { 0 }
}

/// How many grapheme clusters a text has.
fn clusters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_long_line_count_the_same() {
        let pieces = ["a", "é", "e\u{301}", "👩‍👩‍👧", "🇩🇪", "🇩", "한", "क्षि", "\r", " \u{301}"];
        let line: String = pieces.iter().cycle().take(800).copied().collect();
        let text = format!("\u{feff}{line}\nx{line}\n");
        let file = SourceFile::new("data.json", text.as_str());
        let mut start = 0;
        for (number, line) in text.split_inclusive('\n').enumerate() {
            for (at, _) in line.char_indices().step_by(7) {
                let column = line[..at].trim_start_matches('\u{feff}').graphemes(true).count() + 1;
                assert_eq!(file.position(start + at), Position { line: number + 1, column });
            }
            start += line.len();
        }
    }

    #[test]
    fn columns_count_grapheme_clusters() {
        let file = SourceFile::new("a.tf", "x = \"e\u{301}\" # y\nb\r\nc");
        assert_eq!(file.position(4), Position { line: 1, column: 5 });
        assert_eq!(file.position(8), Position { line: 1, column: 7 });
        assert_eq!(file.position(file.text().len()), Position { line: 3, column: 2 });
        assert_eq!(file.line(2), "b");
        assert_eq!(file.line(9), "");
    }
}
