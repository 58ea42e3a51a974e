//! Values as Terraform and live systems hold them; secrets and unknowns are part of the type.

use std::collections::BTreeMap;
use std::fmt;

/// A sensitive value. Its content is dropped where it is read, so nothing can print, log, save or compare it;
/// what is left is that there was one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(());

impl Secret {
    /// The marker for a secret that was there.
    pub fn present() -> Self {
        Secret(())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

/// One value. There is no `Serialize` on purpose: each published format has its own writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    String(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    /// Sensitive: neither shown nor compared.
    Secret(Secret),
    /// Not known before an apply (`after_unknown` in a plan).
    Unknown,
}

impl Value {
    /// The value of a JSON text; nothing is secret or unknown yet.
    pub fn from_json(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => Value::Number(n),
            serde_json::Value::String(s) => Value::String(s),
            serde_json::Value::Array(items) => Value::List(items.into_iter().map(Value::from_json).collect()),
            serde_json::Value::Object(fields) => {
                Value::Map(fields.into_iter().map(|(k, v)| (k, Value::from_json(v))).collect())
            }
        }
    }

    /// An attribute of an object; `None` when this is no object or has no such attribute.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Map(fields) => fields.get(name),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// Elements of a list or set; empty for anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The strings among the elements of a list or set.
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        self.items().iter().filter_map(Value::as_str)
    }

    /// A non-empty string attribute: Terraform keeps some absent values as `""`, some as `null`.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str).filter(|s| !s.is_empty())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this is, or holds anywhere, a secret.
    pub fn has_secret(&self) -> bool {
        match self {
            Value::Secret(_) => true,
            Value::List(items) => items.iter().any(Value::has_secret),
            Value::Map(fields) => fields.values().any(Value::has_secret),
            _ => false,
        }
    }

    /// Whether this is, or holds anywhere, something not known yet.
    pub fn has_unknown(&self) -> bool {
        match self {
            Value::Unknown => true,
            Value::List(items) => items.iter().any(Value::has_unknown),
            Value::Map(fields) => fields.values().any(Value::has_unknown),
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Value::Number(n.into())
    }
}

/// One step into a value, as a state's `sensitive_attributes` and a plan's masks name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// An attribute of an object or a key of a map.
    Name(String),
    /// A position in a list.
    Index(usize),
}
