//! Whether two values of a property are the same, by the property's own way of comparing.

use crate::model::{Compare, Value};
use crate::policy;
use std::collections::{BTreeMap, BTreeSet};

/// Whether the values are the same. `ignoring` names keys of a map that do not count. Something secret or unknown on
/// either side is never a difference: the caller keeps unknown values out where that matters.
pub fn equal(compare: Compare, a: &Value, b: &Value, ignoring: &[String]) -> bool {
    if opaque(a) || opaque(b) {
        return true;
    }
    match compare {
        Compare::Exact => text(a) == text(b),
        Compare::Default(default) => {
            text(a).unwrap_or_else(|| default.into()) == text(b).unwrap_or_else(|| default.into())
        }
        Compare::Number(default) => number(a, default) == number(b, default),
        Compare::Flag(default) => flag(a, default) == flag(b, default),
        Compare::Set => set(a) == set(b),
        Compare::Sequence => sequence(a) == sequence(b),
        Compare::Instant => instant(a) == instant(b),
        Compare::Map => map(a, ignoring) == map(b, ignoring),
        Compare::PolicyDocument => policy::same(a.as_str().unwrap_or_default(), b.as_str().unwrap_or_default()),
        Compare::Text => words(a) == words(b),
    }
}

fn opaque(value: &Value) -> bool {
    matches!(value, Value::Secret(_) | Value::Unknown)
}

/// A scalar as text; `null` and `""` are the same absence.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) if s.is_empty() => None,
        Value::String(s) => Some(s.clone()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn number(value: &Value, default: i64) -> String {
    text(value).unwrap_or_else(|| default.to_string())
}

fn flag(value: &Value, default: bool) -> bool {
    text(value).map_or(default, |t| t == "true")
}

fn set(value: &Value) -> BTreeSet<String> {
    value.items().iter().filter_map(text).collect()
}

fn sequence(value: &Value) -> Vec<String> {
    value.items().iter().filter_map(text).collect()
}

/// A point in time as the same text whatever its offset; what cannot be read as one stays as it is written. The space
/// between date and time, and an offset of hours alone, are how PostgreSQL writes them.
fn instant(value: &Value) -> Option<String> {
    let written = text(value).filter(|text| !text.eq_ignore_ascii_case("infinity"))?;
    Some(written.parse::<jiff::Timestamp>().map_or(written, |at| at.to_string()))
}

fn map(value: &Value, ignoring: &[String]) -> BTreeMap<String, String> {
    let Value::Map(fields) = value else { return BTreeMap::new() };
    let ignored = |key: &str| {
        ignoring.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => key == pattern,
        })
    };
    fields
        .iter()
        .filter(|(key, value)| !ignored(key) && !value.is_null())
        .map(|(key, value)| (key.clone(), text(value).unwrap_or_default()))
        .collect()
}

/// Keys of two maps whose values are not the same.
pub(super) fn differing_keys(a: &Value, b: &Value, ignoring: &[String]) -> Vec<String> {
    let (a, b) = (map(a, ignoring), map(b, ignoring));
    let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
    keys.into_iter().filter(|key| a.get(*key) != b.get(*key)).cloned().collect()
}

/// Elements of the first set that are not in the second.
pub(super) fn lost_elements(a: &Value, b: &Value) -> Vec<String> {
    set(a).difference(&set(b)).cloned().collect()
}

fn words(value: &Value) -> String {
    text(value).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json(serde_json::from_str(text).expect("valid JSON"))
    }

    #[test]
    fn each_way_of_comparing_has_its_own_absences() {
        let cases = [
            (Compare::Exact, "null", r#""""#, true),
            (Compare::Exact, r#""a""#, r#""A""#, false),
            (Compare::Default("/"), "null", r#""/""#, true),
            (Compare::Number(3600), "null", "3600", true),
            (Compare::Number(3600), r#""7200""#, "7200", true),
            (Compare::Number(3600), "7200", "3600", false),
            (Compare::Flag(false), "null", "false", true),
            (Compare::Flag(false), "null", "true", false),
            (Compare::Set, r#"["a","b","b"]"#, r#"["b","a"]"#, true),
            (Compare::Set, "null", "[]", true),
            (Compare::Set, r#"["a"]"#, "[]", false),
            (Compare::Sequence, "null", "[]", true),
            (Compare::Sequence, r#"["a","b"]"#, r#"["b","a"]"#, false),
            (Compare::Instant, "null", r#""infinity""#, true),
            (Compare::Instant, r#""2030-01-01 01:00:00+01""#, r#""2030-01-01 00:00:00+00""#, true),
            (Compare::Instant, r#""2030-01-01T00:00:00Z""#, r#""2030-01-01 00:00:00+00""#, true),
            (Compare::Instant, r#""2030-01-01 00:00:00.5+05:30""#, r#""2029-12-31 18:30:00.5+00""#, true),
            (Compare::Instant, r#""2030-01-01 00:00:00+00""#, r#""2031-01-01 00:00:00+00""#, false),
            (Compare::Instant, r#""2030-01-01 00:00:00+00""#, r#""infinity""#, false),
            (Compare::Instant, r#""-infinity""#, r#""infinity""#, false),
            (Compare::Map, r#"{"team":"a"}"#, r#"{"team":"a","owner":null}"#, true),
            (Compare::Map, r#"{"team":"a"}"#, r#"{"team":"b"}"#, false),
            (Compare::Map, r#"{"kept":"a"}"#, r#"{"kept":"a","audit":"x","tmp-1":"y"}"#, true),
            (Compare::Text, "\"<a>\\n  <b/>\\n</a>\"", "\"<a> <b/> </a>\"", true),
        ];
        let ignoring = ["audit".to_owned(), "tmp-*".to_owned()];
        for (compare, a, b, expected) in cases {
            assert_eq!(equal(compare, &json(a), &json(b), &ignoring), expected, "{compare:?} {a} {b}");
            assert_eq!(equal(compare, &json(b), &json(a), &ignoring), expected, "{compare:?} {b} {a}");
        }
    }
}
