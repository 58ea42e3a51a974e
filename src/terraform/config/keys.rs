//! Whether a block declares an instance of a given key.
//!
//! Rules: `count` makes the keys 0, 1, …; `for_each` those of its value; without either there is one instance without
//! a key. Adding or removing `count` moves between no key and 0 by itself, for resources.

use super::in_block::literal_elements;
use super::module::Declared;
use super::syntax::{Expression, Kind};
use crate::model::{InstanceKey, Related};
use crate::source::{SourceFile, Span};
use std::collections::HashMap;

/// Whether the block declares it, and where its key is written when it is written out. `Err` says why it does not.
pub(super) fn declares(
    declared: &Declared,
    key: Option<&InstanceKey>,
    is_resource: bool,
) -> Result<Option<Related>, String> {
    let block = declared.view();
    match (block.attribute("for_each"), block.attribute("count"), key) {
        (Some((file, _)), None, Some(InstanceKey::Str(key))) => entry(file, declared.written_keys(), key),
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

/// The place of a key among those that are written out. `Err` when all of them are and it is not among them.
fn entry(file: &SourceFile, written: Option<&WrittenKeys>, key: &str) -> Result<Option<Related>, String> {
    let Some(written) = written else { return Ok(None) };
    match written.places.get(key) {
        Some(place) => Ok(place.map(|span| super::related(file, span, "for_each entry"))),
        None if written.all => Err("its `for_each` no longer has this key".to_owned()),
        None => Ok(None),
    }
}

/// The keys written out in the value of a `for_each`.
#[derive(Debug)]
pub(super) struct WrittenKeys {
    /// `None` for a key that is written more than once.
    places: HashMap<String, Option<Span>>,
    /// Whether there are no others.
    all: bool,
}

impl WrittenKeys {
    /// Of an object, a tuple or a set of literals; `None` for anything else.
    pub(super) fn of(value: &Expression) -> Option<WrittenKeys> {
        if let Kind::Object(items) = &super::in_block::without_conversion(value).kind {
            let keys = items.iter().filter_map(|item| Some((item.key.literal()?.into_owned(), item.span)));
            let keys: Vec<_> = keys.collect();
            let all = keys.len() == items.len();
            return Some(WrittenKeys::new(keys, all));
        }
        let (elements, all) = literal_elements(value)?;
        Some(WrittenKeys::new(elements.into_iter().map(|(text, element)| (text, element.span)), all))
    }

    fn new(keys: impl IntoIterator<Item = (String, Span)>, all: bool) -> Self {
        let mut places = HashMap::new();
        for (key, span) in keys {
            places.entry(key).and_modify(|place| *place = None).or_insert(Some(span));
        }
        WrittenKeys { places, all }
    }
}
