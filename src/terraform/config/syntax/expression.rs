//! Expressions.

use super::token::{Token, TokenKind};
use super::tree::*;
use super::{Parsed, Parser, SyntaxError, literal};
use crate::source::Span;

impl<'a> Parser<'a> {
    /// Any expression: a conditional, or what binds tighter.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.nested(|parser| {
            let condition = parser.operations()?;
            if parser.take_if(TokenKind::Question).is_none() {
                return Ok(condition);
            }
            let when_true = parser.expression()?;
            parser.expect(TokenKind::Colon, "`:` and the value for when the condition does not hold")?;
            let when_false = parser.expression()?;
            Ok(Expression {
                span: condition.span.to(when_false.span),
                kind: Kind::Conditional {
                    condition: Box::new(condition),
                    when_true: Box::new(when_true),
                    when_false: Box::new(when_false),
                },
            })
        })
    }

    /// Operands joined by operators.
    fn operations(&mut self) -> Parsed<Expression> {
        // Each binds tighter than the one before it.
        let mut open: Vec<Chain> = Vec::new();
        let mut operand = self.operand()?;
        loop {
            let operator = self.peek().operator();
            let level = operator.map_or(0, |(_, level)| level);
            while let Some(chain) = open.pop_if(|chain| chain.level > level) {
                operand = chain.closed_by(operand);
            }
            let Some((operator, _)) = operator else { return Ok(operand) };
            self.take();
            match open.last_mut() {
                Some(chain) if chain.level == level => {
                    chain.rest.push((std::mem::replace(&mut chain.pending, operator), operand));
                }
                _ => open.push(Chain { level, first: operand, rest: Vec::new(), pending: operator }),
            }
            operand = self.operand()?;
        }
    }

    /// A term with its signs and with the steps into it.
    fn operand(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        let operator = match token.kind {
            TokenKind::Minus => UnaryOperator::Negate,
            TokenKind::Bang => UnaryOperator::Not,
            _ => {
                let term = self.term()?;
                return self.traversal(term);
            }
        };
        self.take();
        let operand = self.nested(Self::operand)?;
        let span = token.span.to(operand.span);
        Ok(Expression { span, kind: Kind::Unary { operator, operand: Box::new(operand) } })
    }

    fn term(&mut self) -> Parsed<Expression> {
        let token = self.peek();
        match token.kind {
            TokenKind::Number => {
                self.take();
                number(&token)
            }
            TokenKind::Ident => {
                self.take();
                if matches!(self.peek().kind, TokenKind::OpenParen | TokenKind::DoubleColon) {
                    return self.call(token);
                }
                let kind = match token.text {
                    "true" => Kind::Bool(true),
                    "false" => Kind::Bool(false),
                    "null" => Kind::Null,
                    name => Kind::Variable(name.to_owned()),
                };
                Ok(Expression { span: token.span, kind })
            }
            TokenKind::OpenQuote | TokenKind::OpenHeredoc => self.template_term(),
            TokenKind::OpenParen => {
                self.take();
                let inner = self.with_newlines(false, |parser| {
                    let inner = parser.expression()?;
                    parser.expect(TokenKind::CloseParen, "`)`")?;
                    Ok(inner)
                })?;
                Ok(Expression { span: self.since(token), kind: Kind::Parentheses(Box::new(inner)) })
            }
            TokenKind::OpenBracket => {
                self.take();
                let kind = self.with_newlines(false, Self::tuple)?;
                Ok(Expression { span: self.since(token), kind })
            }
            TokenKind::OpenBrace => {
                self.take();
                // Whether it is a `for` is seen past any line ends.
                let is_for = self.with_newlines(false, |parser| Ok(parser.peek().is_word("for")))?;
                let kind = self.with_newlines(!is_for, |parser| match is_for {
                    true => parser.for_expression(TokenKind::CloseBrace),
                    false => parser.object(),
                })?;
                Ok(Expression { span: self.since(token), kind })
            }
            _ => Err(token.unexpected("an expression")),
        }
    }

    /// From a token to the end of the last one taken.
    fn since(&self, start: Token<'_>) -> Span {
        Span::new(start.span.start, self.end)
    }

    /// The steps after a term, as far as they go.
    fn traversal(&mut self, root: Expression) -> Parsed<Expression> {
        let mut steps = Vec::new();
        // `.*` takes names and numbers only: another `.*` among them is refused.
        let mut in_attribute_splat = false;
        loop {
            let start = self.peek();
            let step = match start.kind {
                TokenKind::Dot => {
                    self.take();
                    let step = self.dot_step(in_attribute_splat)?;
                    in_attribute_splat |= step == TraverseStep::AttributeSplat;
                    step
                }
                TokenKind::OpenBracket => {
                    self.take();
                    in_attribute_splat = false;
                    self.bracket_step()?
                }
                _ => break,
            };
            steps.push(Traverse { span: self.since(start), step });
        }
        let Some(last) = steps.last() else { return Ok(root) };
        let span = root.span.to(last.span);
        Ok(Expression { span, kind: Kind::Traversal { root: Box::new(root), steps } })
    }

    fn dot_step(&mut self, in_attribute_splat: bool) -> Parsed<TraverseStep> {
        let token = self.peek();
        match token.kind {
            TokenKind::Ident => {
                self.take();
                Ok(TraverseStep::Attribute(token.text.to_owned()))
            }
            TokenKind::Number if token.text.contains('.') => {
                Err(SyntaxError::new(token.span, "write two indexes as `[0][1]`, not as `.0.1`"))
            }
            TokenKind::Number => {
                self.take();
                number(&token)?;
                Ok(TraverseStep::LegacyIndex(token.text.to_owned()))
            }
            TokenKind::Star if in_attribute_splat => {
                Err(SyntaxError::new(token.span, "a splat cannot stand in another `.*`; use `[*]`"))
            }
            TokenKind::Star => {
                self.take();
                Ok(TraverseStep::AttributeSplat)
            }
            _ => Err(token.unexpected("a name after the dot")),
        }
    }

    fn bracket_step(&mut self) -> Parsed<TraverseStep> {
        if self.take_if(TokenKind::Star).is_some() {
            self.expect(TokenKind::CloseBracket, "`]` right after the star")?;
            return Ok(TraverseStep::Splat);
        }
        self.with_newlines(false, |parser| {
            let key = parser.expression()?;
            parser.expect(TokenKind::CloseBracket, "`]`")?;
            Ok(TraverseStep::Index(key))
        })
    }

    /// A function call after the first word of the function's name.
    fn call(&mut self, first: Token<'a>) -> Parsed<Expression> {
        let mut name = named(first);
        while self.take_if(TokenKind::DoubleColon).is_some() {
            let part = self.expect(TokenKind::Ident, "a function's name after `::`")?;
            name.text.push_str("::");
            name.text.push_str(part.text);
            name.span = name.span.to(part.span);
        }
        self.expect(TokenKind::OpenParen, "`(` after the function's name")?;
        let (arguments, expand_last) = self.with_newlines(false, Self::arguments)?;
        Ok(Expression { span: self.since(first), kind: Kind::Call(Call { name, arguments, expand_last }) })
    }

    fn arguments(&mut self) -> Parsed<(Vec<Expression>, bool)> {
        let mut arguments = Vec::new();
        loop {
            if self.take_if(TokenKind::CloseParen).is_some() {
                return Ok((arguments, false));
            }
            arguments.push(self.expression()?);
            let token = self.peek();
            match token.kind {
                TokenKind::CloseParen => {}
                TokenKind::Comma => {
                    self.take();
                }
                TokenKind::Ellipsis => {
                    self.take();
                    self.expect(TokenKind::CloseParen, "`)` right after `...`")?;
                    return Ok((arguments, true));
                }
                _ => return Err(token.unexpected("`,` or `)`")),
            }
        }
    }

    fn tuple(&mut self) -> Parsed<Kind> {
        if self.peek().is_word("for") {
            return self.for_expression(TokenKind::CloseBracket);
        }
        let mut elements = Vec::new();
        loop {
            if self.take_if(TokenKind::CloseBracket).is_some() {
                return Ok(Kind::Tuple(elements));
            }
            elements.push(self.expression()?);
            let token = self.peek();
            match token.kind {
                TokenKind::CloseBracket => {}
                TokenKind::Comma => {
                    self.take();
                }
                _ => return Err(token.unexpected("`,` or `]`")),
            }
        }
    }

    fn object(&mut self) -> Parsed<Kind> {
        let mut items = Vec::new();
        loop {
            while self.take_if(TokenKind::Newline).is_some() {}
            if self.take_if(TokenKind::CloseBrace).is_some() {
                return Ok(Kind::Object(items));
            }
            items.push(self.object_item()?);
            let token = self.peek();
            match token.kind {
                TokenKind::CloseBrace => {}
                TokenKind::Comma | TokenKind::Newline => {
                    self.take();
                }
                _ => return Err(token.unexpected("`,`, the end of the line or `}`")),
            }
        }
    }

    fn object_item(&mut self) -> Parsed<ObjectItem> {
        let first = self.peek();
        let expression = self.expression()?;
        let is_word = matches!(expression.kind, Kind::Variable(_) | Kind::Bool(_) | Kind::Null);
        let key = if is_word { ObjectKey::Name(named(first)) } else { ObjectKey::Expression(expression) };
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Assign | TokenKind::Colon) {
            return Err(token.unexpected("`=` and the value"));
        }
        self.take();
        let value = self.expression()?;
        Ok(ObjectItem { span: key.span().to(value.span), key, value })
    }

    /// From the word `for` to the closing bracket.
    fn for_expression(&mut self, close: TokenKind) -> Parsed<Kind> {
        self.take();
        let (key_variable, value_variable, collection) = self.for_intro()?;
        self.expect(TokenKind::Colon, "`:` after the collection")?;
        let mut value = self.expression()?;
        let mut key = None;
        if self.take_if(TokenKind::FatArrow).is_some() {
            key = Some(std::mem::replace(&mut value, self.expression()?));
        }
        let ellipsis = self.take_if(TokenKind::Ellipsis);
        let condition = if self.peek().is_word("if") {
            self.take();
            Some(self.expression()?)
        } else {
            None
        };
        let makes_object = close == TokenKind::CloseBrace;
        self.expect(close, if makes_object { "`}` at the end of the `for`" } else { "`]` at the end of the `for`" })?;
        match (makes_object, &key, ellipsis) {
            (true, None, _) => Err(SyntaxError::new(value.span, "a `for` in `{}` needs `key => value`")),
            (false, Some(key), _) => Err(SyntaxError::new(key.span, "a `for` in `[]` takes no key")),
            (false, None, Some(dots)) => Err(SyntaxError::new(dots.span, "a `for` in `[]` takes no `...`")),
            _ => Ok(Kind::For(Box::new(For {
                key_variable,
                value_variable,
                collection,
                key,
                value,
                group: ellipsis.is_some(),
                condition,
            }))),
        }
    }

    /// `k, v in collection`, of a `for` expression or directive.
    pub(super) fn for_intro(&mut self) -> Parsed<(Option<Ident>, Ident, Expression)> {
        let first = named(self.expect(TokenKind::Ident, "a variable's name after `for`")?);
        let (key, value) = if self.take_if(TokenKind::Comma).is_some() {
            (Some(first), named(self.expect(TokenKind::Ident, "a variable's name after the comma")?))
        } else {
            (None, first)
        };
        let word = self.peek();
        if !word.is_word("in") {
            return Err(word.unexpected("`in`"));
        }
        self.take();
        Ok((key, value, self.expression()?))
    }
}

/// Operators of one precedence, the operand after the last of them still missing.
struct Chain {
    level: u8,
    first: Expression,
    rest: Vec<(BinaryOperator, Expression)>,
    pending: BinaryOperator,
}

impl Chain {
    fn closed_by(mut self, last: Expression) -> Expression {
        let span = self.first.span.to(last.span);
        self.rest.push((self.pending, last));
        Expression { span, kind: Kind::Operation { first: Box::new(self.first), rest: self.rest } }
    }
}

/// A word as a name, whatever it means elsewhere.
pub(super) fn named(token: Token<'_>) -> Ident {
    Ident { text: token.text.to_owned(), span: token.span }
}

fn number(token: &Token<'_>) -> Parsed<Expression> {
    if literal::is_number(token.text) {
        Ok(Expression { span: token.span, kind: Kind::Number(token.text.to_owned()) })
    } else {
        Err(SyntaxError::new(token.span, format!("`{}` is no number", token.text)))
    }
}
