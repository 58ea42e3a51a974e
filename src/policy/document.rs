//! A policy document as its JSON says it, with the forms that mean the same brought to one.
//!
//! Grammar: "Grammar of the IAM JSON policy language" of the IAM user guide. What is no such document is kept apart as
//! an error, so that a comparison can fall back to the text.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A parsed policy document. Lists keep their order and repetitions; scalars are lists of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub version: Option<String>,
    pub id: Option<String>,
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    pub sid: Option<String>,
    pub effect: String,
    pub principal: Option<Principals>,
    pub not_principal: Option<Principals>,
    pub action: Option<Vec<String>>,
    pub not_action: Option<Vec<String>>,
    pub resource: Option<Vec<String>>,
    pub not_resource: Option<Vec<String>>,
    /// Operator to key to values.
    pub condition: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// Who a statement speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// A bare text: `"*"`.
    Text(String),
    /// By type: `AWS`, `Service`, `Federated`, `CanonicalUser`.
    Typed(BTreeMap<String, Vec<String>>),
}

impl Document {
    /// Reads a document. One outer list of one document is looked through and an empty text is an empty document, as
    /// the Terraform provider's comparison does (`hashicorp/awspolicyequivalence`).
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Document::default());
        }
        let json: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let json = match json {
            Value::Array(mut only) if only.len() == 1 => only.remove(0),
            other => other,
        };
        let Value::Object(fields) = json else { return Err("not a JSON object".to_owned()) };
        let statements = match fields.get("Statement") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().map(statement).collect::<Result<_, _>>()?,
            Some(one) => vec![statement(one)?],
        };
        let known = ["Version", "Id", "Statement"];
        if let Some(other) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("`{other}` is no element of a policy document"));
        }
        Ok(Document { version: scalar(&fields, "Version")?, id: scalar(&fields, "Id")?, statements })
    }
}

fn statement(json: &Value) -> Result<Statement, String> {
    let Value::Object(fields) = json else { return Err("a statement is not a JSON object".to_owned()) };
    let known =
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
    if let Some(other) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("`{other}` is no element of a policy statement"));
    }
    Ok(Statement {
        sid: scalar(fields, "Sid")?,
        effect: scalar(fields, "Effect")?.unwrap_or_default(),
        principal: principals(fields.get("Principal"))?,
        not_principal: principals(fields.get("NotPrincipal"))?,
        action: list(fields.get("Action"))?,
        not_action: list(fields.get("NotAction"))?,
        resource: list(fields.get("Resource"))?,
        not_resource: list(fields.get("NotResource"))?,
        condition: condition(fields.get("Condition"))?,
    })
}

fn scalar(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => text(value).map(Some).ok_or_else(|| format!("`{name}` is not a text")),
    }
}

/// Truth values and numbers stand for their text, as in `"aws:SecureTransport": false`.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn list(value: Option<&Value>) -> Result<Option<Vec<String>>, String> {
    let wrong = || "a list holds something that is not a text".to_owned();
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(items)) => {
            items.iter().map(|item| text(item).ok_or_else(wrong)).collect::<Result<_, _>>().map(Some)
        }
        Some(one) => Ok(Some(vec![text(one).ok_or_else(wrong)?])),
    }
}

fn principals(value: Option<&Value>) -> Result<Option<Principals>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(types)) => {
            let mut typed = BTreeMap::new();
            for (name, entries) in types {
                let entries = list(Some(entries))?.unwrap_or_default();
                if !entries.is_empty() {
                    typed.insert(name.clone(), entries);
                }
            }
            Ok(Some(Principals::Typed(typed)))
        }
        Some(other) => text(other).map(|t| Some(Principals::Text(t))).ok_or_else(|| "`Principal` is a list".to_owned()),
    }
}

fn condition(value: Option<&Value>) -> Result<BTreeMap<String, BTreeMap<String, Vec<String>>>, String> {
    let mut operators = BTreeMap::new();
    let Some(value) = value.filter(|v| !v.is_null()) else { return Ok(operators) };
    let Value::Object(fields) = value else { return Err("`Condition` is not a JSON object".to_owned()) };
    for (operator, keys) in fields {
        let Value::Object(keys) = keys else { return Err(format!("condition `{operator}` is not a JSON object")) };
        let mut values = BTreeMap::new();
        for (key, wanted) in keys {
            values.insert(key.clone(), list(Some(wanted))?.unwrap_or_default());
        }
        operators.insert(operator.clone(), values);
    }
    Ok(operators)
}

/// The account of a root principal written either way: `123456789012` or `arn:PARTITION:iam::123456789012:root`.
pub fn root_account(principal: &str) -> Option<&str> {
    let is_account = |id: &str| id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
    if is_account(principal) {
        return Some(principal);
    }
    let mut parts = principal.strip_prefix("arn:")?.splitn(5, ':');
    let (_partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    let (account, rest) = (parts.next()?, parts.next()?);
    (service == "iam" && region.is_empty() && rest == "root" && is_account(account)).then_some(account)
}
