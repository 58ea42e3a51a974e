//! JSON syntax into the same tree. Which keys are blocks follows from Terraform's schema of its own constructs; what a
//! provider's schema would decide stays an argument whose value is an object or a tuple.
//!
//! Rules: "JSON Configuration Syntax" of Terraform; every string is a template, `//` is a comment.

use super::lexer::{Lexer, Offsets};
use super::token::TokenKind;
use super::tree::*;
use super::{MAX_DEPTH, Parsed, Parser, SyntaxError};
use crate::source::Span;
use jsonc_parser::ast::{Object, ObjectProp, StringLit, Value};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

pub(super) fn file(text: &str) -> (Body, Vec<SyntaxError>) {
    read(text, |reader, object, body| reader.top_level(object, body))
}

/// Values by their names, strings as they stand.
pub(super) fn values(text: &str) -> (Body, Vec<SyntaxError>) {
    read(text, |reader, object, body| reader.values(object, body))
}

fn read(text: &str, of_object: fn(&mut Reader<'_>, &Object<'_>, &mut Body)) -> (Body, Vec<SyntaxError>) {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let json = text.get(mark..).unwrap_or_default();
    let mut reader = Reader { json, mark, depth: 0, plain: false, errors: Vec::new() };
    let mut body = Body::default();
    match parse_to_ast(json, &CollectOptions::default(), &strict()) {
        Ok(parsed) => match parsed.value {
            Some(value) => reader.file(&value, &mut body, of_object),
            None => reader.error(Span::new(0, 0), "the file is empty: write `{}`"),
        },
        Err(error) => {
            reader.error(reader.span(error.range()), &error.kind().to_string().to_lowercase());
        }
    }
    (body, reader.errors)
}

/// JSON and none of its extensions.
fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// How many labels a key of `parent` takes when it is a block; `None` when it is an argument.
fn labels_of(parent: &str, key: &str) -> Option<usize> {
    Some(match (parent, key) {
        ("", "resource" | "data" | "ephemeral" | "action") => 2,
        ("", "module" | "provider" | "variable" | "output" | "check") => 1,
        ("", "locals" | "moved" | "import" | "removed" | "terraform") => 0,
        ("terraform", "backend" | "provider_meta") => 1,
        ("terraform", "required_providers" | "cloud" | "encryption") => 0,
        ("encryption", "key_provider" | "method") => 2,
        ("encryption", "state" | "plan" | "remote_state_data_sources") => 0,
        ("state" | "plan" | "fallback", "fallback") => 0,
        ("check", "data") => 2,
        ("check", "assert") => 0,
        ("variable", "validation") => 0,
        ("output", "precondition") => 0,
        ("resource" | "removed", "provisioner") => 1,
        ("resource" | "removed", "connection") => 0,
        ("provisioner", "connection") => 0,
        ("resource" | "data" | "ephemeral" | "removed", "lifecycle") => 0,
        ("lifecycle", "precondition" | "postcondition" | "action_trigger") => 0,
        ("resource" | "data" | "ephemeral" | "provider" | "content", "dynamic") => 1,
        ("dynamic", "content") => 0,
        _ => return None,
    })
}

struct Reader<'a> {
    json: &'a str,
    /// Length of the byte order mark.
    mark: usize,
    depth: usize,
    /// Terraform takes the strings of `variable` and `terraform` blocks as they stand.
    plain: bool,
    errors: Vec<SyntaxError>,
}

