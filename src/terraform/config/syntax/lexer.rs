//! Cuts text into tokens, on demand: strings, heredocs and the sequences inside them each have rules of their own.

use super::token::{Token, TokenKind};
use super::tree::BinaryOperator;
use crate::source::Span;

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// What is open, innermost last; empty is plain code.
    modes: Vec<Mode<'a>>,
    offsets: Offsets<'a>,
    /// No `*/` follows any more: not to be searched for again.
    unclosed_comment: bool,
}

enum Mode<'a> {
    /// Code between `${` or `%{` and its brace, with the count of braces open inside.
    Sequence {
        braces: usize,
    },
    Quoted,
    Heredoc {
        marker: &'a str,
        line_start: bool,
    },
    /// A template without marks around it, up to the end of the text.
    Bare,
}

/// Where a text's bytes stand in the file: it may be a string of a JSON file, with escapes decoded.
#[derive(Clone, Copy)]
pub(super) struct Offsets<'a> {
    /// Offset in the file of the text's first byte.
    pub(super) base: usize,
    /// `(in the text, in the file)` after each escape, ascending.
    pub(super) jumps: &'a [(usize, usize)],
}

impl Offsets<'_> {
    fn in_file(&self, at: usize) -> usize {
        match self.jumps.partition_point(|(text, _)| *text <= at).checked_sub(1).and_then(|last| self.jumps.get(last)) {
            Some((text, file)) => file + (at - text),
            None => self.base + at,
        }
    }
}

impl<'a> Lexer<'a> {
    /// Code from byte `at` of a file.
    pub(super) fn code(text: &'a str, at: usize) -> Self {
        Lexer { text, at, modes: Vec::new(), offsets: Offsets { base: 0, jumps: &[] }, unclosed_comment: false }
    }

    /// A template that is the whole text.
    pub(super) fn template(text: &'a str, offsets: Offsets<'a>) -> Self {
        Lexer { text, at: 0, modes: vec![Mode::Bare], offsets, unclosed_comment: false }
    }

    /// Whether what comes next is plain code, outside of strings and heredocs.
    pub(super) fn in_plain_code(&self) -> bool {
        self.modes.is_empty()
    }

    /// The next token; `End` for ever after the last.
    pub(super) fn token(&mut self) -> Token<'a> {
        match self.modes.last() {
            None | Some(Mode::Sequence { .. }) => self.code_token(),
            Some(Mode::Quoted) => self.quoted_token(),
            Some(Mode::Heredoc { marker, line_start }) => self.heredoc_token(marker, *line_start),
            Some(Mode::Bare) => self.bare_token(),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn emit(&mut self, kind: TokenKind, length: usize) -> Token<'a> {
        let start = self.at;
        self.at = (start + length).min(self.text.len());
        let span = Span::new(self.offsets.in_file(start), self.offsets.in_file(self.at));
        Token { kind, text: self.text.get(start..self.at).unwrap_or_default(), span }
    }

