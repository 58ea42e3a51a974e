//! YAML, cut into tokens: indentation becomes brackets, and a key is known as such before it is read.
//!
//! Rules: the grammar of YAML 1.1 as `libyaml` reads it, in the version that `go-cty-yaml` holds.

use super::super::tree::{Problem, Text};
use super::cursor::Cursor;
use std::collections::VecDeque;
use std::ops::Range;

/// How long a key may be that is not marked by `?`, in characters.
const MAX_SIMPLE_KEY: usize = 1024;

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone)]
pub(super) enum TokenKind {
    StreamEnd,
    /// `%YAML` with its two numbers.
    Version(u8, u8),
    /// `%TAG` with a handle and what it stands for.
    TagDirective(String, String),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    FlowEntry,
    BlockEntry,
    Key,
    Value,
    Alias(String),
    Anchor(String),
    /// Handle and suffix.
    Tag(String, String),
    Scalar(Text, Style),
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

/// Where a key may have begun that is known as one by the `:` behind it.
#[derive(Debug, Clone)]
struct SimpleKey {
    /// Nothing else may stand there.
    required: bool,
    /// Number of the token that it begins with.
    token: usize,
    start: Cursor,
}

/// The tokens of a text, read as they are wanted.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) here: Cursor,
    tokens: VecDeque<Token>,
    /// How many tokens were taken.
    taken: usize,
    ready: bool,
    pub(super) simple_key_allowed: bool,
    /// One for every level of flow collections, and one below them.
    simple_keys: Vec<Option<SimpleKey>>,
    /// Column of the innermost block collection; -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Scanner {
            text,
            here: Cursor { at, ..Cursor::default() },
            tokens: VecDeque::new(),
            taken: 0,
            ready: false,
            simple_key_allowed: true,
            simple_keys: vec![None],
            indent: -1,
            indents: Vec::new(),
        }
    }

    /// The next token.
    pub(super) fn peek(&mut self) -> Result<&Token, Problem> {
        if !self.ready {
            while self.wants_more()? {
                self.fetch()?;
            }
            self.ready = true;
        }
        self.tokens.front().ok_or(Problem::new(self.here.at, "the YAML text ends too early"))
    }

    /// Takes the token that was looked at.
    pub(super) fn take(&mut self) -> Option<Token> {
        self.ready = false;
        self.taken += 1;
        self.tokens.pop_front()
    }

    fn wants_more(&mut self) -> Result<bool, Problem> {
        if self.tokens.is_empty() {
            return Ok(true);
        }
        self.drop_stale_keys()?;
        Ok(self.simple_keys.iter().flatten().any(|key| key.token == self.taken))
    }

    pub(super) fn in_flow(&self) -> bool {
        self.simple_keys.len() > 1
    }

    pub(super) fn problem<T>(&self, message: &'static str) -> Result<T, Problem> {
        Err(Problem::new(self.here.at, message))
    }

    fn push(&mut self, kind: TokenKind, range: Range<usize>) {
        self.tokens.push_back(Token { kind, range });
    }

    fn drop_stale_keys(&mut self) -> Result<(), Problem> {
        let here = &self.here;
        for key in &mut self.simple_keys {
            let Some(found) = key else { continue };
            if found.start.line < here.line || found.start.index + MAX_SIMPLE_KEY < here.index {
                if found.required {
                    return Err(Problem::new(found.start.at, "a key without `:` behind it"));
                }
                *key = None;
            }
        }
        Ok(())
    }

    /// Notes that a key may begin here.
    fn save_key(&mut self) -> Result<(), Problem> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        self.forget_key()?;
        let required = !self.in_flow() && self.indent == self.here.column;
        let key = SimpleKey { required, token: self.taken + self.tokens.len(), start: self.here };
        if let Some(last) = self.simple_keys.last_mut() {
            *last = Some(key);
        }
        Ok(())
    }

    fn forget_key(&mut self) -> Result<(), Problem> {
        match self.simple_keys.last_mut().and_then(Option::take) {
            Some(key) if key.required => Err(Problem::new(key.start.at, "a key without `:` behind it")),
            _ => Ok(()),
        }
    }

    /// Opens a block collection at a column, when that is further in; before the token of this number, or at the end.
    fn indent_to(&mut self, column: isize, before: Option<usize>, kind: TokenKind, at: usize) {
        if self.in_flow() || self.indent >= column {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column;
        let index = before.map_or(self.tokens.len(), |token| token - self.taken);
        self.tokens.insert(index, Token { kind, range: at..at });
    }

    /// Closes block collections that are further in than a column.
    fn unindent_to(&mut self, column: isize) {
        while !self.in_flow() && self.indent > column {
            self.push(TokenKind::BlockEnd, self.here.at..self.here.at);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch(&mut self) -> Result<(), Problem> {
        self.skip_to_token();
        self.drop_stale_keys()?;
        self.unindent_to(self.here.column);
        let (first, second) = (self.byte(0), self.byte(1));
        if first == 0 {
            return self.stream_end();
        }
        if self.here.column == 0 {
            if first == b'%' {
                self.leave_blocks()?;
                let start = self.here.at;
                let kind = self.directive()?;
                self.push(kind, start..self.here.at);
                return Ok(());
            }
            if self.at_document_indicator() {
                self.leave_blocks()?;
                let kind = if first == b'-' { TokenKind::DocumentStart } else { TokenKind::DocumentEnd };
                self.indicator(kind, 3);
                return Ok(());
            }
        }
        let flow = self.in_flow();
        match first {
            b'[' => self.flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.flow_start(TokenKind::FlowMappingStart),
            b']' => self.flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.flow_end(TokenKind::FlowMappingEnd),
            b',' => {
                self.forget_key()?;
                self.simple_key_allowed = true;
                self.indicator(TokenKind::FlowEntry, 1);
                Ok(())
            }
            b'-' if self.is_blank_or_end(1) => self.block_entry(),
            b'?' if flow || self.is_blank_or_end(1) => self.key(),
            b':' if flow || self.is_blank_or_end(1) => self.value(),
            b'*' => self.property(|scanner| scanner.anchor().map(TokenKind::Alias)),
            b'&' => self.property(|scanner| scanner.anchor().map(TokenKind::Anchor)),
            b'!' => self.property(Self::tag),
            b'|' | b'>' if !flow => {
                self.forget_key()?;
                self.simple_key_allowed = true;
                let (text, range) = self.block_scalar(first == b'|')?;
                self.push(TokenKind::Scalar(text, Style::Block), range);
                Ok(())
            }
            b'\'' | b'"' => self
                .property(|scanner| scanner.quoted(first == b'\'').map(|text| TokenKind::Scalar(text, Style::Quoted))),
            b'-' if !matches!(second, b' ' | b'\t') => self.plain_token(),
            b'?' | b':' if !flow && !self.is_blank_or_end(1) => self.plain_token(),
            b'-' | b'?' | b':' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => {
                self.problem("no value, key or mark begins with this character")
            }
            _ => self.plain_token(),
        }
    }

    fn stream_end(&mut self) -> Result<(), Problem> {
        // What ends here is over, as if a line began.
        if self.here.column != 0 {
            self.here.column = 0;
            self.here.line += 1;
        }
        self.leave_blocks()?;
        self.push(TokenKind::StreamEnd, self.here.at..self.here.at);
        Ok(())
    }

    fn leave_blocks(&mut self) -> Result<(), Problem> {
        self.unindent_to(-1);
        self.forget_key()?;
        self.simple_key_allowed = false;
        Ok(())
    }

    fn indicator(&mut self, kind: TokenKind, length: usize) {
        let start = self.here.at;
        (0..length).for_each(|_| self.skip());
        self.push(kind, start..self.here.at);
    }

    fn flow_start(&mut self, kind: TokenKind) -> Result<(), Problem> {
        self.save_key()?;
        self.simple_keys.push(None);
        self.simple_key_allowed = true;
        self.indicator(kind, 1);
        Ok(())
    }

    fn flow_end(&mut self, kind: TokenKind) -> Result<(), Problem> {
        self.forget_key()?;
        if self.in_flow() {
            self.simple_keys.pop();
        }
        self.simple_key_allowed = false;
        self.indicator(kind, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<(), Problem> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.problem("`-` cannot stand here");
            }
            self.indent_to(self.here.column, None, TokenKind::BlockSequenceStart, self.here.at);
        }
        self.forget_key()?;
        self.simple_key_allowed = true;
        self.indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<(), Problem> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.problem("a key cannot stand here");
            }
            self.indent_to(self.here.column, None, TokenKind::BlockMappingStart, self.here.at);
        }
        self.forget_key()?;
        self.simple_key_allowed = !self.in_flow();
        self.indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn value(&mut self) -> Result<(), Problem> {
        match self.simple_keys.last_mut().and_then(Option::take) {
            Some(key) => {
                let at = key.start.at;
                self.tokens.insert(key.token - self.taken, Token { kind: TokenKind::Key, range: at..at });
                self.indent_to(key.start.column, Some(key.token), TokenKind::BlockMappingStart, at);
                self.simple_key_allowed = false;
            }
            None => {
                if !self.in_flow() {
                    if !self.simple_key_allowed {
                        return self.problem("`:` cannot stand here");
                    }
                    self.indent_to(self.here.column, None, TokenKind::BlockMappingStart, self.here.at);
                }
                self.simple_key_allowed = !self.in_flow();
            }
        }
        self.indicator(TokenKind::Value, 1);
        Ok(())
    }

    /// What may begin a key, and no key may follow.
    fn property(&mut self, scan: impl FnOnce(&mut Self) -> Result<TokenKind, Problem>) -> Result<(), Problem> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.here.at;
        let kind = scan(self)?;
        self.push(kind, start..self.here.at);
        Ok(())
    }

    fn plain_token(&mut self) -> Result<(), Problem> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let (text, range) = self.plain()?;
        self.push(TokenKind::Scalar(text, Style::Plain), range);
        Ok(())
    }

    /// Past blanks, comments and line breaks. A tab is no indentation.
    fn skip_to_token(&mut self) {
        loop {
            while self.byte(0) == b' ' || (self.byte(0) == b'\t' && (self.in_flow() || !self.simple_key_allowed)) {
                self.skip();
            }
            self.skip_comment();
            if self.line_break(0) == 0 {
                return;
            }
            self.skip_line();
            if !self.in_flow() {
                self.simple_key_allowed = true;
            }
        }
    }
}
