//! Tokens of the native syntax.

use super::SyntaxError;
use super::tree::BinaryOperator;
use crate::source::Span;

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Ident,
    Number,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    OpenQuote,
    CloseQuote,
    /// `<<X` and the end of its line.
    OpenHeredoc,
    /// The line with the marker, without its end.
    CloseHeredoc,
    /// Text of a template, not decoded.
    Literal,
    /// `${` or `${~`
    OpenInterpolation,
    /// `%{` or `%{~`
    OpenDirective,
    /// `}` or `~}` of either.
    CloseSequence,
    Newline,
    Dot,
    Comma,
    Colon,
    DoubleColon,
    Ellipsis,
    FatArrow,
    Assign,
    Question,
    Bang,
    Minus,
    Star,
    /// Any other binary operator.
    Operator(BinaryOperator),
    /// Not in the language; says what it is instead.
    Invalid(&'static str),
    End,
}

impl<'a> Token<'a> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Ident && self.text == word
    }

    /// Whether whitespace on the inner side of a template sequence's mark is to be trimmed.
    pub(super) fn trims(&self) -> bool {
        self.text.contains('~')
    }

    /// The binary operator it stands for, and how tightly that binds.
    pub(super) fn operator(&self) -> Option<(BinaryOperator, u8)> {
        use BinaryOperator::*;
        let operator = match self.kind {
            TokenKind::Minus => Subtract,
            TokenKind::Star => Multiply,
            TokenKind::Operator(operator) => operator,
            _ => return None,
        };
        let level = match operator {
            Or => 1,
            And => 2,
            Equal | NotEqual => 3,
            Less | LessOrEqual | Greater | GreaterOrEqual => 4,
            Add | Subtract => 5,
            Multiply | Divide | Modulo => 6,
        };
        Some((operator, level))
    }

    /// The error that this token stands where something else is wanted.
    pub(super) fn unexpected(&self, wanted: &str) -> SyntaxError {
        let message = match self.kind {
            TokenKind::Invalid(why) => why.to_owned(),
            TokenKind::End => format!("expected {wanted}, but the text ends"),
            TokenKind::Newline => format!("expected {wanted}, but the line ends"),
            TokenKind::Literal => format!("expected {wanted}"),
            _ => format!("expected {wanted}, found `{}`", self.text.trim_end()),
        };
        SyntaxError::new(self.span, message)
    }
}
