//! Attributes as Terraform 0.11 kept them: one flat map of texts, with `list.#`, `map.%` and hash keys of set members.
//!
//! Rules: `internal/configs/hcl2shim/flatmap.go` of Terraform. Without the provider's schema the texts stay texts.

use crate::model::Value;
use std::collections::{BTreeMap, BTreeSet};

type Flat = BTreeMap<String, Option<String>>;

/// Deeper blocks than any provider has.
const MAX_DEPTH: usize = 64;

/// The attributes that the flat keys spell.
pub(super) fn expand(flat: &Flat) -> Result<BTreeMap<String, Value>, String> {
    object(flat, "", 0)
}

/// The attributes under a prefix that is empty or ends in `.`.
fn object(flat: &Flat, prefix: &str, depth: usize) -> Result<BTreeMap<String, Value>, String> {
    if depth > MAX_DEPTH {
        return Err("its flat attributes are nested too deeply".to_owned());
    }
    let mut attributes = BTreeMap::new();
    for (key, value) in under(flat, prefix) {
        let name = key.split('.').next().unwrap_or(key);
        if attributes.contains_key(name) {
            continue;
        }
        let at = format!("{prefix}{name}");
        if flat.contains_key(&format!("{at}.%")) {
            let inside = format!("{at}.");
            let entries = under(flat, &inside).filter(|(key, _)| *key != "%");
            attributes.insert(name.to_owned(), Value::Map(entries.map(|(k, v)| (k.to_owned(), text(v))).collect()));
        } else if flat.contains_key(&format!("{at}.#")) {
            attributes.insert(name.to_owned(), list(flat, &at, depth)?);
        } else {
            // A key with dots that belongs to no list or map: keep it whole.
            attributes.insert(key.to_owned(), text(value));
        }
    }
    Ok(attributes)
}

/// The elements of a list or set.
fn list(flat: &Flat, at: &str, depth: usize) -> Result<Value, String> {
    let prefix = format!("{at}.");
    let members: BTreeSet<&str> = under(flat, &prefix).filter_map(|(key, _)| key.split('.').next()).collect();
    let mut members: Vec<&str> = members.into_iter().filter(|member| *member != "#").collect();
    members.sort_by_key(|member| member.parse::<u64>().unwrap_or(u64::MAX));
    let element = |member: &str| {
        let at = format!("{prefix}{member}");
        if let Some(value) = flat.get(&at) {
            Ok(text(value))
        } else if flat.contains_key(&format!("{at}.#")) && depth < MAX_DEPTH {
            list(flat, &at, depth + 1)
        } else {
            object(flat, &format!("{at}."), depth + 1).map(Value::Map)
        }
    };
    members.into_iter().map(element).collect::<Result<_, String>>().map(Value::List)
}

/// The keys below a prefix, without it.
fn under<'a>(flat: &'a Flat, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Option<String>)> {
    flat.range(prefix.to_owned()..).map_while(move |(key, value)| Some((key.strip_prefix(prefix)?, value)))
}

fn text(value: &Option<String>) -> Value {
    value.clone().map_or(Value::Null, Value::String)
}
