//! Templates: the inside of quoted strings, heredocs and strings of JSON files.

use super::token::{Token, TokenKind};
use super::tree::*;
use super::{Parsed, Parser, SyntaxError, literal};
use crate::source::Span;
use unicode_segmentation::UnicodeSegmentation;

/// One token of a template, before directives are matched with their ends.
enum Piece {
    Literal { text: String, span: Span },
    Interpolation { value: Expression, span: Span },
    If { condition: Expression, span: Span },
    Else(Span),
    EndIf(Span),
    For { key: Option<Ident>, value: Ident, collection: Expression, span: Span },
    EndFor(Span),
}

impl Parser<'_> {
    /// A quoted string or a heredoc, at its opening token.
    pub(super) fn template_term(&mut self) -> Parsed<Expression> {
        let open = self.take();
        let (close, flush) = match open.kind {
            TokenKind::OpenHeredoc => (TokenKind::CloseHeredoc, open.text.starts_with("<<-")),
            _ => (TokenKind::CloseQuote, false),
        };
        let template = self.template(open.span, close, flush)?;
        let span = Span::new(open.span.start, self.end);
        Ok(Expression { span, kind: Kind::Template(template) })
    }

    /// A template up to its end.
    pub(super) fn template(&mut self, open: Span, close: TokenKind, flush: bool) -> Parsed<Template> {
        let mut pieces = self.pieces(open, close)?;
        if flush {
            dedent(&mut pieces);
        }
        let mut pieces = pieces.into_iter();
        let (parts, end) = self.matched(&mut pieces)?;
        if let Some(end) = end {
            return Err(end.without_start());
        }
        if parts.is_empty() {
            let nothing = Span::new(open.end, open.end);
            return Ok(Template { parts: vec![Part::Literal { text: String::new(), span: nothing }] });
        }
        Ok(Template { parts })
    }

    fn pieces(&mut self, open: Span, close: TokenKind) -> Parsed<Vec<Piece>> {
        let mut pieces = Vec::new();
        // `~` trims the literal token beside it and no further: so Terraform does.
        let mut trim_next = false;
        loop {
            let token = self.take();
            match token.kind {
                TokenKind::Literal => {
                    let mut text = literal::text(&token, close == TokenKind::CloseQuote)?;
                    let mut span = token.span;
                    if trim_next {
                        let trimmed = text.len() - text.trim_start().len();
                        // With escapes in it the text is no measure of the source.
                        span.start += if text.len() == token.text.len() { trimmed } else { 0 };
                        text.drain(..trimmed);
                    }
                    trim_next = false;
                    pieces.push(Piece::Literal { text, span });
                }
                TokenKind::OpenInterpolation | TokenKind::OpenDirective => {
                    if token.trims()
                        && let Some(Piece::Literal { text, span }) = pieces.last_mut()
                    {
                        let trimmed = text.len() - text.trim_end().len();
                        span.end -= if text.len() == span.end - span.start { trimmed } else { 0 };
                        text.truncate(text.len() - trimmed);
                    }
                    let (piece, trims) =
                        self.nested(|parser| parser.with_newlines(false, |parser| parser.sequence(token)))?;
                    trim_next = trims;
                    pieces.push(piece);
                }
                kind if kind == close => return Ok(pieces),
                TokenKind::End => {
                    return Err(SyntaxError::new(open, "the string is not closed before the end of the file"));
                }
                _ => return Err(token.unexpected("the end of the string")),
            }
        }
    }

    /// `${…}` or `%{…}`, and whether it trims what follows.
    fn sequence(&mut self, open: Token<'_>) -> Parsed<(Piece, bool)> {
        if open.kind == TokenKind::OpenInterpolation {
            let value = self.expression()?;
            let close = self.expect(TokenKind::CloseSequence, "`}` at the end of the interpolation")?;
            return Ok((Piece::Interpolation { value, span: open.span.to(close.span) }, close.trims()));
        }
        let word = self.expect(TokenKind::Ident, "`if`, `else`, `endif`, `for` or `endfor`")?;
        let mut piece = match word.text {
            "if" => Piece::If { condition: self.expression()?, span: open.span },
            "else" => Piece::Else(open.span),
            "endif" => Piece::EndIf(open.span),
            "for" => {
                let (key, value, collection) = self.for_intro()?;
                Piece::For { key, value, collection, span: open.span }
            }
            "endfor" => Piece::EndFor(open.span),
            _ => return Err(word.unexpected("`if`, `else`, `endif`, `for` or `endfor`")),
        };
        let close = self.expect(TokenKind::CloseSequence, "`}` at the end of the directive")?;
        match &mut piece {
            Piece::If { span, .. }
            | Piece::For { span, .. }
            | Piece::Else(span)
            | Piece::EndIf(span)
            | Piece::EndFor(span)
            | Piece::Literal { span, .. }
            | Piece::Interpolation { span, .. } => *span = span.to(close.span),
        }
        Ok((piece, close.trims()))
    }

    /// Parts up to a directive that ends or splits the one around them, which is given back.
    fn matched(&mut self, pieces: &mut std::vec::IntoIter<Piece>) -> Parsed<(Vec<Part>, Option<Ending>)> {
        self.nested(|parser| {
            let mut parts = Vec::new();
            while let Some(piece) = pieces.next() {
                parts.push(match piece {
                    Piece::Literal { text, span } => Part::Literal { text, span },
                    Piece::Interpolation { value, span } => Part::Interpolation { value, span },
                    Piece::If { condition, span } => parser.matched_if(pieces, condition, span)?,
                    Piece::For { key, value, collection, span } => {
                        let (body, end) = parser.matched(pieces)?;
                        let span = match end {
                            Some(Ending::For(end)) => span.to(end),
                            Some(other) => return Err(other.without_start()),
                            None => return Err(SyntaxError::new(span, "`for` has no `endfor`")),
                        };
                        Part::For { key_variable: key, value_variable: value, collection, body, span }
                    }
                    Piece::Else(span) => return Ok((parts, Some(Ending::Else(span)))),
                    Piece::EndIf(span) => return Ok((parts, Some(Ending::If(span)))),
                    Piece::EndFor(span) => return Ok((parts, Some(Ending::For(span)))),
                });
            }
            Ok((parts, None))
        })
    }

    fn matched_if(
        &mut self,
        pieces: &mut std::vec::IntoIter<Piece>,
        condition: Expression,
        span: Span,
    ) -> Parsed<Part> {
        let (when_true, mut end) = self.matched(pieces)?;
        let mut when_false = Vec::new();
        if matches!(end, Some(Ending::Else(_))) {
            (when_false, end) = self.matched(pieces)?;
        }
        match end {
            Some(Ending::If(end)) => Ok(Part::If { condition, when_true, when_false, span: span.to(end) }),
            Some(other) => Err(other.without_start()),
            None => Err(SyntaxError::new(span, "`if` has no `endif`")),
        }
    }
}

