//! What is known of a backend: what `init` noted, else what the source says; and the environment beside it.

use super::Unread;
use crate::model::{Setting, Value};
use crate::terraform::config::Backend;
use crate::terraform::workdir::{Environment, Noted};
use std::collections::BTreeMap;
use std::path::Path;

/// A backend's settings. They hold credentials, so there is no `Debug`.
pub(super) struct Settings<'a> {
    kind: String,
    place: String,
    settings: BTreeMap<String, Setting>,
    environment: &'a Environment,
}

impl<'a> Settings<'a> {
    pub(super) fn noted(noted: Noted, dir: &Path, environment: &'a Environment) -> Self {
        let known = noted.settings.into_iter().map(|(name, value)| (name, Setting::Known(Value::from_json(value))));
        Settings {
            place: format!("{} (backend `{}`)", dir.display(), noted.kind),
            kind: noted.kind,
            settings: known.collect(),
            environment,
        }
    }

    pub(super) fn declared(backend: Backend, environment: &'a Environment) -> Self {
        Settings { kind: backend.kind, place: backend.place, settings: backend.settings, environment }
    }

    pub(super) fn kind(&self) -> &str {
        &self.kind
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// A variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// A text; an empty one counts as not set.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Unread> {
        match self.settings.get(name) {
            None | Some(Setting::Known(Value::Null)) => Ok(None),
            Some(Setting::Known(Value::String(text))) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(Setting::Known(Value::Number(number))) => Ok(Some(number.to_string())),
            Some(Setting::Known(Value::Bool(truth))) => Ok(Some(truth.to_string())),
            Some(_) => Err(Unread::Unsupported(format!("the value of `{name}` is not known"))),
        }
    }

    /// A text, else what the variable holds.
    pub(super) fn text_or(&self, name: &str, variable: &str) -> Result<Option<String>, Unread> {
        Ok(self.text(name)?.or_else(|| self.variable(variable)))
    }

    /// # Errors
    /// When any of these is set to more than `false` or nothing: what it asks for is not done here.
    pub(super) fn refuse(&self, names: &[&str]) -> Result<(), Unread> {
        match names.iter().find(|name| self.settings.get(**name).is_some_and(says_something)) {
            Some(name) => Err(Unread::Unsupported(format!("`{name}` is set"))),
            None => Ok(()),
        }
    }
}

fn says_something(setting: &Setting) -> bool {
    match setting {
        Setting::Known(Value::Null | Value::Bool(false)) => false,
        Setting::Known(Value::String(text)) => !text.is_empty(),
        Setting::Known(Value::List(items)) => !items.is_empty(),
        Setting::Known(Value::Map(fields)) => fields.values().any(|value| !value.is_null()),
        Setting::Known(_) | Setting::Unresolved(_) => true,
        Setting::Blocks(blocks) => !blocks.is_empty(),
    }
}
