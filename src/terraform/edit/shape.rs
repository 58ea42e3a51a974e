//! The lists, objects and scalars of a text, whatever language it is in, with the bytes that each takes.

use crate::terraform::config::syntax::tree::{Part, TraverseStep};
use crate::terraform::config::syntax::{self, Body, Expression};
use crate::terraform::decode::tree;
use crate::terraform::decode::{csv, json, yaml};
use std::ops::Range;

/// In which language something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Native,
    Json,
    Yaml,
    Csv,
    /// A text that is what it says, byte by byte.
    Plain,
}

/// Something that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub range: Range<usize>,
    pub language: Language,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Scalar,
    List(Vec<Node>),
    Object(Vec<Entry>),
    /// A file or a block of the configuration language.
    Body {
        attributes: Vec<Entry>,
        blocks: Vec<Node>,
    },
    /// Anything else, with what is written inside of it.
    Other(Vec<Node>),
}

/// A value under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The bytes of the key; of a row of a table those of the field.
    pub key: Range<usize>,
    pub name: String,
    pub value: Node,
}

impl Entry {
    pub fn range(&self) -> Range<usize> {
        self.key.start.min(self.value.range.start)..self.value.range.end
    }
}

impl Node {
    /// What a file says, by its name and its text; `None` where it cannot be read.
    pub fn of_file(path: &str, text: &str) -> Option<Node> {
        let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        if ends(&[".tf", ".tofu", ".tfvars", ".hcl"]) {
            let (body, errors) = syntax::parse_native(text);
            return errors.is_empty().then(|| of_body(&body, 0..text.len(), text));
        }
        if ends(&[".csv"]) {
            return csv::positions(text).ok().map(|(_, rows)| of_data(&rows, Language::Csv, 0));
        }
        data(text, 0, ends(&[".json"]))
    }

    /// The nodes that hold these bytes, the innermost last.
    pub fn around(&self, range: &Range<usize>) -> Vec<&Node> {
        let mut found = Vec::new();
        let mut at = Some(self);
        while let Some(node) = at {
            found.push(node);
            at = node.children().into_iter().find(|child| holds(&child.range, range));
        }
        found.retain(|node| holds(&node.range, range));
        found
    }

    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Scalar => Vec::new(),
            Kind::List(items) | Kind::Other(items) => items.iter().collect(),
            Kind::Object(entries) => entries.iter().map(|entry| &entry.value).collect(),
            Kind::Body { attributes, blocks } => attributes.iter().map(|entry| &entry.value).chain(blocks).collect(),
        }
    }

    /// The ranges of its elements or entries.
    pub fn items(&self) -> Vec<Range<usize>> {
        match &self.kind {
            Kind::List(items) => items.iter().map(|item| item.range.clone()).collect(),
            Kind::Object(entries) => entries.iter().map(Entry::range).collect(),
            Kind::Body { attributes, .. } => attributes.iter().map(Entry::range).collect(),
            Kind::Scalar | Kind::Other(_) => Vec::new(),
        }
    }

    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Object(entries) | Kind::Body { attributes: entries, .. } => entries,
            _ => &[],
        }
    }
}

pub(super) fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// JSON, or where that is not certain what YAML says.
fn data(text: &str, at: usize, is_json: bool) -> Option<Node> {
    if let Ok(node) = json::positions(text) {
        return Some(of_data(&node, Language::Json, at));
    }
    let node = if is_json { None } else { yaml::positions(text).ok() }?;
    Some(of_data(&node, Language::Yaml, at))
}

