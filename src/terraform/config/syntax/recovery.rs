//! Reads a whole file: an error hides the block it stands in, and reading goes on after that block.

use super::lexer::Lexer;
use super::token::TokenKind;
use super::tree::Body;
use super::{MAX_ERRORS, Parser, SyntaxError};
use std::collections::HashSet;

/// The words that open a block at the top of a Terraform file, for finding the next one after an error.
const TOP_LEVEL: [&str; 14] = [
    "resource",
    "data",
    "ephemeral",
    "module",
    "provider",
    "variable",
    "locals",
    "output",
    "moved",
    "import",
    "removed",
    "terraform",
    "check",
    "action",
];

pub(super) fn file(text: &str) -> (Body, Vec<SyntaxError>) {
    let mut body = Body::default();
    let mut names = HashSet::new();
    let mut errors = Vec::new();
    let mut parser = Parser::new(Lexer::code(text, 0), true, 0);
    loop {
        let first = parser.peek();
        match first.kind {
            TokenKind::Newline => {
                parser.take();
            }
            TokenKind::End => return (body, errors),
            _ => {
                let Err(error) = parser.item().and_then(|item| body.add(item, &mut names)) else { continue };
                errors.push(error);
                if errors.len() == MAX_ERRORS {
                    errors.push(SyntaxError::new(first.span, "too many errors: the file is not read further"));
                    return (body, errors);
                }
                parser = Parser::new(Lexer::code(text, after(text, first.span.start)), true, 0);
            }
        }
    }
}

/// Where to go on after the broken item that starts at `start`: past its last bracket and line; when a bracket is never
/// closed, at the next block that starts in the first column.
fn after(text: &str, start: usize) -> usize {
    let mut lexer = Lexer::code(text, start);
    let mut open = Open::default();
    loop {
        let plain = lexer.in_plain_code();
        let token = lexer.token();
        let at = token.span.start;
        match token.kind {
            TokenKind::End => break,
            TokenKind::Newline if open.stack.is_empty() => return token.span.end,
            TokenKind::Ident if plain && at > start && is_header(text, at) => return at,
            kind => open.count(kind),
        }
    }
    // A string, heredoc or bracket swallowed the rest: go by what the lines look like.
    let line_ends = text.get(start..).unwrap_or_default().match_indices('\n');
    line_ends.map(|(end, _)| start + end + 1).find(|line| is_header(text, *line)).unwrap_or(text.len())
}

/// The brackets open, as far as they can be told from broken code.
#[derive(Default)]
struct Open {
    stack: Vec<Bracket>,
    /// How many of each are in the stack: so that a closing bracket that fits none is seen without a search.
    counts: [usize; 4],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Brace,
    Square,
    Round,
    Sequence,
}

impl Open {
    /// A closing bracket also closes the others that were opened inside of its own.
    fn count(&mut self, kind: TokenKind) {
        let (bracket, opens) = match kind {
            TokenKind::OpenBrace => (Bracket::Brace, true),
            TokenKind::CloseBrace => (Bracket::Brace, false),
            TokenKind::OpenBracket => (Bracket::Square, true),
            TokenKind::CloseBracket => (Bracket::Square, false),
            TokenKind::OpenParen => (Bracket::Round, true),
            TokenKind::CloseParen => (Bracket::Round, false),
            TokenKind::OpenInterpolation | TokenKind::OpenDirective => (Bracket::Sequence, true),
            TokenKind::CloseSequence => (Bracket::Sequence, false),
            _ => return,
        };
        if opens {
            self.stack.push(bracket);
            self.counts[bracket as usize] += 1;
        } else if self.counts[bracket as usize] > 0 {
            while let Some(closed) = self.stack.pop() {
                self.counts[closed as usize] -= 1;
                if closed == bracket {
                    break;
                }
            }
        }
    }
}

/// Whether a line starts at `at` with the header of a top-level block.
fn is_header(text: &str, at: usize) -> bool {
    if at > 0 && text.as_bytes().get(at - 1) != Some(&b'\n') {
        return false;
    }
    let line = text.get(at..).unwrap_or_default();
    TOP_LEVEL.iter().any(|word| {
        line.strip_prefix(word).is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(['"', '{']))
    })
}
