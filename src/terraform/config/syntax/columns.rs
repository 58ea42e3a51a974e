//! The columns of a file: where on each line its equals sign and its trailing comment stand.
//!
//! Rules: `linesForFormat` of `hclwrite` (HCL v2), which `terraform fmt` goes by.

use super::lexer::Lexer;
use super::token::TokenKind;

/// A line with what may stand in columns; one with a heredoc goes as far as its marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub start: usize,
    /// The equals sign that is followed by a whole value.
    pub assign: Option<usize>,
    /// The comment after something else.
    pub comment: Option<usize>,
    /// The end of what stands before the comment.
    pub end: usize,
}

/// The lines of a file of the native syntax.
pub fn columns(text: &str) -> Vec<Line> {
    let mut lexer = Lexer::code(text, 0);
    let mut lines = Vec::new();
    let mut line = Open::at(0);
    loop {
        let token = lexer.token();
        let is_end = token.kind == TokenKind::End;
        if is_end || (token.kind == TokenKind::Newline && !line.in_heredoc) {
            lines.push(line.close(text, token.span.start));
            line = Open::at(token.span.end);
            if is_end {
                return lines;
            }
            continue;
        }
        line.add(token.kind, token.span.start, token.span.end);
    }
}

struct Open {
    start: usize,
    tokens: usize,
    assign: Option<usize>,
    /// Brackets that are open since the equals sign.
    open: i32,
    in_heredoc: bool,
    end: usize,
}

impl Open {
    fn at(start: usize) -> Self {
        Open { start, tokens: 0, assign: None, open: 0, in_heredoc: false, end: start }
    }

    fn add(&mut self, kind: TokenKind, start: usize, end: usize) {
        use TokenKind::*;
        if kind == Assign && self.tokens > 0 && self.assign.is_none() {
            self.assign = Some(start);
        }
        match kind {
            OpenHeredoc => self.in_heredoc = true,
            CloseHeredoc => self.in_heredoc = false,
            _ if self.assign.is_none() => {}
            OpenBrace | OpenBracket | OpenParen | OpenInterpolation | OpenDirective => self.open += 1,
            CloseBrace | CloseBracket | CloseParen | CloseSequence => self.open -= 1,
            _ => {}
        }
        self.tokens += 1;
        self.end = end;
    }

    fn close(&self, text: &str, end: usize) -> Line {
        let after = text.get(self.end..end).unwrap_or_default();
        let blanks = after.len() - after.trim_start().len();
        let is_comment = self.tokens > 0 && after.trim_start().starts_with(['#', '/']);
        Line {
            start: self.start,
            assign: self.assign.filter(|_| self.open == 0),
            comment: is_comment.then_some(self.end + blanks),
            end: self.end,
        }
    }
}
