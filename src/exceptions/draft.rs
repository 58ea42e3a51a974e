//! The entry that would accept a finding, as text for the ledger.

use crate::model::Finding;
use serde_json::Value;
use std::fmt::Write;

/// What an exception says of the finding that it is for.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub id: String,
    pub address: Option<String>,
    pub kind: String,
    /// Fields of the key with their values.
    pub key: Vec<(String, String)>,
    pub property: Option<String>,
    pub change: String,
}

impl About {
    pub fn of(finding: &Finding) -> About {
        let key = finding.kind.key.iter().filter_map(|field| Some((*field, finding.key.field(finding.kind, field)?)));
        About {
            id: finding.id.clone(),
            address: finding.address.as_ref().map(ToString::to_string),
            kind: finding.kind.id.to_owned(),
            key: key.map(|(field, value)| (field.to_owned(), value.to_owned())).collect(),
            property: finding.property.map(str::to_owned),
            change: finding.change.name().to_owned(),
        }
    }

    /// From the finding as a JSON report has it.
    pub fn of_report(finding: &Value) -> About {
        let text = |name: &str| finding[name].as_str().map(str::to_owned);
        let key = finding["key"].as_object().into_iter().flatten();
        About {
            id: text("id").unwrap_or_default(),
            address: text("address"),
            kind: text("kind").unwrap_or_default(),
            key: key.filter_map(|(field, value)| Some((field.clone(), value.as_str()?.to_owned()))).collect(),
            property: text("property"),
            change: text("change").unwrap_or_default(),
        }
    }

    /// The table that fits this finding and no other.
    fn matching(&self) -> String {
        let mut parts = vec![match &self.address {
            Some(address) => format!("address = {}", quoted(address)),
            None => format!("finding = {}", quoted(&self.id)),
        }];
        parts.push(format!("kind = {}", quoted(&self.kind)));
        // A `*` in a name would stand for any characters.
        if !self.key.is_empty() && !self.key.iter().any(|(_, value)| value.contains('*') || value.is_empty()) {
            let key: Vec<_> = self.key.iter().map(|(field, value)| format!("{field} = {}", quoted(value))).collect();
            parts.push(format!("key = {{ {} }}", key.join(", ")));
        }
        parts.extend(self.property.as_ref().map(|property| format!("property = {}", quoted(property))));
        parts.push(format!("change = {}", quoted(&self.change)));
        format!("{{ {} }}", parts.join(", "))
    }
}

/// What whoever accepts a finding says. What is left out shows as a gap to be filled in, which no ledger takes.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub id: Option<String>,
    pub owner: Option<String>,
    pub reason: Option<String>,
    pub approved_by: Option<String>,
    /// The last day, as 2026-12-31.
    pub expires: Option<String>,
    /// The exact difference, where none that grew from it is accepted.
    pub delta: Option<String>,
}

impl Draft {
    /// The entry.
    pub fn entry(&self, about: &About) -> String {
        let given = |given: &Option<String>, what: &str| quoted(given.as_deref().unwrap_or(what));
        let id = self.id.clone().unwrap_or_else(|| format!("EX-{}", about.id));
        let mut text = String::from("[[exception]]\n");
        // Writing to a string never fails.
        let _ = writeln!(text, "id          = {}", quoted(&id));
        let _ = writeln!(text, "match       = {}", about.matching());
        if let Some(digest) = &self.delta {
            let _ = writeln!(text, "delta       = {}", quoted(digest));
        }
        let _ = writeln!(text, "owner       = {}", given(&self.owner, "<the team that answers for it>"));
        let _ = writeln!(text, "reason      = {}", given(&self.reason, "<why it is right>"));
        let _ = writeln!(text, "approved_by = {}", given(&self.approved_by, "<who agreed>"));
        let _ = match &self.expires {
            Some(date) => writeln!(text, "expires     = {date}"),
            None => writeln!(text, "expires     = \"<the last day, as 2026-12-31>\""),
        };
        text
    }
}

/// A text as a basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
