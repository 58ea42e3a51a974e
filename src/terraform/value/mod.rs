//! Values of the configuration language: with a type, known or not, sensitive or not, and with where they were written.
//!
//! Rules: `cty` as Terraform 1.11 uses it, held against `terraform console`.

mod composing;
pub mod convert;
pub mod equal;
pub mod json_text;
mod mark;
pub mod number;
pub mod origin;
pub mod parts;
pub mod set_order;
mod size;
pub mod types;
pub mod unify;
pub mod unknown;

pub use mark::{Mark, Marker};
pub use number::Number;
pub use origin::{Origin, Place};
pub use size::TEXT;
pub use types::Type;
pub use unknown::{Cause, Why};

use crate::model::{Secret, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A value. Cheap to clone.
#[derive(Clone)]
pub struct Val {
    pub data: Data,
    pub origin: Origin,
    /// Marked sensitive as a whole; elements of a collection have marks of their own.
    pub sensitive: bool,
    /// Of an object that is not known as a whole: the attributes that are said all the same. There are others.
    pub(in crate::terraform) said: Option<Arc<Entries>>,
}

/// What a value is.
#[derive(Clone)]
pub enum Data {
    Null(Type),
    /// Not known here, with the reason.
    Unknown(Type, Arc<Why>),
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    /// Elements of one type.
    List(Type, Arc<Vec<Val>>),
    /// Elements of one type, each once, in the order in which Terraform goes through them.
    Set(Type, Arc<Vec<Val>>),
    /// Elements of one type.
    Map(Type, Arc<Entries>),
    Tuple(Arc<Vec<Val>>),
    Object(Arc<Entries>),
}

/// Attributes of an object or elements of a map, in the order in which Terraform goes through them.
pub type Entries = BTreeMap<Arc<str>, Entry>;

/// A value under a key, with where the key was written.
#[derive(Clone)]
pub struct Entry {
    pub key_origin: Origin,
    pub value: Val,
}

impl From<Val> for Entry {
    fn from(value: Val) -> Self {
        Entry { key_origin: Origin::none(), value }
    }
}

impl Val {
    pub fn new(data: Data) -> Self {
        Val { data, origin: Origin::none(), sensitive: false, said: None }
    }

    pub fn null(of: Type) -> Self {
        Val::new(Data::Null(of))
    }

    pub fn unknown(of: Type, why: Why) -> Self {
        Val::new(Data::Unknown(of, Arc::new(why)))
    }

    /// Something of any type for which another unknown value is the reason.
    pub fn unknown_like(of: Type, why: &Arc<Why>) -> Self {
        Val::new(Data::Unknown(of, why.clone()))
    }

    /// An object that is not known as a whole, for this reason, but of which these attributes are said.
    pub fn known_in_part(said: Entries, why: Why) -> Self {
        Val { said: Some(Arc::new(said)), ..Val::unknown(Type::Dynamic, why) }
    }

    pub fn bool(value: bool) -> Self {
        Val::new(Data::Bool(value))
    }

    /// A string, composed as Unicode's normal form C has it: so is every string there.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        Val::new(Data::String(composing::composed(&text).map_or(text, |(composed, _)| composed.into())))
    }

    /// A string whose bytes, before it is composed, answer to those of an origin.
    pub fn string_from(text: impl Into<Arc<str>>, origin: &Origin) -> Self {
        let text = text.into();
        let (text, origin) = match composing::composed(&text) {
            Some((composed, composing)) => (composed.into(), Origin::composed(origin, composing)),
            None => (text, origin.clone()),
        };
        Val::new(Data::String(text)).with_origin(origin)
    }

    pub fn number(number: impl Into<Number>) -> Self {
        Val::new(Data::Number(number.into()))
    }

    pub fn tuple(elements: Vec<Val>) -> Self {
        Val::new(Data::Tuple(Arc::new(elements)))
    }

    pub fn object(entries: Entries) -> Self {
        Val::new(Data::Object(Arc::new(entries)))
    }

    /// A list whose elements have this type already.
    pub fn list(of: Type, elements: Vec<Val>) -> Self {
        Val::new(Data::List(of, Arc::new(elements)))
    }

    /// A map whose elements have this type already.
    pub fn map(of: Type, entries: Entries) -> Self {
        Val::new(Data::Map(of, Arc::new(entries)))
    }

    /// A set of elements that have this type already, in any order and as often as they like. Marks of elements become
    /// one mark of the set.
    pub fn set(of: Type, elements: Vec<Val>) -> Self {
        let sensitive = elements.iter().any(Val::is_sensitive_within);
        let elements = if sensitive { elements.iter().map(Val::without_marks).collect() } else { elements };
        Val::new(Data::Set(of, Arc::new(equal::each_once(elements)))).marked(sensitive)
    }

    /// A value without types or origins, as a state holds it: lists are tuples, maps are objects.
    pub fn from_value(value: &Value) -> Self {
        match value {
            Value::Null => Val::null(Type::Dynamic),
            Value::Bool(value) => Val::bool(*value),
            Value::Number(number) => match Number::parse(&number.to_string()) {
                Some(number) => Val::number(number),
                None => Val::unknown(Type::Number, Why::new(Cause::Limit, "the number is too large")),
            },
            Value::String(text) => Val::string(text.as_str()),
            Value::List(items) => Val::tuple(items.iter().map(Val::from_value).collect()),
            Value::Map(fields) => Val::object(
                fields.iter().map(|(key, value)| (Arc::from(key.as_str()), Val::from_value(value).into())).collect(),
            ),
            Value::Secret(_) => Val::unknown(Type::Dynamic, Why::new(Cause::NotGiven, "it is sensitive")).marked(true),
            Value::Unknown => Val::unknown(Type::Dynamic, Why::new(Cause::AfterApply, "known after apply")),
        }
    }

    /// The value without anything on where it was written, at any depth.
    pub fn without_origins(&self) -> Self {
        let plain = |elements: &Arc<Vec<Val>>| Arc::new(elements.iter().map(Val::without_origins).collect());
        let plain_entries = |entries: &Arc<Entries>| {
            Arc::new(entries.iter().map(|(key, entry)| (key.clone(), entry.value.without_origins().into())).collect())
        };
        let data = match &self.data {
            Data::List(of, elements) => Data::List(of.clone(), plain(elements)),
            Data::Set(of, elements) => Data::Set(of.clone(), plain(elements)),
            Data::Tuple(elements) => Data::Tuple(plain(elements)),
            Data::Map(of, entries) => Data::Map(of.clone(), plain_entries(entries)),
            Data::Object(entries) => Data::Object(plain_entries(entries)),
            other => other.clone(),
        };
        Val { sensitive: self.sensitive, ..Val::new(data) }
    }

    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The value marked sensitive when `sensitive` says so; a mark is never taken away.
    pub fn marked(mut self, sensitive: bool) -> Self {
        self.sensitive |= sensitive;
        self
    }

    /// The value without the marks of it and of anything in it, for what marks its result as a whole.
    pub fn without_marks(&self) -> Self {
        if !self.is_sensitive_within() {
            return self.clone();
        }
        let all = |elements: &[Val]| Arc::new(elements.iter().map(Val::without_marks).collect());
        let each = |entries: &Entries| {
            let entry =
                |entry: &Entry| Entry { key_origin: entry.key_origin.clone(), value: entry.value.without_marks() };
            Arc::new(entries.iter().map(|(key, value)| (key.clone(), entry(value))).collect())
        };
        let data = match &self.data {
            Data::List(of, elements) => Data::List(of.clone(), all(elements)),
            Data::Set(of, elements) => Data::Set(of.clone(), all(elements)),
            Data::Tuple(elements) => Data::Tuple(all(elements)),
            Data::Map(of, entries) => Data::Map(of.clone(), each(entries)),
            Data::Object(entries) => Data::Object(each(entries)),
            data => data.clone(),
        };
        Val::new(data).with_origin(self.origin.clone())
    }

    /// The type; for a tuple or an object made of the types of its elements.
    pub fn type_of(&self) -> Type {
        match &self.data {
            Data::Null(of) | Data::Unknown(of, _) => of.clone(),
            Data::Bool(_) => Type::Bool,
            Data::Number(_) => Type::Number,
            Data::String(_) => Type::String,
            Data::List(of, _) => Type::List(Box::new(of.clone())),
            Data::Set(of, _) => Type::Set(Box::new(of.clone())),
            Data::Map(of, _) => Type::Map(Box::new(of.clone())),
            Data::Tuple(elements) => Type::Tuple(elements.iter().map(Val::type_of).collect()),
            Data::Object(entries) => Type::object(entries.iter().map(|(k, e)| (k.clone(), e.value.type_of()))),
        }
    }

    /// The type as messages name it, without what it is made of.
    pub fn noun(&self) -> &'static str {
        match &self.data {
            Data::Null(of) | Data::Unknown(of, _) => of.noun(),
            Data::Bool(_) => "bool",
            Data::Number(_) => "number",
            Data::String(_) => "string",
            Data::List(..) => "list",
            Data::Set(..) => "set",
            Data::Map(..) => "map",
            Data::Tuple(_) => "tuple",
            Data::Object(_) => "object",
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null(_))
    }

    /// Why it is not known; `None` for a value that is known, whatever stands inside of it.
    pub fn why_unknown(&self) -> Option<&Arc<Why>> {
        match &self.data {
            Data::Unknown(_, why) => Some(why),
            _ => None,
        }
    }

    /// Why something in it, or the whole, is not known; the first reason in order.
    pub fn why_not_wholly_known(&self) -> Option<&Arc<Why>> {
        match &self.data {
            Data::Unknown(_, why) => Some(why),
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                elements.iter().find_map(Val::why_not_wholly_known)
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                entries.values().find_map(|entry| entry.value.why_not_wholly_known())
            }
            _ => None,
        }
    }

    /// Whether it or anything in it is marked sensitive.
    pub fn is_sensitive_within(&self) -> bool {
        self.sensitive
            || match &self.data {
                Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                    elements.iter().any(Val::is_sensitive_within)
                }
                Data::Map(_, entries) | Data::Object(entries) => {
                    entries.values().any(|entry| entry.value.is_sensitive_within())
                }
                _ => false,
            }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<&Number> {
        match &self.data {
            Data::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The element of a list or tuple, or of a set in its order; its origin leads through this value's.
    pub fn element(&self, index: usize) -> Option<Val> {
        match &self.data {
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                elements.get(index).map(|element| self.taken_out(element))
            }
            _ => None,
        }
    }

    /// The value under a key of a map or an object; its origin leads through this value's.
    pub fn get(&self, key: &str) -> Option<Val> {
        match &self.data {
            Data::Map(_, entries) | Data::Object(entries) => entries.get(key).map(|entry| self.taken_out(&entry.value)),
            _ => None,
        }
    }

    /// Whether it is surely an object, and not null, though not known as a whole.
    pub fn is_known_in_part(&self) -> bool {
        self.said.is_some()
    }

    /// An attribute of an object that is known in part; its origin leads through this value's.
    pub fn said(&self, name: &str) -> Option<Val> {
        let entry = self.said.as_ref()?.get(name)?;
        Some(self.taken_out(&entry.value))
    }

    /// The elements of a list, set or tuple as they stand in it, for whoever only looks at them; none of anything else.
    pub fn within(&self) -> &[Val] {
        match &self.data {
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => elements,
            _ => &[],
        }
    }

    /// The elements of a list, set or tuple; `None` for anything else. Their origins lead through this value's.
    pub fn elements(&self) -> Option<Vec<Val>> {
        match &self.data {
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                Some(elements.iter().map(|element| self.taken_out(element)).collect())
            }
            _ => None,
        }
    }

    /// The keys and values of a map or object; `None` for anything else. Their origins lead through this value's.
    pub fn entries(&self) -> Option<Vec<(Arc<str>, Entry)>> {
        match &self.data {
            Data::Map(_, entries) | Data::Object(entries) => Some(
                entries
                    .iter()
                    .map(|(key, entry)| {
                        let key_origin = Origin::within(&self.origin, &entry.key_origin);
                        (key.clone(), Entry { key_origin, value: self.taken_out(&entry.value) })
                    })
                    .collect(),
            ),
            _ => None,
        }
    }

    /// How many elements or entries it has; `None` for anything that is no collection.
    #[allow(clippy::len_without_is_empty, reason = "whether it has none is no question of what is no collection")]
    pub fn len(&self) -> Option<usize> {
        match &self.data {
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => Some(elements.len()),
            Data::Map(_, entries) | Data::Object(entries) => Some(entries.len()),
            _ => None,
        }
    }

    fn taken_out(&self, element: &Val) -> Val {
        let origin = Origin::within(&self.origin, &element.origin);
        element.clone().with_origin(origin).marked(self.sensitive)
    }

    /// The value as the rest of the program compares it: without types and origins. What is sensitive is dropped.
    pub fn to_value(&self) -> Value {
        if self.sensitive {
            return Value::Secret(Secret::present());
        }
        match &self.data {
            Data::Null(_) => Value::Null,
            Data::Unknown(..) => Value::Unknown,
            Data::Bool(value) => Value::Bool(*value),
            Data::Number(number) => number.to_json().map_or(Value::Unknown, Value::Number),
            Data::String(text) => Value::String(text.to_string()),
            Data::List(_, elements) | Data::Set(_, elements) | Data::Tuple(elements) => {
                Value::List(elements.iter().map(Val::to_value).collect())
            }
            Data::Map(_, entries) | Data::Object(entries) => {
                Value::Map(entries.iter().map(|(key, entry)| (key.to_string(), entry.value.to_value())).collect())
            }
        }
    }
}

/// Shows no content: a value may be sensitive without being marked so yet.
impl fmt::Debug for Val {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Val({})", self.type_of())
    }
}
