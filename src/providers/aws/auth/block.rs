//! Arguments of a `provider` block, where each may be known, absent, or an expression that nobody has followed.

use super::ConnectError;
use crate::model::Value;
use crate::model::{ProviderConfiguration, Setting};
use std::collections::BTreeMap;

/// A block's arguments, from HCL or from JSON.
#[derive(Clone, Copy)]
enum Arguments<'a> {
    Settings(&'a BTreeMap<String, Setting>),
    Values(&'a BTreeMap<String, Value>),
    None,
}

/// A `provider` block or one nested in it.
pub(super) struct Block<'a> {
    arguments: Arguments<'a>,
    /// For a nested block: its name with a final `.`.
    path: String,
    place: &'a str,
}

enum Argument<'a> {
    Absent,
    Known(&'a Value),
    Blocks(&'a [BTreeMap<String, Setting>]),
    /// The source text.
    Unresolved(&'a str),
}

impl<'a> Block<'a> {
    /// The whole block; one without arguments when there is none.
    pub(super) fn new(configuration: Option<&'a ProviderConfiguration>) -> Self {
        match configuration {
            Some(c) => Block { arguments: Arguments::Settings(&c.settings), path: String::new(), place: &c.place },
            None => Block { arguments: Arguments::None, path: String::new(), place: "" },
        }
    }

    /// A text argument; `""` counts as absent, as it does for the provider.
    ///
    /// # Errors
    /// When its value is not known.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, ConnectError> {
        match self.argument(name) {
            Argument::Absent | Argument::Blocks(_) => Ok(None),
            Argument::Known(value) => Ok(as_text(value).filter(|text| !text.is_empty())),
            Argument::Unresolved(text) => Err(self.unresolved(name, text)),
        }
    }

    /// As [`Block::text`], for arguments that do not decide as whom and whom we ask: not known counts as absent.
    pub(super) fn known_text(&self, name: &str) -> Option<String> {
        self.text(name).unwrap_or_default()
    }

    /// A flag; one whose value is not known counts as absent.
    pub(super) fn known_flag(&self, name: &str) -> Option<bool> {
        self.known_text(name)?.parse().ok()
    }

    /// A list or set of texts; empty when absent.
    ///
    /// # Errors
    /// When its value, or that of an element, is not known.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, ConnectError> {
        match self.argument(name) {
            Argument::Known(value) if is_known(value) => Ok(value.items().iter().filter_map(as_text).collect()),
            Argument::Absent | Argument::Blocks(_) => Ok(Vec::new()),
            Argument::Known(_) => Err(self.unresolved(name, "an element that is not known")),
            Argument::Unresolved(text) => Err(self.unresolved(name, text)),
        }
    }

    /// A map of texts, as far as it is known.
    pub(super) fn known_map(&self, name: &str) -> Vec<(String, String)> {
        match self.argument(name) {
            Argument::Known(Value::Map(fields)) => {
                fields.iter().filter_map(|(k, v)| Some((k.clone(), as_text(v)?))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The nested blocks of this name. Terraform JSON writes one of them as an object, several as a list.
    ///
    /// # Errors
    /// When it cannot be told how many there are (`dynamic` blocks).
    pub(super) fn blocks(&self, name: &str) -> Result<Vec<Block<'a>>, ConnectError> {
        let nested = |arguments| Block { arguments, path: format!("{}{name}.", self.path), place: self.place };
        let of_value = |value: &'a Value| match value {
            Value::Map(fields) => nested(Arguments::Values(fields)),
            _ => nested(Arguments::None),
        };
        Ok(match self.argument(name) {
            Argument::Absent => Vec::new(),
            Argument::Blocks(blocks) => blocks.iter().map(|b| nested(Arguments::Settings(b))).collect(),
            Argument::Known(Value::List(items)) => items.iter().map(of_value).collect(),
            Argument::Known(value) => vec![of_value(value)],
            Argument::Unresolved(text) => return Err(self.unresolved(name, text)),
        })
    }

    fn argument(&self, name: &str) -> Argument<'a> {
        let value = match self.arguments {
            Arguments::None => None,
            Arguments::Values(values) => values.get(name),
            Arguments::Settings(settings) => match settings.get(name) {
                None => None,
                Some(Setting::Known(value)) => Some(value),
                Some(Setting::Blocks(blocks)) => return Argument::Blocks(blocks),
                Some(Setting::Unresolved(text)) => return Argument::Unresolved(text),
            },
        };
        match value {
            None | Some(Value::Null) => Argument::Absent,
            Some(Value::Secret(_)) => Argument::Unresolved("a sensitive value"),
            Some(Value::Unknown) => Argument::Unresolved("a value known only after an apply"),
            Some(value) => Argument::Known(value),
        }
    }

    fn unresolved(&self, name: &str, text: &str) -> ConnectError {
        ConnectError::Unresolved {
            setting: format!("{}{name}", self.path),
            // What stands between quotes may be part of a secret.
            text: if text.contains('"') { "an expression".to_owned() } else { text.to_owned() },
            place: self.place.to_owned(),
        }
    }
}

/// Terraform turns numbers and flags into texts where a text is wanted.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn is_known(value: &Value) -> bool {
    !value.has_unknown() && !value.items().iter().any(|item| matches!(item, Value::Secret(_)))
}