fn of_data(node: &tree::Node, language: Language, at: usize) -> Node {
    let shifted = |range: &Range<usize>| range.start + at..range.end + at;
    // What an alias stands for is written elsewhere.
    let own = |inner: &Range<usize>| holds(&node.range, inner);
    let kind = match &node.kind {
        tree::Kind::List(items) => {
            let own = items.iter().filter(|item| item.through.is_empty() && own(&item.range));
            Kind::List(own.map(|item| of_data(item, language, at)).collect())
        }
        tree::Kind::Object(entries) => {
            let own = entries.iter().filter(|entry| {
                entry.key.through.is_empty() && entry.value.through.is_empty() && own(&entry.key.range)
            });
            let each = own.map(|entry| Entry {
                key: shifted(&entry.key.range),
                name: entry.key.text.to_string(),
                value: of_data(&entry.value, language, at),
            });
            Kind::Object(each.collect())
        }
        _ => Kind::Scalar,
    };
    Node { range: shifted(&node.range), language, kind }
}

fn native(range: Range<usize>, kind: Kind) -> Node {
    Node { range, language: Language::Native, kind }
}

fn of_body(body: &Body, range: Range<usize>, text: &str) -> Node {
    let attributes = body.attributes.iter().map(|attribute| Entry {
        key: bytes(attribute.name.span),
        name: attribute.name.text.clone(),
        value: of_expression(&attribute.value, text),
    });
    let blocks = body.blocks.iter().map(|block| of_body(&block.body, bytes(block.span), text));
    native(range, Kind::Body { attributes: attributes.collect(), blocks: blocks.collect() })
}

fn bytes(span: crate::source::Span) -> Range<usize> {
    span.start..span.end
}

fn of_expression(expression: &Expression, text: &str) -> Node {
    let inner = |expression: &Expression| of_expression(expression, text);
    let all = |expressions: Vec<&Expression>| Kind::Other(expressions.into_iter().map(inner).collect());
    let kind = match &expression.kind {
        syntax::Kind::Tuple(items) => Kind::List(items.iter().map(inner).collect()),
        syntax::Kind::Object(items) => Kind::Object(
            items
                .iter()
                .map(|item| Entry {
                    key: bytes(item.key.span()),
                    name: item.key.literal().map(|name| name.into_owned()).unwrap_or_default(),
                    value: inner(&item.value),
                })
                .collect(),
        ),
        syntax::Kind::Call(call) => all(call.arguments.iter().collect()),
        syntax::Kind::Parentheses(within) => all(vec![&**within]),
        syntax::Kind::Unary { operand, .. } if expression.literal_text().is_none() => all(vec![&**operand]),
        syntax::Kind::Operation { first, rest } => {
            all(std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect())
        }
        syntax::Kind::Conditional { condition, when_true, when_false } => {
            all(vec![&**condition, &**when_true, &**when_false])
        }
        syntax::Kind::Traversal { root, steps } => {
            let indexes = steps.iter().filter_map(|step| match &step.step {
                TraverseStep::Index(index) => Some(index),
                _ => None,
            });
            all(std::iter::once(&**root).chain(indexes).collect())
        }
        syntax::Kind::For(of) => {
            all(std::iter::once(&of.collection).chain(&of.key).chain([&of.value]).chain(&of.condition).collect())
        }
        syntax::Kind::Template(template) => return of_template(&template.parts, bytes(expression.span), text),
        _ => Kind::Scalar,
    };
    native(bytes(expression.span), kind)
}

/// A literal; a heredoc may hold a text in another language.
fn of_template(parts: &[Part], range: Range<usize>, text: &str) -> Node {
    let raw = text.get(range.clone()).unwrap_or_default();
    if raw.starts_with("<<")
        && let (Some(first), Some(last)) = (raw.find('\n'), raw.rfind('\n'))
        && first < last
        && let Some(inside) = data(&raw[first + 1..last], range.start + first + 1, false)
        && inside.kind != Kind::Scalar
    {
        return native(range, Kind::Other(vec![inside]));
    }
    let values = parts.iter().filter_map(|part| match part {
        Part::Interpolation { value, .. } => Some(of_expression(value, text)),
        _ => None,
    });
    let values: Vec<Node> = values.collect();
    native(range, if values.is_empty() { Kind::Scalar } else { Kind::Other(values) })
}
