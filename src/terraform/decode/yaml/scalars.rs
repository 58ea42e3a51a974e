//! Scalars of YAML: plain, quoted and in blocks, with the place of every piece of their text.

use super::super::tree::{Decoding, Problem, Text};
use super::cursor::Break;
use super::scan::Scanner;
use std::ops::Range;

/// Blanks and line breaks between words, until it is known what they mean.
#[derive(Default)]
struct Gap {
    blanks: Range<usize>,
    /// A line has ended.
    broken: bool,
    first: Option<Break>,
    more: Vec<Break>,
}

impl Gap {
    /// One line break is a space, further ones stay; so does a line separator.
    fn fold_into(&mut self, decoding: &mut Decoding, text: &str) {
        match self.first.take() {
            Some(("\n", at)) if self.more.is_empty() => decoding.push(" ", at),
            Some(("\n", _)) => {}
            Some((other, at)) => decoding.push(other, at),
            None if !self.broken => decoding.verbatim(&text[self.blanks.clone()], self.blanks.start),
            None => {}
        }
        for (meaning, at) in self.more.drain(..) {
            decoding.push(meaning, at);
        }
        self.blanks = 0..0;
        self.broken = false;
    }
}

impl Scanner<'_> {
    /// Over blanks and line breaks; `tabs_from` is the first column where a tab may stand at the beginning of a line.
    fn gap(&mut self, gap: &mut Gap, tabs_from: Option<isize>) -> Result<(), Problem> {
        loop {
            if self.is_blank(0) {
                let early = tabs_from.is_some_and(|column| self.here.column < column);
                if gap.broken && early && self.byte(0) == b'\t' {
                    return self.problem("a tab cannot indent");
                }
                let start = self.here.at;
                self.skip();
                if !gap.broken {
                    gap.blanks = if gap.blanks.is_empty() { start } else { gap.blanks.start }..self.here.at;
                }
            } else if let Some(found) = self.skip_line() {
                if gap.broken {
                    gap.more.push(found);
                } else {
                    gap.broken = true;
                    gap.blanks = 0..0;
                    gap.first = Some(found);
                }
            } else {
                return Ok(());
            }
        }
    }

    fn ends_plain(&self) -> bool {
        match self.byte(0) {
            b':' => self.is_blank_or_end(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.in_flow(),
            _ => false,
        }
    }

    pub(super) fn plain(&mut self) -> Result<(Text, Range<usize>), Problem> {
        let (start, indent) = (self.here.at, self.indent + 1);
        let (mut decoding, mut gap, mut end) = (Decoding::default(), Gap::default(), start);
        while !self.at_document_indicator() && self.byte(0) != b'#' {
            let word = self.here.at;
            while !self.is_blank_or_end(0) && !self.ends_plain() {
                self.skip_run(b":,?[]{}");
            }
            if self.here.at > word {
                gap.fold_into(&mut decoding, self.text);
                decoding.verbatim(self.since(word), word);
                end = self.here.at;
            }
            if !self.is_blank(0) && self.line_break(0) == 0 {
                break;
            }
            self.gap(&mut gap, Some(indent))?;
            if !self.in_flow() && self.here.column < indent {
                break;
            }
        }
        if gap.broken {
            self.simple_key_allowed = true;
        }
        Ok((decoding.finish(), start..end))
    }

    pub(super) fn quoted(&mut self, single: bool) -> Result<Text, Problem> {
        let quote = if single { b'\'' } else { b'"' };
        let mut decoding = Decoding::default();
        self.skip();
        loop {
            if self.at_document_indicator() {
                return self.problem("a document ends inside of quotes");
            }
            if self.byte(0) == 0 {
                return self.problem("the YAML text ends inside of quotes");
            }
            let mut gap = Gap::default();
            self.quoted_word(quote, &mut decoding, &mut gap)?;
            if self.byte(0) == quote {
                self.skip();
                return Ok(decoding.finish());
            }
            self.gap(&mut gap, None)?;
            gap.fold_into(&mut decoding, self.text);
        }
    }

    /// Up to a blank, a line break or the closing quote.
    fn quoted_word(&mut self, quote: u8, decoding: &mut Decoding, gap: &mut Gap) -> Result<(), Problem> {
        while !self.is_blank_or_end(0) {
            let start = self.here.at;
            match (quote, self.byte(0), self.byte(1)) {
                (b'\'', b'\'', b'\'') => {
                    self.skip();
                    self.skip();
                    decoding.push("'", start..self.here.at);
                }
                (quote, found, _) if quote == found => return Ok(()),
                (b'"', b'\\', _) if self.line_break(1) > 0 => {
                    self.skip();
                    self.skip_line();
                    gap.broken = true;
                    return Ok(());
                }
                (b'"', b'\\', _) => {
                    let decoded = self.escape()?;
                    decoding.push(decoded.encode_utf8(&mut [0; 4]), start..self.here.at);
                }
                _ => {
                    self.skip_run(b"'\"\\");
                    decoding.verbatim(self.since(start), start);
                }
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<char, Problem> {
        let (decoded, digits) = match self.byte(1) {
            b'0' => ('\0', 0),
            b'a' => ('\u{7}', 0),
            b'b' => ('\u{8}', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\u{b}', 0),
            b'f' => ('\u{c}', 0),
            b'r' => ('\r', 0),
            b'e' => ('\u{1b}', 0),
            same @ (b' ' | b'"' | b'\'' | b'\\') => (char::from(same), 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{a0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            _ => return self.problem("there is no such escape"),
        };
        let code = (0..digits).try_fold(0u32, |code, index| {
            let digit = char::from(self.byte(2 + index)).to_digit(16)?;
            Some(code << 4 | digit)
        });
        let Some(code) = code else { return self.problem("the escape lacks hexadecimal digits") };
        let decoded = if digits == 0 { Some(decoded) } else { char::from_u32(code) };
        let Some(decoded) = decoded else { return self.problem("the escape stands for no character") };
        (0..2 + digits).for_each(|_| self.skip());
        Ok(decoded)
    }

    /// The header of a block: whether its last line breaks are dropped (-1), one is kept (0) or all are (1), and the
    /// indentation that it says.
    fn block_header(&mut self) -> Result<(i8, isize), Problem> {
        let (mut chomping, mut increment) = (0, 0);
        self.skip();
        let sign = |byte| i8::from(byte == b'+') - i8::from(byte == b'-');
        if sign(self.byte(0)) != 0 {
            chomping = sign(self.byte(0));
            self.skip();
        }
        if self.byte(0).is_ascii_digit() {
            increment = isize::from(self.byte(0) - b'0');
            if increment == 0 {
                return self.problem("a block cannot be indented by 0");
            }
            self.skip();
            if chomping == 0 && sign(self.byte(0)) != 0 {
                chomping = sign(self.byte(0));
                self.skip();
            }
        }
        self.skip_blanks();
        self.skip_comment();
        if !self.is_break_or_end(0) {
            return self.problem("a block begins on the next line");
        }
        self.skip_line();
        Ok((chomping, increment))
    }

    /// A block. Its place goes from its mark to the end of its text.
    pub(super) fn block_scalar(&mut self, literal: bool) -> Result<(Text, Range<usize>), Problem> {
        let start = self.here.at;
        let (chomping, increment) = self.block_header()?;
        let mut end = self.text[start..self.here.at].trim_end().len() + start;
        let mut indent = if increment > 0 { self.indent.max(0) + increment } else { 0 };
        let (mut decoding, mut first, mut more) = (Decoding::default(), None::<Break>, Vec::new());
        self.block_breaks(&mut indent, &mut more)?;
        let mut indented_before = false;
        while self.here.column == indent && self.byte(0) != 0 {
            let indented = self.is_blank(0);
            let folds = !literal && !indented_before && !indented;
            match first.take() {
                Some(("\n", at)) if folds && more.is_empty() => decoding.push(" ", at),
                Some(("\n", _)) if folds => {}
                Some((meaning, at)) => decoding.push(meaning, at),
                None => {}
            }
            more.drain(..).for_each(|(meaning, at): Break| decoding.push(meaning, at));
            indented_before = indented;
            let line = self.here.at;
            while !self.is_break_or_end(0) {
                self.skip_run(b"");
            }
            decoding.verbatim(self.since(line), line);
            end = self.here.at;
            first = self.skip_line();
            self.block_breaks(&mut indent, &mut more)?;
        }
        if let (0 | 1, Some((meaning, at))) = (chomping, first) {
            decoding.push(meaning, at);
        }
        if chomping == 1 {
            more.drain(..).for_each(|(meaning, at)| decoding.push(meaning, at));
        }
        Ok((decoding.finish(), start..end))
    }

    /// Over indentation and empty lines; finds the indentation when it is 0.
    fn block_breaks(&mut self, indent: &mut isize, breaks: &mut Vec<Break>) -> Result<(), Problem> {
        let mut furthest = 0;
        loop {
            while (*indent == 0 || self.here.column < *indent) && self.byte(0) == b' ' {
                self.skip();
            }
            furthest = furthest.max(self.here.column);
            if (*indent == 0 || self.here.column < *indent) && self.byte(0) == b'\t' {
                return self.problem("a tab cannot indent");
            }
            let Some(found) = self.skip_line() else { break };
            breaks.push(found);
        }
        if *indent == 0 {
            *indent = furthest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}
