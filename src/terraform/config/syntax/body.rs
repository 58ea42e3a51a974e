//! Arguments and blocks.

use super::expression::named;
use super::token::TokenKind;
use super::tree::{Attribute, Block, Body, Ident};
use super::{Parsed, Parser, SyntaxError, literal};
use crate::source::Span;
use std::collections::HashSet;

/// One thing of a body.
pub(super) enum Item {
    Attribute(Attribute),
    Block(Block),
}

impl Parser<'_> {
    /// An argument or block, with the end of its line.
    pub(super) fn item(&mut self) -> Parsed<Item> {
        let name = self.item_name()?;
        match self.peek().kind {
            TokenKind::Assign => {
                let attribute = self.attribute(name)?;
                self.line_end("an argument")?;
                Ok(Item::Attribute(attribute))
            }
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Ident => {
                let block = self.nested(|parser| parser.block(name))?;
                self.line_end("a block")?;
                Ok(Item::Block(block))
            }
            _ => Err(self.peek().unexpected("`=` or a block after the name")),
        }
    }

    fn item_name(&mut self) -> Parsed<Ident> {
        let token = self.peek();
        match token.kind {
            TokenKind::Ident => {
                self.take();
                Ok(named(token))
            }
            TokenKind::OpenQuote => Err(SyntaxError::new(token.span, "names of arguments are not quoted")),
            _ => Err(token.unexpected("an argument or a block")),
        }
    }

    fn attribute(&mut self, name: Ident) -> Parsed<Attribute> {
        self.expect(TokenKind::Assign, "`=`")?;
        let value = self.expression()?;
        Ok(Attribute { span: name.span.to(value.span), name, value })
    }

    fn line_end(&mut self, after: &str) -> Parsed<()> {
        let token = self.peek();
        match token.kind {
            TokenKind::Newline => {
                self.take();
                Ok(())
            }
            TokenKind::End => Ok(()),
            _ => Err(token.unexpected(&format!("the end of the line after {after}"))),
        }
    }

    fn block(&mut self, kind: Ident) -> Parsed<Block> {
        let mut labels = Vec::new();
        let mut header = kind.span;
        let open = loop {
            let token = self.peek();
            let label = match token.kind {
                TokenKind::OpenBrace => break self.take(),
                TokenKind::OpenQuote => self.quoted_label()?,
                TokenKind::Ident => {
                    self.take();
                    named(token)
                }
                _ => return Err(token.unexpected("a label or `{`")),
            };
            header = header.to(label.span);
            labels.push(label);
        };
        let body = match self.peek().kind {
            TokenKind::Newline | TokenKind::CloseBrace => self.block_lines(open.span)?,
            TokenKind::End => return Err(unclosed(open.span)),
            _ => {
                // On one line there is one argument and nothing else.
                let name = self.item_name()?;
                let attribute = self.attribute(name)?;
                Body { attributes: vec![attribute], blocks: Vec::new() }
            }
        };
        let close = self.expect(TokenKind::CloseBrace, "`}` right after the only argument of a block on one line")?;
        Ok(Block { span: kind.span.to(close.span), kind, labels, body, header })
    }

    fn block_lines(&mut self, open: Span) -> Parsed<Body> {
        let mut body = Body::default();
        let mut names = HashSet::new();
        loop {
            match self.peek().kind {
                TokenKind::Newline => {
                    self.take();
                }
                TokenKind::CloseBrace => return Ok(body),
                TokenKind::End => return Err(unclosed(open)),
                _ => body.add(self.item()?, &mut names)?,
            }
        }
    }

    /// A quoted label: a string without templates.
    fn quoted_label(&mut self) -> Parsed<Ident> {
        let open = self.take();
        let mut text = String::new();
        loop {
            let token = self.take();
            match token.kind {
                TokenKind::Literal => text.push_str(&literal::text(&token, true)?),
                TokenKind::CloseQuote => return Ok(Ident { text, span: open.span.to(token.span) }),
                TokenKind::OpenInterpolation | TokenKind::OpenDirective => {
                    return Err(SyntaxError::new(token.span, "a label cannot hold template sequences"));
                }
                _ => return Err(token.unexpected("the end of the label")),
            }
        }
    }
}

impl Body {
    /// Adds an item; `names` are those of the arguments so far.
    pub(super) fn add(&mut self, item: Item, names: &mut HashSet<String>) -> Parsed<()> {
        match item {
            Item::Block(block) => self.blocks.push(block),
            Item::Attribute(attribute) => {
                if !names.insert(attribute.name.text.clone()) {
                    let message = format!("`{}` is set twice in this block", attribute.name.text);
                    return Err(SyntaxError::new(attribute.name.span, message));
                }
                self.attributes.push(attribute);
            }
        }
        Ok(())
    }
}

fn unclosed(open: Span) -> SyntaxError {
    SyntaxError::new(open, "the block is not closed before the end of the file")
}