    fn code_token(&mut self) -> Token<'a> {
        use TokenKind::*;
        if let Some(newline) = self.skip_blanks() {
            return newline;
        }
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let Some(&first) = bytes.first() else { return self.emit(End, 0) };
        let second = bytes.get(1).copied().unwrap_or_default();
        let (kind, length) = match (first, second) {
            (b'\n', _) => (Newline, 1),
            (b'\r', b'\n') => (Newline, 2),
            (b'"', _) => {
                self.modes.push(Mode::Quoted);
                (OpenQuote, 1)
            }
            (b'{', _) => {
                if let Some(Mode::Sequence { braces }) = self.modes.last_mut() {
                    *braces += 1;
                }
                (OpenBrace, 1)
            }
            (b'}', _) => (self.close_brace(), 1),
            (b'~', b'}') => match self.modes.last() {
                Some(Mode::Sequence { braces: 0 }) => (self.close_brace(), 2),
                _ => (Invalid("`~}` ends a template sequence, and none is open here"), 2),
            },
            (b'<', b'<') => match heredoc_marker(rest) {
                Some((marker, length)) => {
                    self.modes.push(Mode::Heredoc { marker, line_start: true });
                    (OpenHeredoc, length)
                }
                None => (Invalid("`<<` must be followed by a heredoc's marker and the end of the line"), 2),
            },
            (b'.', b'.') if bytes.get(2) == Some(&b'.') => (Ellipsis, 3),
            (b'=', b'=') => (Operator(BinaryOperator::Equal), 2),
            (b'!', b'=') => (Operator(BinaryOperator::NotEqual), 2),
            (b'>', b'=') => (Operator(BinaryOperator::GreaterOrEqual), 2),
            (b'<', b'=') => (Operator(BinaryOperator::LessOrEqual), 2),
            (b'&', b'&') => (Operator(BinaryOperator::And), 2),
            (b'|', b'|') => (Operator(BinaryOperator::Or), 2),
            (b':', b':') => (DoubleColon, 2),
            (b'=', b'>') => (FatArrow, 2),
            (b'[', _) => (OpenBracket, 1),
            (b']', _) => (CloseBracket, 1),
            (b'(', _) => (OpenParen, 1),
            (b')', _) => (CloseParen, 1),
            (b'.', _) => (Dot, 1),
            (b',', _) => (Comma, 1),
            (b':', _) => (Colon, 1),
            (b'=', _) => (Assign, 1),
            (b'?', _) => (Question, 1),
            (b'!', _) => (Bang, 1),
            (b'-', _) => (Minus, 1),
            (b'*', _) => (Star, 1),
            (b'+', _) => (Operator(BinaryOperator::Add), 1),
            (b'/', b'*') => (Invalid("the comment is never closed"), 2),
            (b'/', _) => (Operator(BinaryOperator::Divide), 1),
            (b'%', _) => (Operator(BinaryOperator::Modulo), 1),
            (b'<', _) => (Operator(BinaryOperator::Less), 1),
            (b'>', _) => (Operator(BinaryOperator::Greater), 1),
            (b'0'..=b'9', _) => (Number, number_length(bytes)),
            _ => match ident_length(rest) {
                Some(length) => (Ident, length),
                None => (Invalid(not_in_the_language(first)), rest.chars().next().map_or(1, char::len_utf8)),
            },
        };
        self.emit(kind, length)
    }

    /// Skips spaces, comments and the byte order mark. A line comment goes as far as its line's end, which is a token.
    fn skip_blanks(&mut self) -> Option<Token<'a>> {
        if self.at == 0 && self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        loop {
            let rest = self.rest();
            let bytes = rest.as_bytes();
            match bytes {
                [b' ' | b'\t', ..] => self.at += bytes.iter().take_while(|b| matches!(b, b' ' | b'\t')).count(),
                [b'#', ..] | [b'/', b'/', ..] => match rest.find('\n') {
                    Some(end) => {
                        self.at += end;
                        return Some(self.emit(TokenKind::Newline, 1));
                    }
                    None => self.at = self.text.len(),
                },
                [b'/', b'*', ..] if !self.unclosed_comment => {
                    match rest.get(2..).and_then(|inside| inside.find("*/")) {
                        Some(length) => self.at += length + 4,
                        None => self.unclosed_comment = true,
                    }
                }
                _ => return None,
            }
        }
    }

    fn close_brace(&mut self) -> TokenKind {
        match self.modes.last_mut() {
            Some(Mode::Sequence { braces: 0 }) => {
                self.modes.pop();
                TokenKind::CloseSequence
            }
            Some(Mode::Sequence { braces }) => {
                *braces -= 1;
                TokenKind::CloseBrace
            }
            _ => TokenKind::CloseBrace,
        }
    }

    fn quoted_token(&mut self) -> Token<'a> {
        let bytes = self.rest().as_bytes();
        match bytes.first() {
            None => self.emit(TokenKind::End, 0),
            Some(b'"') => {
                self.modes.pop();
                self.emit(TokenKind::CloseQuote, 1)
            }
            // The string ends here, so that the rest of the file is not taken for its text.
            Some(b'\n' | b'\r') => {
                self.modes.pop();
                self.emit(TokenKind::Invalid("the string is not closed on its line"), 0)
            }
            Some(b'$' | b'%') => self.mark_token(),
            Some(_) => {
                let mut length = 0;
                while let Some(byte) = bytes.get(length) {
                    match byte {
                        b'$' | b'%' | b'"' | b'\n' | b'\r' => break,
                        b'\\' => match bytes.get(length + 1) {
                            None | Some(b'\n' | b'\r') => {
                                self.modes.pop();
                                return self
                                    .emit(TokenKind::Invalid("the string is not closed on its line"), length + 1);
                            }
                            Some(_) => length += 2,
                        },
                        _ => length += 1,
                    }
                }
                // A backslash before a character of several bytes: take all of it.
                while !self.text.is_char_boundary((self.at + length).min(self.text.len())) {
                    length += 1;
                }
                self.emit(TokenKind::Literal, length)
            }
        }
    }

    fn heredoc_token(&mut self, marker: &'a str, line_start: bool) -> Token<'a> {
        // Without a line's end after it the marker is text: so Terraform reads it, too.
        if line_start
            && let Some((line, _)) = self.rest().split_once('\n')
            && line.trim() == marker
        {
            self.modes.pop();
            return self.emit(TokenKind::CloseHeredoc, line.strip_suffix('\r').unwrap_or(line).len());
        }
        self.text_token(true)
    }

    fn bare_token(&mut self) -> Token<'a> {
        self.text_token(false)
    }

    /// Text up to a `$` or `%` or past the end of its line.
    fn text_token(&mut self, whole_line_ends: bool) -> Token<'a> {
        let bytes = self.rest().as_bytes();
        let mut length = 0;
        loop {
            match bytes.get(length) {
                None if length == 0 => return self.emit(TokenKind::End, 0),
                Some(b'$' | b'%') if length == 0 => return self.mark_token(),
                Some(b'\r') if whole_line_ends && bytes.get(length + 1) != Some(&b'\n') => {
                    return self.emit(TokenKind::Invalid(not_in_the_language(b'\r')), length + 1);
                }
                None | Some(b'$' | b'%') => {
                    self.set_line_start(false);
                    return self.emit(TokenKind::Literal, length);
                }
                Some(b'\n') => {
                    self.set_line_start(true);
                    return self.emit(TokenKind::Literal, length + 1);
                }
                Some(_) => length += 1,
            }
        }
    }

    /// At a `$` or `%`: the start of a sequence, its escape, or the character itself.
    fn mark_token(&mut self) -> Token<'a> {
        self.set_line_start(false);
        match self.rest().as_bytes() {
            [mark @ (b'$' | b'%'), b'{', after @ ..] => {
                self.modes.push(Mode::Sequence { braces: 0 });
                let kind = if *mark == b'$' { TokenKind::OpenInterpolation } else { TokenKind::OpenDirective };
                self.emit(kind, if after.first() == Some(&b'~') { 3 } else { 2 })
            }
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => self.emit(TokenKind::Literal, 3),
            _ => self.emit(TokenKind::Literal, 1),
        }
    }

    fn set_line_start(&mut self, now: bool) {
        if let Some(Mode::Heredoc { line_start, .. }) = self.modes.last_mut() {
            *line_start = now;
        }
    }
}

