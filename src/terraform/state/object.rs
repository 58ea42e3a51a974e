//! One recorded object: who it is at once, its attributes when they are asked for.

use super::text::{self, Text};
use super::{Masks, document, dynamic, flatmap, mirror, secrets};
use crate::model::{Address, InstanceKey, Mode, Problem, ProviderRef, Value};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// An object that a state records: the current one of an instance, or a deposed one.
#[derive(Debug, Clone)]
pub struct Object {
    pub address: Address,
    pub provider: ProviderRef,
    pub tainted: bool,
    /// Key of a deposed object; `None` for the current one.
    pub deposed: Option<String>,
    text: Arc<Text>,
    content: Content,
    /// Attributes that are secret whether or not the state marks them so.
    secrets: &'static [&'static str],
    /// Where the text names the resources that it depends on.
    pub(super) dependencies: Option<Range<usize>>,
}

/// Where an object's attributes and its marks of secrets stand in the text.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Raw { attributes: Range<usize>, sensitive: Option<Range<usize>> },
    Flat { attributes: Range<usize>, sensitive: Option<Range<usize>> },
    Shown { attributes: Range<usize>, sensitive: Option<Range<usize>> },
    Empty,
}

impl Object {
    /// The attributes, parsed now, with secrets masked. Those of an object that no Terraform after 0.11 has written are
    /// texts throughout.
    pub fn attributes(&self) -> Result<Value, Problem> {
        let mut attributes = match &self.content {
            Content::Raw { attributes, sensitive } => {
                let mut attributes = dynamic::attributes(self.parse(attributes)?);
                secrets::hide_paths(&mut attributes, sensitive.as_ref().map(|range| self.text.slice(range)));
                attributes
            }
            Content::Flat { attributes, sensitive } => {
                let mut attributes = flatmap::expand(&self.parse(attributes)?).map_err(|why| self.unreadable(&why))?;
                secrets::hide_paths(&mut attributes, sensitive.as_ref().map(|range| self.text.slice(range)));
                attributes
            }
            Content::Shown { attributes, sensitive } => {
                let attributes: serde_json::Map<String, serde_json::Value> = self.parse(attributes)?;
                let mut attributes = secrets::fields(attributes);
                if let Some(range) = sensitive {
                    mirror::hide(&mut attributes, &self.parse(range)?);
                }
                attributes
            }
            Content::Empty => BTreeMap::new(),
        };
        secrets::hide_named(&mut attributes, self.secrets);
        Ok(Value::Map(attributes))
    }

    /// The resources that it depends on, without instance keys; none where the state does not say.
    pub fn dependencies(&self) -> Vec<String> {
        let text = self.dependencies.as_ref().map(|range| self.text.slice(range));
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    fn parse<T: DeserializeOwned>(&self, range: &Range<usize>) -> Result<T, Problem> {
        serde_json::from_str(self.text.slice(range)).map_err(|error| self.unreadable(&text::reason(&error)))
    }

    fn unreadable(&self, why: &str) -> Problem {
        Problem::new(format!("the attributes of `{}` in the state cannot be read: {why}", self.address))
            .at(self.text.path())
            .help(document::DAMAGED)
    }
}

/// What all objects of one state share while they are taken apart.
pub(super) struct Shelf<'a> {
    pub(super) text: &'a Arc<Text>,
    pub(super) masks: Masks<'a>,
}

impl Shelf<'_> {
    pub(super) fn object(
        &self,
        address: Address,
        provider: ProviderRef,
        tainted: bool,
        deposed: Option<String>,
        content: Content,
    ) -> Object {
        let secrets = (self.masks)(&address.resource_type);
        let text = self.text.clone();
        Object { address, provider, tainted, deposed, text, content, secrets, dependencies: None }
    }

    /// The problem that a resource of the state is.
    pub(super) fn broken(&self, module: Option<&str>, resource_type: &str, name: &str, why: String) -> Problem {
        let module = module.filter(|path| !path.is_empty()).map(|path| format!("{path}.")).unwrap_or_default();
        Problem::new(format!("resource `{module}{resource_type}.{name}` in the state cannot be read: {why}"))
            .at(self.text.path())
            .help(document::DAMAGED)
    }
}

/// What a resource is, by the word for it in a state.
pub(super) fn mode(word: &str) -> Result<Mode, String> {
    match word {
        "managed" => Ok(Mode::Managed),
        "data" => Ok(Mode::Data),
        mode => Err(format!("`{mode}` is not a mode of resources")),
    }
}

/// An instance key as JSON holds it: a whole number or an unescaped text.
pub(super) fn key(json: &str) -> Result<InstanceKey, String> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Key {
        Int(i64),
        Str(String),
    }

    match serde_json::from_str(json) {
        Ok(Key::Int(number)) => Ok(InstanceKey::Int(number)),
        Ok(Key::Str(text)) => Ok(InstanceKey::Str(text)),
        Err(_) => Err("its instance key is neither a whole number nor a text".to_owned()),
    }
}

/// The name of a resource that could not be read, as far as it has one.
pub(in crate::terraform) fn rough_name(resource: &RawValue) -> String {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(resource.get()).unwrap_or_default();
    let text = |key: &str| fields.get(key).and_then(|raw| serde_json::from_str::<String>(raw.get()).ok());
    if let Some(address) = text("address") {
        return address;
    }
    let part = |key: &str| text(key).unwrap_or_else(|| "?".to_owned());
    let module = text("module").map(|path| format!("{path}.")).unwrap_or_default();
    format!("{module}{}.{}", part("type"), part("name"))
}
