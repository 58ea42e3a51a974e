//! A way through a text by characters, with the lines and columns that YAML counts.

use super::scan::Scanner;
use std::ops::Range;

/// A place while it is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    /// Bytes.
    pub(super) at: usize,
    /// Characters.
    pub(super) index: usize,
    pub(super) line: usize,
    pub(super) column: isize,
}

/// A line break: what it means, and its bytes.
pub(super) type Break = (&'static str, Range<usize>);

impl Scanner<'_> {
    /// The byte so many bytes ahead; 0 past the end, for no text has it.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        match self.text.as_bytes().get(self.here.at + ahead) {
            Some(byte) => *byte,
            None => 0,
        }
    }

    /// How many bytes the line break so many bytes ahead takes; 0 when there is none.
    pub(super) fn line_break(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\r', b'\n', _) => 2,
            (b'\r' | b'\n', _, _) => 1,
            (0xc2, 0x85, _) => 2,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.line_break(ahead) > 0
    }

    pub(super) fn is_blank_or_end(&self, ahead: usize) -> bool {
        // Most characters are none of these.
        !matches!(self.byte(ahead), b'!'..=b'~') && (self.is_blank(ahead) || self.is_break_or_end(ahead))
    }

    /// `---` or `...` alone at the beginning of a line.
    pub(super) fn at_document_indicator(&self) -> bool {
        let three = [self.byte(0), self.byte(1), self.byte(2)];
        self.here.column == 0 && (three == *b"---" || three == *b"...") && self.is_blank_or_end(3)
    }

    /// Past one character.
    pub(super) fn skip(&mut self) {
        let width = match self.byte(0) {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0.. => 4,
        };
        self.here.at = (self.here.at + width).min(self.text.len());
        self.here.index += 1;
        self.here.column += 1;
    }

    /// Past one character, and at once past what follows of the printable ones of ASCII; not past those in `stops`.
    pub(super) fn skip_run(&mut self, stops: &[u8]) {
        let rest = self.text.as_bytes().get(self.here.at..).unwrap_or_default();
        let run = rest.iter().position(|byte| !matches!(byte, b'!'..=b'~') || stops.contains(byte));
        match run.unwrap_or(rest.len()) {
            0 => self.skip(),
            run => {
                self.here.at += run;
                self.here.index += run;
                self.here.column += run as isize;
            }
        }
    }

    /// Past one line break; nothing when there is none.
    pub(super) fn skip_line(&mut self) -> Option<Break> {
        let (start, length) = (self.here.at, self.line_break(0));
        if length == 0 {
            return None;
        }
        let meaning = match (length, self.byte(2)) {
            (3, 0xa8) => "\u{2028}",
            (3, _) => "\u{2029}",
            _ => "\n",
        };
        self.here.at += length;
        self.here.index += if self.text.as_bytes()[start] == b'\r' && length == 2 { 2 } else { 1 };
        self.here.column = 0;
        self.here.line += 1;
        Some((meaning, start..self.here.at))
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    pub(super) fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_break_or_end(0) {
                self.skip_run(b"");
            }
        }
    }

    /// What was read since a place.
    pub(super) fn since(&self, start: usize) -> &str {
        self.text.get(start..self.here.at).unwrap_or_default()
    }
}