/// A directive that ends or splits another.
enum Ending {
    Else(Span),
    If(Span),
    For(Span),
}

impl Ending {
    fn without_start(&self) -> SyntaxError {
        match self {
            Ending::Else(span) => SyntaxError::new(*span, "`else` belongs to no `if` here"),
            Ending::If(span) => SyntaxError::new(*span, "`endif` ends no `if` here"),
            Ending::For(span) => SyntaxError::new(*span, "`endfor` ends no `for` here"),
        }
    }
}

/// Takes the least indentation of all lines away from each (`<<-`). It is counted over what stands at the start of a
/// line after `~` has trimmed; a line of only spaces does not count and is left as it is.
fn dedent(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut indented = Vec::new();
    let mut at_line_start = true;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Literal { text, .. } = piece else {
            if std::mem::take(&mut at_line_start) {
                least = 0;
            }
            continue;
        };
        if at_line_start {
            let spaces = &text[..text.len() - text.trim_start().len()];
            let is_blank = spaces.len() == text.len() && text.ends_with('\n');
            if !is_blank {
                least = least.min(spaces.graphemes(true).count());
                indented.push(index);
            }
        }
        at_line_start = text.ends_with('\n');
    }
    for index in indented {
        if let Some(Piece::Literal { text, span }) = pieces.get_mut(index) {
            let bytes: usize = text.graphemes(true).take(least).map(str::len).sum();
            text.drain(..bytes);
            span.start = (span.start + bytes).min(span.end);
        }
    }
}
