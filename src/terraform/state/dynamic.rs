//! Attributes whose type is only known from their value: a raw state keeps them as `{"value": …, "type": …}`.
//!
//! Rules: `cty/json/marshal.go` of zclconf/go-cty. A genuine object or map with these two keys is written in the order
//! of its keys, `type` first; the wrapper is written `value` first. So the order tells them apart where the provider's
//! schema is not at hand, and a wrapper must also hold what its type says.

use super::secrets;
use crate::model::Value;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// An object's attributes with every wrapper undone.
pub(super) fn attributes(json: Map<String, Json>) -> BTreeMap<String, Value> {
    json.into_iter().map(|(name, value)| (name, unwrapped(value))).collect()
}

fn unwrapped(json: Json) -> Value {
    match json {
        Json::Array(items) => Value::List(items.into_iter().map(unwrapped).collect()),
        Json::Object(fields) => match wrapper(&fields) {
            Some((value, kind)) => typed(value, kind),
            None => Value::Map(attributes(fields)),
        },
        plain => Value::from_json(plain),
    }
}

/// The value and the type in a wrapper.
fn wrapper(fields: &Map<String, Json>) -> Option<(&Json, &Json)> {
    let mut fields = fields.iter();
    match (fields.next(), fields.next(), fields.next()) {
        (Some((first, value)), Some((second, kind)), None) if first == "value" && second == "type" => {
            (is_type(kind) && fits(value, kind)).then_some((value, kind))
        }
        _ => None,
    }
}

/// A value whose type is known: only places of dynamic type within it are wrapped.
fn typed(value: &Json, kind: &Json) -> Value {
    match (value, parts(kind)) {
        (Json::Array(items), Some(("list" | "set", of))) => Value::List(items.iter().map(|v| typed(v, of)).collect()),
        (Json::Array(items), Some(("tuple", Json::Array(of)))) => {
            Value::List(items.iter().zip(of).map(|(item, of)| typed(item, of)).collect())
        }
        (Json::Object(fields), Some(("map", of))) => {
            Value::Map(fields.iter().map(|(name, value)| (name.clone(), typed(value, of))).collect())
        }
        (Json::Object(fields), Some(("object", Json::Object(of)))) => Value::Map(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), of.get(name).map_or(Value::Null, |of| typed(value, of))))
                .collect(),
        ),
        (Json::Object(fields), None) if kind == "dynamic" => match wrapper(fields) {
            Some((value, kind)) => typed(value, kind),
            None => Value::Map(secrets::fields(fields.clone())),
        },
        _ => Value::from_json(value.clone()),
    }
}

/// The constructor of a type and what it is over. An object type may name its optional attributes in a third place.
fn parts(kind: &Json) -> Option<(&str, &Json)> {
    match kind.as_array()?.as_slice() {
        [Json::String(name), of] => Some((name, of)),
        [Json::String(name), of, Json::Array(_)] if name == "object" => Some((name, of)),
        _ => None,
    }
}

fn is_type(kind: &Json) -> bool {
    match (kind, parts(kind)) {
        (Json::String(name), _) => matches!(name.as_str(), "string" | "number" | "bool" | "dynamic"),
        (_, Some(("list" | "set" | "map", of))) => is_type(of),
        (_, Some(("tuple", Json::Array(of)))) => of.iter().all(is_type),
        (_, Some(("object", Json::Object(of)))) => of.values().all(is_type),
        _ => false,
    }
}

/// Whether a value can be of a valid type.
fn fits(value: &Json, kind: &Json) -> bool {
    match (value, parts(kind)) {
        (Json::Null, _) => true,
        (Json::Array(items), Some(("list" | "set", of))) => items.iter().all(|item| fits(item, of)),
        (Json::Array(items), Some(("tuple", Json::Array(of)))) => {
            items.len() == of.len() && items.iter().zip(of).all(|(item, of)| fits(item, of))
        }
        (Json::Object(fields), Some(("map", of))) => fields.values().all(|value| fits(value, of)),
        (Json::Object(fields), Some(("object", Json::Object(of)))) => {
            fields.len() == of.len()
                && fields.iter().all(|(name, value)| of.get(name).is_some_and(|of| fits(value, of)))
        }
        (Json::String(_), None) => kind == "string",
        (Json::Number(_), None) => kind == "number",
        (Json::Bool(_), None) => kind == "bool",
        (Json::Object(fields), None) => kind == "dynamic" && wrapper(fields).is_some(),
        _ => false,
    }
}
