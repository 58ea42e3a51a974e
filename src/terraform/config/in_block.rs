//! From a path inside of a resource block to the span that says it. Where it is not certain what says it, the place is
//! coarser, and says so.
//!
//! Values are looked for where they are written in place. A value that a reference leads to (a variable, a local, a
//! data file) is to be followed from [`in_value`], where the path meets an expression that is no literal.

use super::module::Layers;
use super::syntax::{Expression, Kind};
use crate::model::{Precision, Step};
use crate::source::{SourceFile, Span};

/// A span of a file and how exact it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) span: Span,
    pub(super) precision: Precision,
}

/// The place that `steps` lead to from a block; `None` for a block that stands nowhere.
pub(super) fn in_block<'a>(block: &Layers<'a>, steps: &[Step]) -> Option<Spot<'a>> {
    let (file, base) = block.base()?;
    let header = Spot { file, span: base.header, precision: Precision::Block };
    let Some((Step::Attr(name) | Step::Key(name), rest)) = steps.split_first() else { return Some(header) };
    if let Some((file, attribute)) = block.attribute(name) {
        let whole = Spot { file, span: attribute.span, precision: Precision::Attribute };
        return Some(in_value(whole, &attribute.value, rest));
    }
    Some(in_nested(header, &block.nested(name), rest))
}

