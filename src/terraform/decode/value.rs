//! What a text says, as a value of the configuration language in which every scalar and key has its place.

use super::tree::{Key, Kind, Node};
use super::with_stack;
use crate::terraform::value::parts::Parts;
use crate::terraform::value::{Data, Entries, Entry, Origin, Type, Val};
use std::ops::Range;
use std::sync::Arc;

/// The value of a text that is of this origin; `passed` says around the origin of the whole what decoded it.
pub(super) fn value(node: &Node, text: &Origin, passed: impl Fn(&Origin) -> Origin) -> Val {
    // What the text came through is said once, around the whole.
    let core = Parts::of(text.core());
    let value = of(node, &core);
    let whole = Parts::of(text);
    let origin = origin(node, &whole);
    if origin.is_none() { value.with_origin(Origin::none()) } else { value.with_origin(passed(&origin)) }
}

fn of(node: &Node, parts: &Parts<'_>) -> Val {
    let data = match &node.kind {
        Kind::Null => Data::Null(Type::Dynamic),
        Kind::Bool(value) => Data::Bool(*value),
        Kind::Number(number) => Data::Number(number.clone()),
        Kind::Text(text) => Data::String(text.text.clone()),
        Kind::List(items) => Data::Tuple(with_stack(|| Arc::new(items.iter().map(|item| of(item, parts)).collect()))),
        Kind::Object(entries) => with_stack(|| {
            let mut object = Entries::new();
            for entry in entries.iter() {
                let value = Entry { key_origin: key_origin(&entry.key, parts), value: of(&entry.value, parts) };
                object.insert(entry.key.text.clone(), value);
            }
            Data::Object(Arc::new(object))
        }),
    };
    Val::new(data).with_origin(origin(node, parts))
}

/// Where a value was written; nothing where that is not certain.
fn origin(node: &Node, parts: &Parts<'_>) -> Origin {
    let found = match &node.kind {
        Kind::Text(text) => parts.decoded(node.range.clone(), &text.runs),
        Kind::List(_) | Kind::Object(_) => parts.whole(node.range.clone()),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => parts.part(node.range.clone()),
    };
    through(&node.through, parts, found.unwrap_or_default())
}

fn key_origin(key: &Key, parts: &Parts<'_>) -> Origin {
    through(&key.through, parts, parts.whole(key.range.clone()).unwrap_or_default())
}

fn through(aliases: &[Range<usize>], parts: &Parts<'_>, origin: Origin) -> Origin {
    if origin.is_none() {
        return origin;
    }
    aliases.iter().rev().fold(origin, |origin, alias| match parts.place(alias.clone()) {
        Some(place) => Origin::passed(place, "alias", &origin),
        None => origin,
    })
}
