//! The configuration language: text in, a tree with a byte span on every node out.
//!
//! Rules: the HCL native syntax specification and its JSON syntax as Terraform 1.11 reads them
//! (`hclsyntax` and `json` of hashicorp/hcl), held against `terraform fmt` and `terraform console`.

mod body;
mod columns;
mod expression;
mod json;
mod lexer;
mod literal;
mod recovery;
mod template;
mod token;
pub mod tree;

#[cfg(test)]
mod tests;

pub use columns::{Line, columns};
pub use tree::{Attribute, Block, Body, Expression, Kind};

use crate::source::Span;
use lexer::Lexer;
use token::{Token, TokenKind};

/// How deep brackets, blocks, templates and conditionals may stand in one another.
pub const MAX_DEPTH: usize = 100;

/// How many errors of one file are told; what follows the last one is not read, and the last one says so.
pub const MAX_ERRORS: usize = 50;

/// Something that is not in the language; hides the block around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    /// Lower-case, without a final stop.
    pub message: String,
}

impl SyntaxError {
    fn new(span: Span, message: impl Into<String>) -> Self {
        SyntaxError { span, message: message.into() }
    }
}

/// Reads a file in native syntax. A block with an error is left out; everything else is in the body.
pub fn parse_native(text: &str) -> (Body, Vec<SyntaxError>) {
    recovery::file(text)
}

/// Reads a file in JSON syntax.
pub fn parse_json(text: &str) -> (Body, Vec<SyntaxError>) {
    json::file(text)
}

/// Reads a JSON file of values: every key is an argument, and strings stand as they are.
pub fn parse_json_values(text: &str) -> (Body, Vec<SyntaxError>) {
    json::values(text)
}

/// Reads a text that is one expression and nothing else, such as an address in a string of a JSON file.
/// Its spans count from the text's start.
pub fn parse_expression(text: &str) -> Result<Expression, SyntaxError> {
    let mut parser = Parser::new(Lexer::code(text, 0), false, 0);
    let expression = parser.expression()?;
    parser.expect(TokenKind::End, "the end of the expression")?;
    Ok(expression)
}

/// Reads a text that is one template, such as a template file. Its spans count from the text's start.
pub fn parse_template(text: &str) -> Result<tree::Template, SyntaxError> {
    let lexer = Lexer::template(text, lexer::Offsets { base: 0, jumps: &[] });
    Parser::new(lexer, false, 0).template(Span::new(0, 0), TokenKind::End, false)
}

type Parsed<T> = Result<T, SyntaxError>;

/// Reads tokens with one of them in advance.
struct Parser<'a> {
    lexer: Lexer<'a>,
    next: Option<Token<'a>>,
    /// Whether a line's end is a token here: so in bodies and object constructors, not inside `()`, `[]`, `${}`.
    newlines: bool,
    depth: usize,
    /// End of the last token taken.
    end: usize,
}

impl<'a> Parser<'a> {
    fn new(lexer: Lexer<'a>, newlines: bool, depth: usize) -> Self {
        Parser { lexer, next: None, newlines, depth, end: 0 }
    }

    fn peek(&mut self) -> Token<'a> {
        loop {
            let token = match self.next {
                Some(token) => token,
                None => self.lexer.token(),
            };
            if token.kind == TokenKind::Newline && !self.newlines {
                self.next = None;
                continue;
            }
            self.next = Some(token);
            return token;
        }
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.next = None;
        self.end = token.span.end;
        token
    }

    /// Takes the next token when it is of this kind.
    fn take_if(&mut self, kind: TokenKind) -> Option<Token<'a>> {
        (self.peek().kind == kind).then(|| self.take())
    }

    fn expect(&mut self, kind: TokenKind, wanted: &str) -> Parsed<Token<'a>> {
        let token = self.peek();
        if token.kind == kind { Ok(self.take()) } else { Err(token.unexpected(wanted)) }
    }

    /// Runs `read` one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            let at = self.peek().span;
            return Err(SyntaxError::new(at, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Runs `read` with line ends counted or not, as inside a pair of brackets.
    fn with_newlines<T>(&mut self, newlines: bool, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let before = std::mem::replace(&mut self.newlines, newlines);
        let read = read(self);
        self.newlines = before;
        read
    }
}