/// The place that `steps` lead to from the nested blocks of one type.
fn in_nested<'a>(parent: Spot<'a>, blocks: &[Layers<'a>], steps: &[Step]) -> Spot<'a> {
    if let Some((Step::Where { name, is }, rest)) = steps.split_first() {
        let candidates = blocks.iter().map(|block| (matches(block, name, is), block));
        return match chosen(candidates) {
            Chosen::Sure(block) => in_one(parent, block, rest),
            Chosen::Only(block) => in_one(parent, block, &[]),
            Chosen::None => parent,
        };
    }
    match blocks {
        [only] => in_one(parent, only, steps),
        _ => parent,
    }
}

fn in_one<'a>(parent: Spot<'a>, block: &Layers<'a>, steps: &[Step]) -> Spot<'a> {
    let header = in_block(block, &[]).unwrap_or(parent);
    if !is_dynamic(block) {
        return in_block(block, steps).unwrap_or(header);
    }
    // What a dynamic block says, it says for all blocks that it makes: never the very value of one.
    let content = block.nested("content");
    match content.first().and_then(|content| in_block(content, steps)) {
        Some(found) if found.precision == Precision::Value => Spot { precision: Precision::Attribute, ..found },
        Some(found) if found.precision == Precision::Attribute => found,
        _ => header,
    }
}

fn is_dynamic(block: &Layers<'_>) -> bool {
    block.base().is_some_and(|(_, block)| block.kind.text == "dynamic")
}

/// Whether something is the one that is meant.
enum Match {
    Yes,
    No,
    /// What decides is not written out.
    Perhaps,
}

enum Chosen<T> {
    Sure(T),
    /// Nothing is sure, and only this one is left.
    Only(T),
    None,
}

/// Whether the argument `name` of a nested block is `is`.
fn matches(block: &Layers<'_>, name: &str, is: &str) -> Match {
    if is_dynamic(block) {
        return match block.nested("content").first().map(|content| matches(content, name, is)) {
            Some(Match::No) => Match::No,
            _ => Match::Perhaps,
        };
    }
    match block.attribute(name) {
        Some((_, attribute)) => equals(&attribute.value, is),
        None => Match::No,
    }
}

fn equals(value: &Expression, text: &str) -> Match {
    match value.literal_text() {
        Some(literal) if literal == text => Match::Yes,
        Some(_) => Match::No,
        None if value.is_literal() => Match::No,
        None => Match::Perhaps,
    }
}

fn chosen<T>(candidates: impl Iterator<Item = (Match, T)>) -> Chosen<T> {
    let (mut sure, mut perhaps) = (Vec::new(), Vec::new());
    for (matches, candidate) in candidates {
        match matches {
            Match::Yes => sure.push(candidate),
            Match::Perhaps => perhaps.push(candidate),
            Match::No => {}
        }
    }
    match (sure.pop(), sure.is_empty(), perhaps.pop(), perhaps.is_empty()) {
        (Some(one), true, ..) => Chosen::Sure(one),
        (None, _, Some(one), true) => Chosen::Only(one),
        _ => Chosen::None,
    }
}

/// The place that `steps` lead to from a value; `whole` is where it is coarsely.
fn in_value<'a>(whole: Spot<'a>, value: &'a Expression, steps: &[Step]) -> Spot<'a> {
    let Some((first, rest)) = steps.split_first() else {
        return if value.is_literal() {
            Spot { span: value.span, precision: Precision::Value, ..whole }
        } else {
            whole
        };
    };
    match first {
        Step::Element(text) => {
            let Some((elements, _)) = literal_elements(value) else { return whole };
            let mut same = elements.into_iter().filter(|(element, _)| element == text);
            match (same.next(), same.next()) {
                (Some((_, element)), None) => in_value(whole, element, rest),
                _ => whole,
            }
        }
        Step::Key(key) | Step::Attr(key) => match &without_conversion(value).kind {
            Kind::Object(items) => {
                let last = items.iter().rposition(|item| item.key.literal().is_some_and(|literal| literal == *key));
                // A computed key after it might be the same, and would go before it.
                let certain = |at: &usize| items[*at..].iter().all(|item| item.key.literal().is_some());
                let Some(item) = last.filter(certain).and_then(|at| items.get(at)) else { return whole };
                let spot = Spot { span: item.span, precision: Precision::Attribute, ..whole };
                in_value(spot, &item.value, rest)
            }
            // One block, written as a list of objects.
            Kind::Tuple(elements) if matches!(first, Step::Attr(_)) => match elements.as_slice() {
                [only] => in_value(whole, only, steps),
                _ => whole,
            },
            _ => whole,
        },
        Step::Where { name, is } => {
            let value = value.bare();
            let objects = match &value.kind {
                Kind::Tuple(elements) => elements.as_slice(),
                _ => std::slice::from_ref(value),
            };
            let candidates = objects.iter().map(|object| (object_matches(object, name, is), object));
            let (object, rest) = match chosen(candidates) {
                Chosen::Sure(object) => (object, rest),
                Chosen::Only(object) => (object, &[][..]),
                Chosen::None => return whole,
            };
            // Its brace stands for the block.
            let span = Span::new(object.span.start, object.span.start + 1);
            let block = Spot { span, precision: Precision::Block, ..whole };
            if rest.is_empty() { block } else { in_value(block, object, rest) }
        }
    }
}

/// Whether the object's value under the key `name` is `is`.
fn object_matches(object: &Expression, name: &str, is: &str) -> Match {
    let Kind::Object(items) = &object.bare().kind else {
        return if object.is_literal() { Match::No } else { Match::Perhaps };
    };
    match items.iter().rfind(|item| item.key.literal().is_none_or(|key| key == name)) {
        Some(item) if item.key.literal().is_some() => equals(&item.value, is),
        Some(_) => Match::Perhaps,
        None => Match::No,
    }
}

/// Functions whose result has the elements of their arguments and no others.
const COLLECTING: [&str; 7] = ["toset", "tolist", "concat", "setunion", "distinct", "sort", "compact"];

/// The elements written out in a tuple, also inside of functions that only collect them, with their texts, and whether
/// there are no others. `None` when the value is nothing of the kind.
pub(super) fn literal_elements(value: &Expression) -> Option<(Vec<(String, &Expression)>, bool)> {
    let value = value.bare();
    let elements = match &value.kind {
        Kind::Tuple(elements) => elements,
        Kind::Call(call) if COLLECTING.contains(&call.name.text.as_str()) && !call.expand_last => {
            let mut all = (Vec::new(), true);
            for argument in &call.arguments {
                match literal_elements(argument) {
                    Some((elements, all_written)) => {
                        all.0.extend(elements);
                        all.1 &= all_written;
                    }
                    None => all.1 = false,
                }
            }
            return Some(all);
        }
        _ => return None,
    };
    let literals = elements.iter().filter_map(|element| Some((element.literal_text()?.into_owned(), element)));
    let literals: Vec<_> = literals.collect();
    let all_written = literals.len() == elements.len();
    Some((literals, all_written))
}

/// The value inside of a conversion that keeps its entries.
pub(super) fn without_conversion(value: &Expression) -> &Expression {
    match &value.bare().kind {
        Kind::Call(call) if call.name.text == "tomap" && !call.expand_last => match call.arguments.as_slice() {
            [only] => only.bare(),
            _ => value.bare(),
        },
        _ => value.bare(),
    }
}