/// The marker of `<<X` or `<<-X`, and the length up to and with the line's end.
fn heredoc_marker(rest: &str) -> Option<(&str, usize)> {
    let after = rest.strip_prefix("<<")?;
    let name = after.strip_prefix('-').unwrap_or(after);
    let length = ident_length(name)?;
    let marker = name.get(..length)?;
    let tail = name.get(length..)?;
    let line_end = if tail.starts_with('\n') {
        1
    } else if tail.starts_with("\r\n") {
        2
    } else {
        return None;
    };
    Some((marker, rest.len() - tail.len() + line_end))
}

/// Length of the identifier at the start. Letters of Unicode 3.0 identifiers; marks that combine with the letter before
/// count where they are common in Latin, Greek and Cyrillic.
fn ident_length(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    let (_, first) = chars.next()?;
    if !(first.is_alphabetic() || first == '_') {
        return None;
    }
    let continues = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '-' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
    };
    Some(chars.find(|(_, c)| !continues(*c)).map_or(text.len(), |(at, _)| at))
}

/// Length of a number: digits, dots and exponents as long as the last is no dot. What it means is decided later.
fn number_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    let mut length = 0;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'.') => {
                at += 1;
                continue;
            }
            Some(b'e' | b'E') => {
                let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
                if !bytes.get(at + 1 + sign).is_some_and(u8::is_ascii_digit) {
                    return length;
                }
                at += 2 + sign;
            }
            _ => return length,
        }
        length = at;
    }
}

fn not_in_the_language(first: u8) -> &'static str {
    match first {
        b'\'' => "strings are enclosed in double quotes, not single ones",
        b'`' => "strings are enclosed in double quotes, not back-ticks",
        b';' => "arguments end with their line, not with `;`",
        b'&' | b'|' | b'^' | b'~' => "there are no operators on bits",
        b'\r' => "a carriage return must be followed by a line feed",
        _ => "this character is not in the language",
    }
}
