//! Writing a scalar as what it replaces, or stands beside, is written. What a spelling is read as again is for the caller
//! to try: the likeliest comes first.

use super::Language;
use crate::model::{InstanceKey, Value};

/// Ways to write a value in place of the text `old`.
pub fn spellings(language: Language, old: &str, value: &Value) -> Vec<String> {
    let Some(text) = plain(value) else { return whole(language, value).into_iter().collect() };
    let is_text = matches!(value, Value::String(_));
    let mut found = Vec::new();
    match language {
        Language::Native if old.starts_with("<<") => found.extend(heredoc(old, &text)),
        Language::Native if is_text || old.starts_with('"') => {}
        Language::Json if is_text || old.starts_with('"') => {}
        Language::Yaml if old.starts_with('"') => {}
        Language::Yaml if old.starts_with('\'') => found.push(format!("'{}'", text.replace('\'', "''"))),
        Language::Yaml if is_plain_yaml(&text) => found.push(text.clone()),
        Language::Csv => return vec![csv_field(old, &text)],
        Language::Plain => return vec![text],
        Language::Yaml => {}
        Language::Native | Language::Json => found.push(text.clone()),
    }
    match language {
        Language::Native => found.push(native(&text)),
        // A text of the configuration language's JSON syntax is a template.
        Language::Json if text.contains("${") || text.contains("%{") => {
            found.extend([json(&text), json(&text.replace("${", "$${").replace("%{", "%%{"))]);
        }
        _ => found.push(json(&text)),
    }
    found
}

/// A value on one line.
pub fn whole(language: Language, value: &Value) -> Option<String> {
    if let Some(text) = plain(value) {
        let quoted = matches!(value, Value::String(_));
        return Some(match language {
            _ if !quoted => text,
            Language::Native => native(&text),
            _ => json(&text),
        });
    }
    match value {
        Value::Null => Some("null".to_owned()),
        Value::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| whole(language, item)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(fields) if fields.is_empty() => Some("{}".to_owned()),
        Value::Map(fields) => {
            let each = fields.iter().map(|(name, value)| {
                let value = whole(language, value)?;
                Some(format!("{}{value}", key(language, name)))
            });
            Some(format!("{{ {} }}", each.collect::<Option<Vec<_>>>()?.join(", ")))
        }
        _ => None,
    }
}

/// A key with what stands between it and its value.
pub(super) fn key(language: Language, name: &str) -> String {
    match language {
        Language::Native if is_word(name) => format!("{name} = "),
        Language::Native => format!("{} = ", native(name)),
        Language::Yaml if is_word(name) && is_plain_yaml(name) => format!("{name}: "),
        _ => format!("{}: ", json(name)),
    }
}

/// A key as another one is written, where that is a bare word.
pub fn key_like(language: Language, old: &str, value: &Value) -> Option<String> {
    let is_bare = language == Language::Native && !old.starts_with('"');
    let text = value.as_str().filter(|text| is_bare && is_word(text))?;
    Some(text.to_owned())
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// A text as a literal of the configuration language: its escapes are those of an instance key.
pub(super) fn native(text: &str) -> String {
    let key = InstanceKey::Str(text.to_owned()).to_string();
    let inside = key.strip_prefix('[').and_then(|key| key.strip_suffix(']'));
    inside.unwrap_or(&key).to_owned()
}

fn json(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// Whether a text may stand in YAML without quotes; what kind of scalar it is read as is another question.
fn is_plain_yaml(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphanumeric() || "/._$(+".contains(c));
    let ends = !text.ends_with([':', ' ']);
    let hurts = [": ", " #", "\n", ",", "[", "]", "{", "}", "\t"].iter().any(|mark| text.contains(mark));
    starts && ends && !hurts && !text.chars().any(char::is_control)
}

fn csv_field(old: &str, text: &str) -> String {
    let needs = text.contains([',', '"', '\n', '\r']) || text.starts_with(' ');
    match needs || old.starts_with('"') {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// The lines between the markers of a heredoc that is there.
fn heredoc(old: &str, text: &str) -> Option<String> {
    let (opening, rest) = old.split_once('\n')?;
    let (content, closing) = rest.rsplit_once('\n')?;
    let text = text.strip_suffix('\n')?;
    let indent: String = match opening.starts_with("<<-") {
        true => content.lines().next()?.chars().take_while(|c| c.is_whitespace()).collect(),
        false => String::new(),
    };
    let escaped = text.replace("${", "$${").replace("%{", "%%{");
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{indent}{line}") };
    let lines: Vec<_> = escaped.split('\n').map(line).collect();
    Some(format!("{opening}\n{}\n{closing}", lines.join("\n")))
}
