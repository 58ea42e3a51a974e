//! Type constraints of variables, with the defaults that `optional(…)` gives.
//!
//! Rules: `ext/typeexpr` of hashicorp/hcl as Terraform 1.11 uses it.

use super::super::syntax::tree::{Call, ObjectItem};
use super::super::syntax::{self, Expression, Kind};
use crate::terraform::evaluate::Scope;
use crate::terraform::value::types::Attribute;
use crate::terraform::value::{Data, Entries, Entry, Type, Val, convert};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the values of a variable are converted to.
#[derive(Clone)]
pub(super) struct Constraint {
    pub(super) of: Type,
    defaults: Defaults,
}

/// Values for attributes that are absent or null, and those further inside.
#[derive(Clone, Default)]
struct Defaults {
    values: BTreeMap<Arc<str>, Val>,
    /// By attribute; of a collection under the empty name, of a tuple by position.
    inside: BTreeMap<Arc<str>, Defaults>,
}

impl Constraint {
    pub(super) fn any() -> Self {
        Constraint { of: Type::Dynamic, defaults: Defaults::default() }
    }

    /// Whether a text that is given for it is taken as it stands, and not as an expression.
    pub(super) fn takes_text(&self) -> bool {
        self.of == Type::Dynamic || self.of.is_primitive()
    }

    /// The constraint that an expression writes; in words why it is none.
    pub(super) fn read(expression: &Expression, scope: &Scope<'_>) -> Result<Constraint, String> {
        let mut defaults = Defaults::default();
        let of = read(expression, scope, &mut defaults)?;
        Ok(Constraint { of, defaults })
    }

    /// The value as the constraint has it.
    pub(super) fn convert(&self, value: &Val) -> Result<Val, String> {
        convert::convert(&self.defaults.applied(value), &self.of)
    }
}

fn read(expression: &Expression, scope: &Scope<'_>, defaults: &mut Defaults) -> Result<Type, String> {
    match &expression.kind {
        Kind::Variable(word) => word_type(word),
        // In JSON, and in the form of old, it is written in quotes.
        Kind::Template(template) => {
            let text = template.literal_text().ok_or("a type is no template")?;
            match syntax::parse_expression(&text) {
                Ok(inner) if !matches!(inner.kind, Kind::Template(_)) => read(&inner, scope, defaults),
                _ => Err("it is no type".to_owned()),
            }
        }
        Kind::Call(call) => constructed(call, scope, defaults),
        _ => Err("it is no type".to_owned()),
    }
}

fn word_type(word: &str) -> Result<Type, String> {
    Ok(match word {
        "any" => Type::Dynamic,
        "bool" => Type::Bool,
        "number" => Type::Number,
        "string" => Type::String,
        "list" => Type::list(Type::Dynamic),
        "map" => Type::map(Type::Dynamic),
        "set" => Type::set(Type::Dynamic),
        _ => return Err(format!("`{word}` is no type")),
    })
}

fn constructed(call: &Call, scope: &Scope<'_>, defaults: &mut Defaults) -> Result<Type, String> {
    let name = call.name.text.as_str();
    let [argument] = call.arguments.as_slice() else {
        return Err(format!("`{name}` takes one type"));
    };
    let mut element = |scope: &Scope<'_>| {
        let mut inside = Defaults::default();
        let of = read(argument, scope, &mut inside)?;
        defaults.keep("", inside);
        Ok::<Type, String>(of)
    };
    match (name, &argument.kind) {
        ("list", _) => Ok(Type::list(element(scope)?)),
        ("set", _) => Ok(Type::set(element(scope)?)),
        ("map", _) => Ok(Type::map(element(scope)?)),
        ("tuple", Kind::Tuple(elements)) => {
            let mut types = Vec::with_capacity(elements.len());
            for (index, element) in elements.iter().enumerate() {
                let mut inside = Defaults::default();
                types.push(read(element, scope, &mut inside)?);
                defaults.keep(&index.to_string(), inside);
            }
            Ok(Type::Tuple(types))
        }
        ("object", Kind::Object(items)) => {
            let mut attributes = BTreeMap::new();
            for item in items {
                let name: Arc<str> =
                    item.key.literal().ok_or("an attribute's name must be written out")?.as_ref().into();
                attributes.insert(name.clone(), attribute(&name, item, scope, defaults)?);
            }
            Ok(Type::Object(attributes))
        }
        _ => Err(format!("`{name}(…)` is no type")),
    }
}

fn attribute(
    name: &Arc<str>,
    item: &ObjectItem,
    scope: &Scope<'_>,
    defaults: &mut Defaults,
) -> Result<Attribute, String> {
    let mut inside = Defaults::default();
    let (written, default, optional) = match &item.value.kind {
        Kind::Call(call) if call.name.text == "optional" => match call.arguments.as_slice() {
            [of] => (of, None, true),
            [of, default] => (of, Some(default), true),
            _ => return Err("`optional` takes a type and a default".to_owned()),
        },
        _ => (&item.value, None, false),
    };
    let of = read(written, scope, &mut inside)?;
    if let Some(default) = default {
        let value = scope.value(default).map_err(|fault| fault.message)?;
        let value = convert::convert(&inside.applied(&value), &of)?;
        defaults.values.insert(name.clone(), value);
    }
    defaults.keep(name, inside);
    Ok(Attribute { of, optional })
}

impl Defaults {
    fn keep(&mut self, name: &str, inside: Defaults) {
        if !inside.values.is_empty() || !inside.inside.is_empty() {
            self.inside.insert(name.into(), inside);
        }
    }

    /// The value with defaults in place of what is absent or null.
    fn applied(&self, value: &Val) -> Val {
        if self.values.is_empty() && self.inside.is_empty() {
            return value.clone();
        }
        let at =
            |name: &str, element: &Val| self.inside.get(name).map_or_else(|| element.clone(), |d| d.applied(element));
        let data = match &value.data {
            Data::Object(entries) | Data::Map(_, entries)
                if !self.values.is_empty() || !self.inside.contains_key("") =>
            {
                let mut filled: Entries = entries
                    .iter()
                    .map(|(name, entry)| {
                        let value = at(name, &entry.value);
                        (name.clone(), Entry { key_origin: entry.key_origin.clone(), value })
                    })
                    .collect();
                for (name, default) in &self.values {
                    if filled.get(name).is_none_or(|entry| entry.value.is_null()) {
                        filled.insert(name.clone(), default.clone().into());
                    }
                }
                // With attributes of several types it is an object, whatever it was.
                Data::Object(Arc::new(filled))
            }
            Data::Object(entries) | Data::Map(_, entries) => Data::Object(Arc::new(
                entries
                    .iter()
                    .map(|(name, entry)| {
                        let value = at("", &entry.value);
                        (name.clone(), Entry { key_origin: entry.key_origin.clone(), value })
                    })
                    .collect(),
            )),
            Data::Tuple(elements) | Data::List(_, elements) | Data::Set(_, elements) => {
                let of_all = self.inside.contains_key("");
                let each = elements.iter().enumerate().map(|(index, element)| match of_all {
                    true => at("", element),
                    false => at(&index.to_string(), element),
                });
                Data::Tuple(Arc::new(each.collect()))
            }
            _ => return value.clone(),
        };
        Val::new(data).with_origin(value.origin.clone()).marked(value.sensitive)
    }
}
