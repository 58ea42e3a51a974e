//! Masks the secrets of an object's attributes: what the state marks, and what is secret whatever it marks.

use crate::model::Value;
use crate::model::value::{PathStep, Secret};
use serde::Deserialize;
use std::collections::BTreeMap;

/// An object's attributes.
pub(in crate::terraform) type Fields = BTreeMap<String, Value>;

/// Attributes that need no decoding.
pub(in crate::terraform) fn fields(json: serde_json::Map<String, serde_json::Value>) -> Fields {
    json.into_iter().map(|(name, value)| (name, Value::from_json(value))).collect()
}

/// Masks attributes by name.
pub(in crate::terraform) fn hide_named(attributes: &mut Fields, names: &[&str]) {
    for name in names {
        if let Some(value) = attributes.get_mut(*name) {
            hide(value);
        }
    }
}

/// Parts of names that speak of secrets.
const TELLING: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "private_key",
    "privatekey",
    "api_key",
    "apikey",
    "access_key",
    "credential",
    "connection_string",
    "client_key",
];

/// Masks texts by what the names above them tell: for types that nobody here knows, whose provider may have forgotten to
/// mark them.
pub(in crate::terraform) fn hide_telling(attributes: &mut Fields) {
    for (name, value) in attributes {
        let name = name.to_ascii_lowercase();
        if TELLING.iter().any(|word| name.contains(word)) {
            hide_texts(value);
        } else {
            hide_telling_in(value);
        }
    }
}

fn hide_telling_in(value: &mut Value) {
    match value {
        Value::Map(fields) => hide_telling(fields),
        Value::List(items) => items.iter_mut().for_each(hide_telling_in),
        _ => {}
    }
}

/// Masks every text: numbers and truth values are about a secret and not one themselves.
pub(in crate::terraform) fn hide_texts(value: &mut Value) {
    match value {
        Value::String(text) if !text.is_empty() => hide(value),
        Value::Map(fields) => fields.values_mut().for_each(hide_texts),
        Value::List(items) => items.iter_mut().for_each(hide_texts),
        _ => {}
    }
}

/// Masks every attribute.
pub(in crate::terraform) fn hide_all(attributes: &mut Fields) {
    attributes.values_mut().for_each(hide);
}

/// Masks a whole value; an absence is no secret, and what is not known yet has no content.
pub(in crate::terraform) fn hide(value: &mut Value) {
    if !matches!(value, Value::Null | Value::Unknown) {
        *value = Value::Secret(Secret::present());
    }
}

/// Masks what the paths of `sensitive_attributes` lead to. What is not understood hides more, never less: a path that
/// leads nowhere hides its whole attribute, a list that is no list of paths hides everything.
///
/// Form of the paths: `unmarshalPaths` in `statefile/version4.go`.
pub(super) fn hide_paths(attributes: &mut Fields, json: Option<&str>) {
    let Some(json) = json else { return };
    let Ok(paths) = serde_json::from_str::<Vec<Vec<serde_json::Value>>>(json) else { return hide_all(attributes) };
    for path in paths {
        let steps: Vec<Option<PathStep>> = path.into_iter().map(step).collect();
        let Some(Some(PathStep::Name(name))) = steps.first() else { return hide_all(attributes) };
        if let Some(value) = attributes.get_mut(name)
            && !hide_at(value, &steps[1..])
        {
            hide(value);
        }
    }
}

/// Masks what stands at the path; whether the path led there.
fn hide_at(value: &mut Value, path: &[Option<PathStep>]) -> bool {
    match (path.split_first(), value) {
        (_, Value::Null | Value::Secret(_)) => true,
        (None, here) => {
            hide(here);
            true
        }
        (Some((Some(PathStep::Name(name)), rest)), Value::Map(fields)) => {
            fields.get_mut(name).is_some_and(|inner| hide_at(inner, rest))
        }
        (Some((Some(PathStep::Index(index)), rest)), Value::List(items)) => {
            items.get_mut(*index).is_some_and(|inner| hide_at(inner, rest))
        }
        _ => false,
    }
}

/// One step of a path: `get_attr` with a name, or `index` with a value that carries its type.
fn step(json: serde_json::Value) -> Option<PathStep> {
    #[derive(Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    enum Step {
        GetAttr { value: String },
        Index { value: Index },
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Index {
        Typed { value: Plain },
        Bare(Plain),
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Plain {
        Position(usize),
        Key(String),
    }

    match serde_json::from_value(json).ok()? {
        Step::GetAttr { value } => Some(PathStep::Name(value)),
        Step::Index { value: Index::Typed { value } | Index::Bare(value) } => Some(match value {
            Plain::Position(index) => PathStep::Index(index),
            Plain::Key(name) => PathStep::Name(name),
        }),
    }
}
