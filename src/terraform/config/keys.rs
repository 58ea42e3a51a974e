//! Whether a block declares an instance of a given key.
//!
//! Rules: `count` makes the keys 0, 1, …; `for_each` those of its value; without either there is one instance without
//! a key. Adding or removing `count` moves between no key and 0 by itself, for resources.

use super::in_block::literal_elements;
use super::module::Layers;
use super::syntax::{Expression, Kind};
use crate::model::{InstanceKey, Related};
use crate::source::{SourceFile, Span};

/// Whether the block declares it, and where its key is written when it is written out. `Err` says why it does not.
pub(super) fn declares(
    block: &Layers<'_>,
    key: Option<&InstanceKey>,
    is_resource: bool,
) -> Result<Option<Related>, String> {
    match (block.attribute("for_each"), block.attribute("count"), key) {
        (Some((file, for_each)), None, Some(InstanceKey::Str(key))) => entry(file, &for_each.value, key),
        (Some(_), None, _) => Err("it has `for_each`, which makes no such key".to_owned()),
        (None, Some((_, count)), key) => {
            let index = match key {
                Some(InstanceKey::Int(index)) => *index,
                None if is_resource => 0,
                _ => return Err("it has `count`, which makes no such key".to_owned()),
            };
            let count = count.value.literal_text().and_then(|count| count.parse::<i64>().ok());
            match count {
                Some(count) if index >= count => Err(format!("its `count` is {count}")),
                _ => Ok(None),
            }
        }
        (None, None, None) => Ok(None),
        (None, None, Some(InstanceKey::Int(0))) if is_resource => Ok(None),
        (None, None, Some(InstanceKey::Int(_))) => Err("it has no `count`".to_owned()),
        (None, None, Some(InstanceKey::Str(_))) => Err("it has no `for_each`".to_owned()),
        (Some(_), Some(_), _) => Err("it has both `count` and `for_each`".to_owned()),
    }
}

/// The place of a key in the value of `for_each`. `Err` when all keys are written out and it is not among them.
fn entry(file: &SourceFile, value: &Expression, key: &str) -> Result<Option<Related>, String> {
    let Some((keys, all_written)) = keys(value) else { return Ok(None) };
    let mut matching = keys.iter().filter(|(text, _)| text == key);
    match (matching.next(), matching.next()) {
        (Some((_, span)), None) => Ok(Some(super::related(file, *span, "for_each entry"))),
        (None, _) if all_written => Err("its `for_each` no longer has this key".to_owned()),
        _ => Ok(None),
    }
}

/// The keys written out in an object, a tuple or a set of literals, and whether there are no others.
fn keys(value: &Expression) -> Option<(Vec<(String, Span)>, bool)> {
    if let Kind::Object(items) = &super::in_block::without_conversion(value).kind {
        let keys = items.iter().filter_map(|item| Some((item.key.literal()?.into_owned(), item.span)));
        let keys: Vec<_> = keys.collect();
        let all_written = keys.len() == items.len();
        return Some((keys, all_written));
    }
    let (elements, all_written) = literal_elements(value)?;
    Some((elements.into_iter().map(|(text, element)| (text, element.span)).collect(), all_written))
}
