//! One source file: its text, and the way from a byte offset to a line and a column.

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
}

impl SourceFile {
    /// `path` is what is shown to people: relative to the directory where driftline runs when that is possible.
    /// A byte order mark is kept in `text`, so that offsets stay those of the file.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1));
        SourceFile { inner: Arc::new(Inner { path: path.into(), text, line_starts }) }
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
        let before = self.inner.text.get(start..offset).unwrap_or_default();
        // A line may hold a whole file of data, and every value on it is asked for.
        let column = match before.is_ascii() {
            true => before.len(),
            false => before.trim_start_matches('\u{feff}').graphemes(true).count(),
        };
        Position { line: line + 1, column: column + 1 }
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

#[cfg(test)]
mod tests {
    use super::*;

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
