//! The one pass over a state: objects in either form, every other top-level key as the text it has.

use super::form::{self, Form, TopLevel};
use super::text::{self, Text};
use super::{raw, shown};
use crate::model::{Problem, StateRef};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// A state before its objects are taken apart.
#[derive(Default)]
pub(super) struct Document<'a> {
    /// Of the raw form.
    pub(super) resources: Option<Vec<raw::Resource<'a>>>,
    /// Of the form that `show -json` prints.
    pub(super) values: Option<shown::Values<'a>>,
    rest: BTreeMap<String, &'a RawValue>,
}

impl Document<'_> {
    pub(super) fn reference(&self, path: &str) -> StateRef {
        StateRef {
            path: path.to_owned(),
            serial: self.json("serial").and_then(|json| json.parse().ok()),
            lineage: self.json("lineage").and_then(|json| serde_json::from_str(json).ok()),
        }
    }

    /// The version that wrote it.
    pub(super) fn written_by(&self) -> Option<String> {
        self.json("terraform_version").and_then(|json| serde_json::from_str(json).ok())
    }
}

impl TopLevel for Document<'_> {
    fn has(&self, key: &str) -> bool {
        match key {
            "resources" => self.resources.is_some(),
            "values" => self.values.is_some(),
            key => self.rest.contains_key(key),
        }
    }

    fn has_only(&self, keys: &[&str]) -> bool {
        self.resources.is_none() && self.values.is_none() && self.rest.has_only(keys)
    }

    fn json(&self, key: &str) -> Option<&str> {
        self.rest.json(key)
    }
}

impl TopLevel for BTreeMap<String, &RawValue> {
    fn has(&self, key: &str) -> bool {
        self.contains_key(key)
    }

    fn has_only(&self, keys: &[&str]) -> bool {
        self.keys().all(|key| keys.contains(&key.as_str()))
    }

    fn json(&self, key: &str) -> Option<&str> {
        self.get(key).map(|raw| raw.get())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Document<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TopVisitor;

        impl<'de> Visitor<'de> for TopVisitor {
            type Value = Document<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Document<'de>, M::Error> {
                let mut document = Document::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "resources" => document.resources = map.next_value()?,
                        "values" => document.values = map.next_value()?,
                        _ => {
                            document.rest.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(document)
            }
        }

        deserializer.deserialize_map(TopVisitor)
    }
}

/// Says what is wrong with a document that is JSON and has not the shape of a state: slowly, because it happens once.
pub(super) fn misshapen(text: &Text, error: &serde_json::Error) -> Problem {
    let Ok(top) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text.json()) else {
        return form::unknown().at(text.path());
    };
    let broken = match form::of(&top) {
        Err(problem) => return problem.at(text.path()),
        Ok(Form::Plan) => return form::plan_given().at(text.path()),
        Ok(Form::Raw) => top.get("resources").and_then(|resources| raw::broken(resources)),
        Ok(Form::Shown) => top.get("values").and_then(|values| shown::broken(values)),
    };
    let what = broken.map_or_else(
        || format!("the state cannot be read: {}", text::reason(error)),
        |(name, error)| format!("resource `{name}` in the state cannot be read: {}", text::reason(&error)),
    );
    Problem::new(what).at(text.place(error)).help(DAMAGED)
}

pub(super) const DAMAGED: &str =
    "the state is damaged or was edited by hand; `terraform state pull` prints a sound one";
