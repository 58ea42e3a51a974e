//! Structures that repeat the shape of a value with `true` at the places they speak of: `sensitive_values`,
//! `before_sensitive`, `after_sensitive` and `after_unknown`. A `true` covers everything below it.
//!
//! Rules: `jsonstate.SensitiveAsBool` and `unknownAsBool` in `jsonplan/plan.go` of Terraform 1.11.

use super::secrets::{self, Fields};
use crate::model::Value;
use serde_json::Value as Json;

/// Masks the secrets that the mirror marks. Where the mirror does not fit the value, the whole attribute is masked.
pub(in crate::terraform) fn hide(attributes: &mut Fields, mirror: &Json) {
    let Json::Object(marks) = mirror else {
        if speaks(mirror) {
            secrets::hide_all(attributes);
        }
        return;
    };
    for (name, mark) in marks {
        if let Some(value) = attributes.get_mut(name)
            && !hide_in(value, mark)
        {
            secrets::hide(value);
        }
    }
}

/// Masks within one value; whether the mirror fitted it.
fn hide_in(value: &mut Value, mirror: &Json) -> bool {
    match (mirror, value) {
        (Json::Bool(true), value) => {
            secrets::hide(value);
            true
        }
        (mirror, _) if !speaks(mirror) => true,
        (_, Value::Null | Value::Unknown | Value::Secret(_)) => true,
        (Json::Object(marks), Value::Map(fields)) => {
            marks.iter().all(|(name, mark)| fields.get_mut(name).is_none_or(|value| hide_in(value, mark)))
        }
        (Json::Array(marks), Value::List(items)) => {
            marks.len() == items.len() && items.iter_mut().zip(marks).all(|(value, mark)| hide_in(value, mark))
        }
        _ => false,
    }
}

/// Lays `Value::Unknown` over what the mirror marks. A plan leaves out the unknown attributes of an object and has
/// `null` for unknown elements; where the mirror does not fit the value, all of it counts as unknown.
pub(in crate::terraform) fn unknown(value: &mut Value, mirror: &Json) {
    if !speaks(mirror) {
        return;
    }
    match (mirror, value) {
        (Json::Object(marks), Value::Map(fields)) => {
            for (name, mark) in marks.iter().filter(|(_, mark)| speaks(mark)) {
                unknown(fields.entry(name.clone()).or_insert(Value::Null), mark);
            }
        }
        (Json::Array(marks), Value::List(items)) if marks.len() == items.len() => {
            items.iter_mut().zip(marks).for_each(|(item, mark)| unknown(item, mark));
        }
        (_, value) => *value = Value::Unknown,
    }
}

/// Whether the mirror says anything anywhere; what is neither a truth value nor a structure is taken to.
fn speaks(mirror: &Json) -> bool {
    match mirror {
        Json::Null | Json::Bool(false) => false,
        Json::Array(items) => items.iter().any(speaks),
        Json::Object(fields) => fields.values().any(speaks),
        _ => true,
    }
}
