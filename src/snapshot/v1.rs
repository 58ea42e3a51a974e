//! Version 1 of the file, with structs of its own: what is written here is read by later versions.

use crate::model::{Problem, Secret, Value};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

pub(super) const FORMAT: &str = "driftline-snapshot";
pub(super) const VERSION: u64 = 1;

/// What is read first, in whatever version the file is.
#[derive(serde::Deserialize)]
#[serde(expecting = "a driftline snapshot")]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u64,
    pub(super) tool_version: Option<String>,
    pub(super) taken_at: Option<String>,
}

/// The file, but for what the header says.
#[derive(serde::Deserialize)]
#[serde(expecting = "a driftline snapshot")]
pub(super) struct File {
    pub(super) sha256: String,
    pub(super) taken_at: String,
    pub(super) tool_version: String,
    pub(super) kinds: BTreeMap<String, Coverage>,
    pub(super) scopes: Vec<Scope>,
    pub(super) facts: Vec<Fact>,
    pub(super) gaps: Vec<Gap>,
}

/// All that the hash is taken of.
#[derive(serde::Serialize)]
pub(super) struct Content<'a> {
    pub(super) taken_at: &'a str,
    pub(super) tool_version: &'a str,
    /// The kinds that were asked for.
    pub(super) kinds: &'a BTreeMap<String, Coverage>,
    pub(super) scopes: &'a [Scope],
    pub(super) facts: &'a [Fact],
    pub(super) gaps: &'a [Gap],
}

impl File {
    pub(super) fn content(&self) -> Content<'_> {
        Content {
            taken_at: &self.taken_at,
            tool_version: &self.tool_version,
            kinds: &self.kinds,
            scopes: &self.scopes,
            facts: &self.facts,
            gaps: &self.gaps,
        }
    }
}

impl Content<'_> {
    /// Hash of the content written in one line, so that white space in the file does not matter.
    pub(super) fn sha256(&self) -> Result<String, serde_json::Error> {
        let mut digest = Sha256::new();
        // Through a buffer, because the writer hands over a few bytes at a time; never as a whole, which is large.
        let mut written = BufWriter::new(Digesting(&mut digest));
        serde_json::to_writer(&mut written, self)?;
        written.flush().map_err(serde_json::Error::io)?;
        drop(written);
        Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Takes what is written into a digest.
struct Digesting<'a>(&'a mut Sha256);

impl Write for Digesting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What was read of a kind: by which fields its things were told apart, and which properties they could have.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a kind")]
pub(super) struct Coverage {
    pub(super) key: Vec<String>,
    pub(super) properties: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a scope")]
pub(super) struct Scope {
    pub(super) system: String,
    pub(super) id: String,
    pub(super) identity: String,
    pub(super) facts: usize,
    pub(super) requests: u64,
    pub(super) complete: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a fact")]
pub(super) struct Fact {
    pub(super) kind: String,
    pub(super) scope: String,
    pub(super) key: Vec<String>,
    pub(super) properties: BTreeMap<String, Saved>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unique_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) import_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_used: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) vendor_made: Option<String>,
    pub(super) privilege: Privilege,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) holder: Option<Holder>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", expecting = "a privilege")]
pub(super) enum Privilege {
    None,
    Some(String),
    Admin(String),
    Public(String),
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a holder")]
pub(super) struct Holder {
    pub(super) kind: String,
    pub(super) key: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a gap")]
pub(super) struct Gap {
    pub(super) code: String,
    pub(super) system: String,
    pub(super) scope: Option<String>,
    pub(super) hides: Hides,
    pub(super) reason: String,
    pub(super) hint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Location>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, expecting = "what a gap hides")]
pub(super) enum Hides {
    Facts { kinds: Vec<String>, fixed: Vec<(String, String)> },
    Properties { kind: String, properties: Vec<String>, fixed: Vec<(String, String)> },
    Claims { kinds: Vec<String> },
    Desired,
    Unread { what: String },
    Lines,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, expecting = "a location")]
pub(super) struct Location {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
    pub(super) precision: Precision,
    pub(super) excerpt: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", expecting = "a precision")]
pub(super) enum Precision {
    Value,
    Attribute,
    Block,
    ModuleCall,
    State,
}

/// A value as it is saved: plain JSON, but for what JSON cannot say. That is an object with one key that begins with
/// `$`: `$secret`, `$unknown`, `$float` (the digits as text, so that no reading rounds them), and `$map` around a map
/// that has a key beginning with `$` itself.
pub(super) struct Saved(pub(super) Value);

/// As [`Saved`], borrowed.
struct Saving<'a>(&'a Value);

impl Serialize for Saved {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Saving(&self.0).serialize(serializer)
    }
}

impl Serialize for Saving<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(b) => serializer.serialize_bool(*b),
            Value::Number(number) if number.is_f64() => tagged(serializer, "$float", &number.to_string()),
            Value::Number(number) => number.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Saving(item))?;
                }
                list.end()
            }
            Value::Map(fields) if fields.keys().any(|key| key.starts_with('$')) => {
                tagged(serializer, "$map", &PlainMap(fields))
            }
            Value::Map(fields) => PlainMap(fields).serialize(serializer),
            Value::Secret(_) => tagged(serializer, "$secret", &true),
            Value::Unknown => tagged(serializer, "$unknown", &true),
        }
    }
}

struct PlainMap<'a>(&'a BTreeMap<String, Value>);

impl Serialize for PlainMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Saving(value))))
    }
}

fn tagged<S: Serializer>(serializer: S, tag: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(tag, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for Saved {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        value(Json::deserialize(deserializer)?).map(Saved).map_err(|problem| D::Error::custom(problem.message))
    }
}

fn value(json: Json) -> Result<Value, Problem> {
    match json {
        Json::Array(items) => Ok(Value::List(items.into_iter().map(value).collect::<Result<_, _>>()?)),
        Json::Object(fields) if fields.keys().any(|key| key.starts_with('$')) => untagged(fields),
        Json::Object(fields) => map(fields),
        plain => Ok(Value::from_json(plain)),
    }
}

fn map(fields: serde_json::Map<String, Json>) -> Result<Value, Problem> {
    let fields = fields.into_iter().map(|(key, inner)| Ok((key, value(inner)?)));
    Ok(Value::Map(fields.collect::<Result<_, Problem>>()?))
}

fn untagged(fields: serde_json::Map<String, Json>) -> Result<Value, Problem> {
    let mut fields = fields.into_iter();
    match (fields.next(), fields.next()) {
        (Some((tag, inner)), None) => match (tag.as_str(), inner) {
            ("$secret", Json::Bool(true)) => Ok(Value::Secret(Secret::present())),
            ("$unknown", Json::Bool(true)) => Ok(Value::Unknown),
            ("$float", Json::String(digits)) => float(&digits),
            ("$map", Json::Object(inner)) => map(inner),
            (tag, _) => Err(Problem::new(format!("`{tag}` is not understood"))),
        },
        _ => Err(Problem::new("a key that begins with `$` stands beside another")),
    }
}

/// The standard library reads back exactly the number that was written; `serde_json` may miss it by the last bit.
fn float(digits: &str) -> Result<Value, Problem> {
    let number = digits.parse().ok().and_then(serde_json::Number::from_f64);
    number.map(Value::Number).ok_or_else(|| Problem::new(format!("`{digits}` is no number")))
}
