//! Values as Terraform's configuration language writes them, laid out as `terraform fmt` would.

use crate::model::address::quoted;
use crate::model::{Compare, Value};
use std::collections::BTreeMap;

/// The right side of an argument.
pub(super) enum Written {
    /// One line.
    Expression(String),
    /// Several lines, the further ones indented as inside a top-level block.
    Lines(String),
}

/// A text as a quoted string.
pub(super) fn text(text: &str) -> String {
    format!("\"{}\"", quoted(text))
}

/// A value; a policy document becomes `jsonencode` of it.
pub(super) fn written(value: &Value, compare: Option<Compare>) -> Written {
    let document = value.as_str().filter(|_| compare == Some(Compare::PolicyDocument));
    if let Some(json) = document.and_then(|text| serde_json::from_str(text).ok()) {
        let json: serde_json::Value = json;
        return Written::Lines(format!("jsonencode({})", expression(&Value::from_json(json), 2)));
    }
    let one = expression(value, 2);
    if one.contains('\n') { Written::Lines(one) } else { Written::Expression(one) }
}

/// A resource block: arguments of one line under each other with their `=` aligned, the others after an empty line each.
pub(super) fn resource(resource_type: &str, name: &str, arguments: &[(String, Written)]) -> String {
    let mut out = format!("resource \"{resource_type}\" \"{name}\" {{\n");
    let short: Vec<_> = arguments
        .iter()
        .filter_map(|(name, value)| match value {
            Written::Expression(text) => Some((name.clone(), text.clone())),
            Written::Lines(_) => None,
        })
        .collect();
    out.push_str(&aligned(&short, 2));
    for (name, value) in arguments {
        if let Written::Lines(text) = value {
            let gap = if out.ends_with("{\n") { "" } else { "\n" };
            out.push_str(&format!("{gap}  {name} = {text}\n"));
        }
    }
    out.push_str("}\n");
    out
}

/// Arguments or entries of one line each.
fn aligned(entries: &[(String, String)], indent: usize) -> String {
    let width = entries.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    entries.iter().map(|(name, value)| format!("{:indent$}{name:width$} = {value}\n", "")).collect()
}

/// An expression that begins in a line indented by `indent`. A plain list stays in one line where that is short.
fn expression(value: &Value, indent: usize) -> String {
    match value {
        Value::Null | Value::Secret(_) | Value::Unknown => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(one) => text(one),
        Value::List(items) => {
            let plain = items.iter().all(|item| !matches!(item, Value::List(_) | Value::Map(_)));
            let inner: Vec<_> = items.iter().map(|item| expression(item, indent + 2)).collect();
            let line = format!("[{}]", inner.join(", "));
            if plain && (line.len() <= 90 || items.len() < 2) {
                return line;
            }
            let pad = " ".repeat(indent + 2);
            let lines: String = inner.iter().map(|item| format!("{pad}{item},\n")).collect();
            format!("[\n{lines}{:indent$}]", "")
        }
        Value::Map(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Map(fields) => object(fields, indent),
    }
}

/// An object, entries of one line first as far as they follow each other: `terraform fmt` aligns such runs.
fn object(fields: &BTreeMap<String, Value>, indent: usize) -> String {
    let mut out = "{\n".to_owned();
    let mut run: Vec<(String, String)> = Vec::new();
    for (name, value) in fields {
        let value = expression(value, indent + 2);
        let name = key(name);
        if value.contains('\n') {
            out.push_str(&aligned(&std::mem::take(&mut run), indent + 2));
            out.push_str(&format!("{:pad$}{name} = {value}\n", "", pad = indent + 2));
        } else {
            run.push((name, value));
        }
    }
    out.push_str(&aligned(&run, indent + 2));
    format!("{out}{:indent$}}}", "")
}

/// A key of an object: bare where it is an identifier that means nothing else.
fn key(name: &str) -> String {
    let mut chars = name.chars();
    let bare = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        && !["for", "null", "true", "false"].contains(&name);
    if bare { name.to_owned() } else { text(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_template_is_escaped() {
        assert_eq!(text("a\"${b}%{c}\n"), "\"a\\\"$${b}%%{c}\\n\"");
        assert_eq!(
            (key("for"), key("a:b"), key("Sid")),
            ("\"for\"".to_owned(), "\"a:b\"".to_owned(), "Sid".to_owned())
        );
    }

    #[test]
    fn a_block_is_laid_out_as_terraform_fmt_does() {
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}]}"#;
        let tags = Value::Map([("a".to_owned(), Value::from("1")), ("long:er".to_owned(), Value::from("${x}"))].into());
        let arguments = [
            ("name".to_owned(), written(&Value::from("eve"), None)),
            ("connection_limit".to_owned(), written(&Value::from(3), None)),
            ("tags".to_owned(), written(&tags, None)),
            ("policy".to_owned(), written(&Value::from(policy), Some(Compare::PolicyDocument))),
        ];
        // `terraform fmt` leaves this as it is.
        let expected = r#"resource "x" "eve" {
  name             = "eve"
  connection_limit = 3

  tags = {
    a         = "1"
    "long:er" = "$${x}"
  }

  policy = jsonencode({
    Statement = [
      {
        Action   = ["s3:Get*", "s3:List*"]
        Effect   = "Allow"
        Resource = "*"
      },
    ]
    Version = "2012-10-17"
  })
}
"#;
        assert_eq!(resource("x", "eve", &arguments), expected);
    }
}
