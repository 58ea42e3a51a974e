//! Tests of the parser; what Terraform makes of each text was asked of `terraform fmt` and `terraform console` 1.11.4.
#![allow(clippy::unwrap_used)]

mod differential;
mod json;
mod language;
mod recovery;
mod spans;

use super::tree::*;
use super::{parse_json, parse_native};

/// The value of the attribute `a` of a text without errors.
fn value(text: &str) -> Expression {
    let (body, errors) = parse_native(text);
    assert_eq!(errors, [], "{text}");
    body.attribute("a").unwrap().value.clone()
}

/// The expressions right inside of an expression.
fn inside(expression: &Expression) -> Vec<&Expression> {
    match &expression.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Variable(_) => Vec::new(),
        Kind::Template(template) => template.parts.iter().flat_map(inside_part).collect(),
        Kind::Traversal { root, steps } => {
            let keys = steps.iter().filter_map(|step| match &step.step {
                TraverseStep::Index(key) => Some(key),
                _ => None,
            });
            std::iter::once(root.as_ref()).chain(keys).collect()
        }
        Kind::Call(call) => call.arguments.iter().collect(),
        Kind::Unary { operand, .. } => vec![operand],
        Kind::Operation { first, rest } => {
            std::iter::once(first.as_ref()).chain(rest.iter().map(|(_, operand)| operand)).collect()
        }
        Kind::Conditional { condition, when_true, when_false } => vec![condition, when_true, when_false],
        Kind::Parentheses(inner) => vec![inner],
        Kind::Tuple(elements) => elements.iter().collect(),
        Kind::Object(items) => items
            .iter()
            .flat_map(|item| {
                let key = match &item.key {
                    ObjectKey::Expression(key) => Some(key),
                    ObjectKey::Name(_) => None,
                };
                key.into_iter().chain([&item.value])
            })
            .collect(),
        Kind::For(of) => [Some(&of.collection), of.key.as_ref(), Some(&of.value), of.condition.as_ref()]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn inside_part(part: &Part) -> Vec<&Expression> {
    match part {
        Part::Literal { .. } => Vec::new(),
        Part::Interpolation { value, .. } => vec![value],
        Part::If { condition, when_true, when_false, .. } => {
            let inner = when_true.iter().chain(when_false).flat_map(inside_part);
            std::iter::once(condition).chain(inner).collect()
        }
        Part::For { collection, body, .. } => {
            std::iter::once(collection).chain(body.iter().flat_map(inside_part)).collect()
        }
    }
}
