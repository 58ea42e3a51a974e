//! Which findings an exception is about.

use crate::model::Finding;
use std::collections::BTreeMap;

/// What an exception is held against: a finding, of this run or of a saved report.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub id: &'a str,
    pub rule: &'a str,
    pub change: &'a str,
    pub kind: &'a str,
    /// Fields of the key with their values.
    pub key: Vec<(&'a str, &'a str)>,
    pub address: Option<String>,
    /// `None` where it is not known.
    pub live_id: Option<&'a str>,
    pub property: Option<&'a str>,
}

impl<'a> From<&'a Finding> for Subject<'a> {
    fn from(finding: &'a Finding) -> Self {
        Subject {
            id: &finding.id,
            rule: finding.rule(),
            change: finding.change.name(),
            kind: finding.kind.id,
            key: finding.kind.key.iter().copied().zip(finding.key.values().iter().map(String::as_str)).collect(),
            address: finding.address.as_ref().map(ToString::to_string),
            live_id: finding.import_id.as_deref(),
            property: finding.property,
        }
    }
}

/// What is said has to fit, all of it; `*` stands for any characters in an address and in key fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// Id of the finding.
    pub finding: Option<String>,
    pub address: Option<String>,
    pub kind: Option<String>,
    /// Fields of the key with their values.
    pub key: BTreeMap<String, String>,
    /// The id that the live system knows it by.
    pub live_id: Option<String>,
    pub property: Option<String>,
    pub change: Option<String>,
    /// For a comment at the line: rules, changes or properties, of which one has to fit.
    pub any_of: Vec<String>,
}

impl Matching {
    /// Why it would cover what nobody has looked at.
    pub(super) fn why_too_wide(&self) -> Option<&'static str> {
        let names_all = |text: &String| text.chars().all(|c| c == '*');
        if self.address.as_ref().is_some_and(names_all) || self.key.values().any(names_all) {
            return Some("`*` alone covers everything: name what is meant");
        }
        if self.address.as_deref().is_some_and(|address| !names_a_type(address)) {
            return Some("`address` names no resource type: only around it `*` may stand");
        }
        let names_one = self.finding.is_some()
            || self.address.is_some()
            || self.live_id.is_some()
            || (self.kind.is_some() && !self.key.is_empty());
        (!names_one).then_some("`match` names no thing: give `finding`, `address`, `live_id`, or `kind` with `key`")
    }

    /// Whether it says what may differ, and not only on which thing.
    pub(super) fn names_the_difference(&self) -> bool {
        self.finding.is_some() || self.property.is_some() || self.change.is_some() || !self.any_of.is_empty()
    }

    /// Whether this is what the exception is about.
    pub fn fits(&self, subject: &Subject<'_>) -> bool {
        let is =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
        let has_address = self
            .address
            .as_ref()
            .is_none_or(|wanted| subject.address.as_ref().is_some_and(|address| glob(wanted, address)));
        let field = |name: &str| subject.key.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
        let has_key = self.key.iter().all(|(name, wanted)| field(name).is_some_and(|value| glob(wanted, value)));
        let names = [subject.rule, subject.change, subject.property.unwrap_or_default()];
        has_address
            && has_key
            && is(&self.finding, Some(subject.id))
            && is(&self.kind, Some(subject.kind))
            && is(&self.live_id, subject.live_id)
            && is(&self.property, subject.property)
            && is(&self.change, Some(subject.change))
            && (self.any_of.is_empty() || self.any_of.iter().any(|name| names.contains(&name.as_str())))
    }
}

/// Whether an address says of which type the resource is: `aws_iam_user.*`, and not `*.ada`.
fn names_a_type(address: &str) -> bool {
    let without_key = match address.strip_suffix(']') {
        Some(address) => address.rsplit_once('[').map_or(address, |(before, _)| before),
        None => address,
    };
    let mut segments = without_key.rsplit('.');
    segments.next();
    segments.next().is_some_and(|of_type| !of_type.is_empty() && !of_type.contains('*'))
}

/// Whether a text fits a pattern in which `*` stands for any characters.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_stands_for_any_characters() {
        let cases = [
            ("a.b", "a.b", true),
            ("a.b", "a.bc", false),
            ("a.*", "a.bc", true),
            ("*.b", "a.b", true),
            ("module.*.aws_iam_user.x[*]", "module.a[\"k\"].aws_iam_user.x[\"ada\"]", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**", "anything", true),
        ];
        for (pattern, text, fits) in cases {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }
}
