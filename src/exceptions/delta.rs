//! The digest of exactly one difference.

use crate::model::{Finding, Value};
use sha2::{Digest, Sha256};

/// `sha256:` and the digest of what the finding is about and of all its values. `None` when one of them is secret or not
/// known: then a difference that grew could not be told from this one.
pub fn delta(finding: &Finding) -> Option<String> {
    let values = [&finding.desired, &finding.recorded, &finding.live];
    if values.iter().filter_map(|value| value.as_ref()).any(|value| value.has_secret() || value.has_unknown()) {
        return None;
    }
    let mut hash = Sha256::new();
    put_text(&mut hash, &finding.id);
    for value in values {
        match value {
            Some(value) => put(&mut hash, value),
            None => hash.update(b"-"),
        }
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("sha256:{hex}"))
}

fn put_text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text.as_bytes());
}

/// Each value begins with what it is, so that no two read the same.
fn put(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null | Value::Secret(_) | Value::Unknown => hash.update(b"n"),
        Value::Bool(value) => hash.update(if *value { b"t" } else { b"f" }),
        Value::Number(number) => {
            hash.update(b"d");
            put_text(hash, &number.to_string());
        }
        Value::String(text) => {
            hash.update(b"s");
            put_text(hash, text);
        }
        Value::List(items) => {
            hash.update(b"l");
            hash.update((items.len() as u64).to_be_bytes());
            items.iter().for_each(|item| put(hash, item));
        }
        Value::Map(fields) => {
            hash.update(b"m");
            hash.update((fields.len() as u64).to_be_bytes());
            for (name, value) in fields {
                put_text(hash, name);
                put(hash, value);
            }
        }
    }
}
