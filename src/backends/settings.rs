//! What is known of a backend: what `init` noted, else what the source says; and the environment beside it.

use super::Unread;
use crate::model::{Problem, Setting, Value};
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

    /// A text that there is no backend without.
    pub(super) fn needed(&self, name: &str) -> Result<String, Unread> {
        self.text(name)?.ok_or_else(|| {
            let problem = Problem::new(format!("the backend `{}` has no `{name}`", self.kind));
            problem.help("set it in its block, or give it to `terraform init` with `-backend-config`").into()
        })
    }

    /// A nested block, of which there is one; without settings where there is none.
    ///
    /// # Errors
    /// When the source does not tell what it says, or it is no block: that is not the same as none.
    pub(super) fn nested(&self, name: &str) -> Result<Settings<'a>, Unread> {
        let unknown = || Unread::Unsupported(format!("the value of `{name}` is not known"));
        let known = |value: &Value| match value {
            Value::Map(fields) => Ok(fields.iter().map(|(k, v)| (k.clone(), Setting::Known(v.clone()))).collect()),
            Value::Null => Ok(BTreeMap::new()),
            _ => Err(unknown()),
        };
        let settings = match self.settings.get(name) {
            Some(Setting::Blocks(blocks)) => blocks.first().cloned().unwrap_or_default(),
            Some(Setting::Known(Value::List(items))) => items.first().map_or(Ok(BTreeMap::new()), known)?,
            Some(Setting::Known(value)) => known(value)?,
            Some(Setting::Unresolved(_)) => return Err(unknown()),
            None => BTreeMap::new(),
        };
        let (kind, place) = (self.kind.clone(), self.place.clone());
        Ok(Settings { kind, place, settings, environment: self.environment })
    }

    /// A text, else what the variable holds.
    pub(super) fn text_or(&self, name: &str, variable: &str) -> Result<Option<String>, Unread> {
        Ok(self.text(name)?.or_else(|| self.variable(variable)))
    }

    /// A setting as it stands; `None` where it is not set.
    pub(super) fn said(&self, name: &str) -> Option<&Setting> {
        self.settings.get(name).filter(|setting| !matches!(setting, Setting::Known(Value::Null)))
    }

    /// # Errors
    /// When something is set that is not known here.
    pub(super) fn refuse_others(&self, is_known: impl Fn(&str) -> bool) -> Result<(), Unread> {
        let others: Vec<_> = self.settings.keys().map(String::as_str).filter(|name| !is_known(name)).collect();
        self.refuse(&others)
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
