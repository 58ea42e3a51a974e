//! The declared, the recorded and the live value of a finding, by lines and cleaned: what all formats show of values.

use super::policy;
use crate::model::{Compare, Finding, Property, Value};
use crate::source::clean::for_terminal;

/// One of the values, by lines.
pub(super) struct Column {
    pub(super) label: &'static str,
    pub(super) lines: Vec<String>,
}

pub(super) fn compare(finding: &Finding) -> Option<Compare> {
    Some(property(finding)?.compare)
}

/// The property that is shown: the one that differs or, of a whole thing, its policy document.
fn property(finding: &Finding) -> Option<&'static Property> {
    match finding.property {
        Some(name) => finding.kind.property(name),
        None => {
            let whole = [&finding.desired, &finding.recorded, &finding.live];
            let holds =
                |property: &&Property| whole.iter().any(|v| v.as_ref().is_some_and(|v| v.get(property.name).is_some()));
            finding.kind.properties.iter().filter(|p| p.compare == Compare::PolicyDocument).find(holds)
        }
    }
}

/// The part of a value that is shown.
fn part<'a>(finding: &Finding, value: &'a Option<Value>) -> Option<&'a Value> {
    let value = value.as_ref()?;
    match (finding.property, property(finding)) {
        (None, Some(document)) => value.get(document.name),
        _ => Some(value),
    }
}

/// What stands in the source, what in the state (where that reads otherwise), and what is live.
pub(super) fn columns(finding: &Finding) -> Vec<Column> {
    let [desired, recorded, live] =
        [&finding.desired, &finding.recorded, &finding.live].map(|value| part(finding, value));
    let declared = match (desired, recorded) {
        (None, None) if live.is_none() => return Vec::new(),
        (Some(_), Some(_)) => vec![("declared", desired), ("recorded", recorded)],
        (None, Some(_)) => vec![("recorded", recorded)],
        (_, None) => vec![("declared", desired)],
    };
    let compare = compare(finding);
    let column = |(label, value)| Column { label, lines: lines(value, compare) };
    let mut columns: Vec<_> = declared.into_iter().map(column).collect();
    columns.dedup_by(|second, first| second.lines == first.lines);
    columns.push(column(("live", live)));
    columns
}

/// A value by lines, cleaned: a document by its lines, a set or map by its elements.
pub(super) fn lines(value: Option<&Value>, compare: Option<Compare>) -> Vec<String> {
    let lines = match value {
        None => vec!["(none)".to_owned()],
        Some(Value::String(text)) if compare == Some(Compare::PolicyDocument) => policy::lines(text),
        Some(Value::String(text)) if compare == Some(Compare::Text) => text.split('\n').map(str::to_owned).collect(),
        Some(Value::List(items)) if !items.is_empty() => {
            let mut lines: Vec<_> = items.iter().map(in_line).collect();
            if compare == Some(Compare::Set) {
                lines.sort();
            }
            lines
        }
        Some(Value::Map(fields)) if !fields.is_empty() => {
            fields.iter().map(|(key, value)| format!("{} = {}", quoted(key), in_line(value))).collect()
        }
        Some(value) => vec![in_line(value)],
    };
    lines.iter().map(|line| for_terminal(line, false)).collect()
}

/// A value in one line, written as Terraform writes it.
fn in_line(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(in_line).collect::<Vec<_>>().join(", ")),
        Value::Map(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(key, value)| format!("{} = {}", quoted(key), in_line(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Secret(_) => "(sensitive)".to_owned(),
        Value::Unknown => "(not known)".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    format!("\"{}\"", escaped.replace('\t', "\\t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_terraform_writes_them() {
        let list = Value::List(vec![Value::from("b\n\""), Value::Null, Value::Unknown, Value::from(true)]);
        assert_eq!(in_line(&list), r#"["b\n\"", null, (not known), true]"#);
        let set = Value::List(vec![Value::from("b"), Value::from("a")]);
        assert_eq!(lines(Some(&set), Some(Compare::Set)), [r#""a""#, r#""b""#]);
        assert_eq!(lines(Some(&Value::List(vec![])), Some(Compare::Set)), ["[]"]);
        assert_eq!(lines(None, None), ["(none)"]);
    }
}
