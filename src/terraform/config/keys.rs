//! Whether a block declares an instance of a given key.
//!
//! Rules: `count` makes the keys 0, 1, …; `for_each` those of its value; without either there is one instance without
//! a key. Adding or removing `count` moves between no key and 0 by itself, for resources.

use super::module::Layers;
use super::resolve::{Expansion, Repetition};
use crate::model::InstanceKey;
use crate::terraform::value::Origin;

/// An instance that a block declares.
pub(super) struct Declares {
    /// The key that the block gives it now.
    pub(super) key: Option<InstanceKey>,
    pub(super) repetition: Repetition,
    /// Where its key is written; nothing for an instance without one.
    pub(super) key_origin: Origin,
}

/// Whether the block declares it; `Err` says why it does not.
pub(super) fn declares(
    block: &Layers<'_>,
    expansion: &Expansion,
    key: Option<&InstanceKey>,
    is_resource: bool,
) -> Result<Declares, String> {
    let key = match (expansion, key) {
        (Expansion::One, Some(InstanceKey::Int(0))) if is_resource => None,
        (Expansion::Count(_), None) if is_resource => Some(InstanceKey::Int(0)),
        (_, key) => key.cloned(),
    };
    let has = |name: &str| block.attribute(name).is_some();
    match (expansion, &key) {
        (Expansion::One, Some(InstanceKey::Int(_))) => return Err("it has no `count`".to_owned()),
        (Expansion::One, Some(InstanceKey::Str(_))) => return Err("it has no `for_each`".to_owned()),
        (_, Some(InstanceKey::Str(_)) | None) if has("count") && !has("for_each") => {
            return Err("it has `count`, which makes no such key".to_owned());
        }
        (_, Some(InstanceKey::Int(_)) | None) if has("for_each") => {
            return Err("it has `for_each`, which makes no such key".to_owned());
        }
        _ => {}
    }
    match (expansion.repetition(key.as_ref()), expansion) {
        (Some(repetition), _) => {
            let each = repetition.each.as_ref().map(|(key, _)| key.origin.clone());
            Ok(Declares { key, repetition, key_origin: each.unwrap_or_default() })
        }
        (None, Expansion::Count(number)) => Err(format!("its `count` is {number}")),
        (None, _) => Err("its `for_each` no longer has this key".to_owned()),
    }
}