impl Reader<'_> {
    fn span(&self, range: jsonc_parser::common::Range) -> Span {
        Span::new(self.mark + range.start, self.mark + range.end)
    }

    fn error(&mut self, span: Span, message: &str) {
        self.errors.push(SyntaxError::new(span, message));
    }

    /// The whole file: one object, or several in an array.
    fn file(&mut self, value: &Value<'_>, body: &mut Body, of_object: fn(&mut Self, &Object<'_>, &mut Body)) {
        match value {
            Value::Object(object) => of_object(self, object, body),
            Value::Array(array) => {
                for element in &array.elements {
                    match element {
                        Value::Object(object) => of_object(self, object, body),
                        other => self.error(self.span(range(other)), "expected an object"),
                    }
                }
            }
            other => self.error(self.span(range(other)), "expected an object"),
        }
    }

    /// As in native syntax, an error hides the block around it and nothing else.
    fn top_level(&mut self, object: &Object<'_>, body: &mut Body) {
        for property in &object.properties {
            if property.name.as_str() == "//" {
                continue;
            }
            self.plain = matches!(property.name.as_str(), "variable" | "terraform");
            if let Err(error) = self.property("", property, body) {
                self.errors.push(error);
            }
        }
    }

    fn values(&mut self, object: &Object<'_>, body: &mut Body) {
        self.plain = true;
        for property in &object.properties {
            let name = self.key(property);
            match self.expression(&property.value) {
                Ok(value) => body.attributes.push(Attribute { span: name.span.to(value.span), name, value }),
                Err(error) => self.errors.push(error),
            }
        }
    }

    fn property(&mut self, parent: &str, property: &ObjectProp<'_>, body: &mut Body) -> Parsed<()> {
        let key = self.key(property);
        match labels_of(parent, &key.text) {
            Some(labels) => self.blocks(&key, labels, &mut Vec::new(), &property.value, body),
            None => {
                let value = self.expression(&property.value)?;
                body.attributes.push(Attribute { span: key.span.to(value.span), name: key, value });
                Ok(())
            }
        }
    }

    fn key(&self, property: &ObjectProp<'_>) -> Ident {
        let span = match &property.name {
            jsonc_parser::ast::ObjectPropName::String(literal) => self.span(literal.range),
            jsonc_parser::ast::ObjectPropName::Word(word) => self.span(word.range),
        };
        Ident { text: property.name.as_str().to_owned(), span }
    }

    /// Blocks of one kind: objects under their labels, where an array stands for several.
    fn blocks(
        &mut self,
        kind: &Ident,
        missing: usize,
        labels: &mut Vec<Ident>,
        value: &Value<'_>,
        into: &mut Body,
    ) -> Parsed<()> {
        match value {
            Value::NullKeyword(_) => Ok(()),
            Value::Array(array) => self.deeper(self.span(array.range), |reader| {
                array.elements.iter().try_for_each(|element| reader.blocks(kind, missing, labels, element, into))
            }),
            Value::Object(object) if missing == 0 => self.deeper(self.span(object.range), |reader| {
                let mut body = Body::default();
                let plain = reader.plain;
                reader.plain &= !matches!(kind.text.as_str(), "validation" | "encryption");
                for property in object.properties.iter().filter(|property| property.name.as_str() != "//") {
                    reader.property(&kind.text, property, &mut body)?;
                }
                reader.plain = plain;
                let header = labels.last().map_or(kind.span, |label| label.span);
                let span = header.to(reader.span(object.range));
                into.blocks.push(Block { kind: kind.clone(), labels: labels.clone(), body, header, span });
                Ok(())
            }),
            Value::Object(object) => {
                for property in object.properties.iter().filter(|property| property.name.as_str() != "//") {
                    labels.push(self.key(property));
                    let read = self.blocks(kind, missing - 1, labels, &property.value, into);
                    labels.pop();
                    // Blocks beside each other do not hide each other.
                    match read {
                        Err(error) if kind.text != "dynamic" && kind.text != "provisioner" => self.errors.push(error),
                        read => read?,
                    }
                }
                Ok(())
            }
            other => Err(SyntaxError::new(self.span(range(other)), format!("expected an object for `{}`", kind.text))),
        }
    }

    fn expression(&mut self, value: &Value<'_>) -> Parsed<Expression> {
        let span = self.span(range(value));
        let kind = match value {
            Value::NullKeyword(_) => Kind::Null,
            Value::BooleanLit(literal) => Kind::Bool(literal.value),
            Value::NumberLit(number) => Kind::Number(number.value.to_owned()),
            Value::StringLit(literal) => Kind::Template(self.template(literal)?),
            Value::Array(array) => self.deeper(span, |reader| {
                let elements: Parsed<_> = array.elements.iter().map(|element| reader.expression(element)).collect();
                Ok(Kind::Tuple(elements?))
            })?,
            Value::Object(object) => self.deeper(span, |reader| {
                let mut items = Vec::new();
                for property in &object.properties {
                    let key = match &property.name {
                        jsonc_parser::ast::ObjectPropName::String(literal) => ObjectKey::Expression(Expression {
                            span: reader.span(literal.range),
                            kind: Kind::Template(reader.template(literal)?),
                        }),
                        jsonc_parser::ast::ObjectPropName::Word(_) => ObjectKey::Name(reader.key(property)),
                    };
                    let value = reader.expression(&property.value)?;
                    items.push(ObjectItem { span: key.span().to(value.span), key, value });
                }
                Ok(Kind::Object(items))
            })?,
        };
        Ok(Expression { span, kind })
    }

    /// A string is a template, with JSON's own escapes decoded first.
    fn template(&mut self, literal: &StringLit<'_>) -> Parsed<Template> {
        let span = self.span(literal.range);
        let inside = self.json.get(literal.range.start + 1..literal.range.end.saturating_sub(1)).unwrap_or_default();
        let base = span.start + 1;
        if self.plain {
            let text = literal.value.clone().into_owned();
            return Ok(Template { parts: vec![Part::Literal { text, span: Span::new(base, base + inside.len()) }] });
        }
        let jumps = if inside.len() == literal.value.len() { Vec::new() } else { jumps(inside, base) };
        let lexer = Lexer::template(&literal.value, Offsets { base, jumps: &jumps });
        Parser::new(lexer, false, self.depth).template(Span::new(span.start, base), TokenKind::End, false)
    }

    fn deeper<T>(&mut self, at: Span, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return Err(SyntaxError::new(at, format!("nested more than {MAX_DEPTH} levels deep")));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

fn range(value: &Value<'_>) -> jsonc_parser::common::Range {
    match value {
        Value::StringLit(literal) => literal.range,
        Value::NumberLit(literal) => literal.range,
        Value::BooleanLit(literal) => literal.range,
        Value::Object(object) => object.range,
        Value::Array(array) => array.range,
        Value::NullKeyword(literal) => literal.range,
    }
}

/// For each escape of a JSON string: where the text after it stands, decoded and in the file.
fn jumps(inside: &str, base: usize) -> Vec<(usize, usize)> {
    let bytes = inside.as_bytes();
    let mut jumps = Vec::new();
    let (mut raw, mut decoded) = (0, 0);
    while let Some(byte) = bytes.get(raw) {
        if *byte != b'\\' {
            raw += 1;
            decoded += 1;
            continue;
        }
        let (taken, made) = match bytes.get(raw + 1) {
            Some(b'u') => {
                let unit = |at: usize| inside.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                match unit(raw + 2) {
                    Some(0xd800..=0xdbff) => (12, 4),
                    code => (6, code.and_then(char::from_u32).map_or(3, char::len_utf8)),
                }
            }
            _ => (2, 1),
        };
        raw += taken;
        decoded += made;
        jumps.push((decoded, base + raw));
    }
    jumps
}
