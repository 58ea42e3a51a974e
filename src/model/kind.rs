//! What can be claimed and observed: kinds, their keys, their properties and the way each property compares.

use std::fmt;

/// One sort of identity thing in one system, for example `aws/iam/role`. Kinds are constants that live in their
/// provider's folder; two kinds are the same when their ids are.
#[derive(Debug)]
pub struct Kind {
    /// `SYSTEM/…`, stable: it is part of finding ids, of `--only` and of the JSON report.
    pub id: &'static str,
    /// What a person calls one of them, for example `IAM role`.
    pub noun: &'static str,
    /// How one of them is named in a sentence; `{field}` stands for a key field, and a part in `[]` falls away when the
    /// field in it is empty.
    pub title: &'static str,
    pub class: Class,
    /// Names of the key fields: what makes two of them the same thing within one scope.
    pub key: &'static [&'static str],
    pub properties: &'static [Property],
    /// Resource types that declare one; the first is the one to suggest for a thing that nobody declares.
    pub declared_by: &'static [&'static str],
    /// For `explain`: what it is, what is read, what is left out and why, with the source of the rule.
    pub about: &'static str,
}

impl Kind {
    /// The system's name: the id up to its first `/`.
    pub fn system(&self) -> &'static str {
        self.id.split('/').next().unwrap_or(self.id)
    }

    /// What a person calls several of them.
    pub fn nouns(&self) -> String {
        let noun = self.noun;
        match noun.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            _ if noun.ends_with("alias") => format!("{noun}es"),
            _ if noun.ends_with('s') => noun.to_owned(),
            _ => format!("{noun}s"),
        }
    }

    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|p| p.name == name)
    }

    /// The title with the key's values in it. A value that looks like a field is left as it is.
    pub fn describe(&self, key: &Key) -> String {
        let Some((before, (part, after))) =
            self.title.split_once('[').and_then(|(before, rest)| Some((before, rest.split_once(']')?)))
        else {
            return self.filled(self.title, key);
        };
        let field = part.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map_or("", |(field, _)| field);
        let empty = key.field(self, field).is_none_or(str::is_empty);
        let part = if empty { String::new() } else { self.filled(part, key) };
        self.filled(before, key) + &part + &self.filled(after, key)
    }

    fn filled(&self, title: &str, key: &Key) -> String {
        let mut text = String::new();
        let mut rest = title;
        while let Some((before, field_and_rest)) = rest.split_once('{') {
            text.push_str(before);
            let (field, after) = field_and_rest.split_once('}').unwrap_or((field_and_rest, ""));
            text.push_str(key.field(self, field).unwrap_or_default());
            rest = after;
        }
        text + rest
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Kind {}

/// What role a kind plays in access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Principal,
    Group,
    Membership,
    Role,
    Policy,
    Attachment,
    Grant,
    Credential,
    Trust,
    ResourcePolicy,
    Setting,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Principal => "principal",
            Class::Group => "group",
            Class::Membership => "membership",
            Class::Role => "role",
            Class::Policy => "policy",
            Class::Attachment => "attachment",
            Class::Grant => "grant",
            Class::Credential => "credential",
            Class::Trust => "trust",
            Class::ResourcePolicy => "resource policy",
            Class::Setting => "setting",
        })
    }
}

/// Something about a thing that may differ.
#[derive(Debug)]
pub struct Property {
    pub name: &'static str,
    pub compare: Compare,
    pub weight: Weight,
}

/// When two values of a property are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// Equal values; `null` and `""` are the same absence.
    Exact,
    /// As `Exact`; absent is the given default.
    Default(&'static str),
    /// As `Exact` on numbers written either way; absent is the given default.
    Number(i64),
    /// As `Exact` on truth values; absent is the given default.
    Flag(bool),
    /// Lists without order or repetition; absent is empty.
    Set,
    /// Lists in their order; absent is empty.
    Sequence,
    /// Points in time, however they are written; absent and `infinity` are never.
    Instant,
    /// A map of strings; absent is empty.
    Map,
    /// An IAM policy document, by meaning of its JSON (never by its text).
    PolicyDocument,
    /// Texts that are equal but for white space (XML metadata).
    Text,
}

/// What a difference in the property is about; `assess` keeps the table of what each weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Labels and descriptions: no access depends on it.
    Metadata,
    /// What the principal may do.
    Access,
    /// Who may become the principal.
    Trust,
    /// What keeps access small: boundaries, session lengths, password rules, public access blocks.
    Guardrail,
    /// Whether a credential works.
    Credential,
    /// How it runs, such as time limits of its sessions: no access depends on it.
    Operation,
}

/// Values of a kind's key fields, in the order of [`Kind::key`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<String>);

impl Key {
    pub fn new<S: Into<String>>(values: impl IntoIterator<Item = S>) -> Self {
        Key(values.into_iter().map(Into::into).collect())
    }

    pub fn values(&self) -> &[String] {
        &self.0
    }

    /// The value of a key field of this kind.
    pub fn field(&self, kind: &Kind, name: &str) -> Option<&str> {
        let at = kind.key.iter().position(|field| *field == name)?;
        self.0.get(at).map(String::as_str)
    }

    /// Whether every given field has the given value.
    pub fn matches(&self, kind: &Kind, fields: &[(&'static str, String)]) -> bool {
        fields.iter().all(|(name, value)| self.field(kind, name) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_title_falls_away_with_its_field() {
        let kind = Kind {
            id: "x/y",
            noun: "y",
            title: "y `{name}`[ in `{place}`] of `{owner}`",
            class: Class::Setting,
            key: &["name", "place", "owner"],
            properties: &[],
            declared_by: &[],
            about: "",
        };
        assert_eq!(kind.describe(&Key::new(["a", "b", "c"])), "y `a` in `b` of `c`");
        assert_eq!(kind.describe(&Key::new(["a", "", "c"])), "y `a` of `c`");
        assert_eq!(kind.describe(&Key::new(["{place}[", "b", "c"])), "y `{place}[` in `b` of `c`");
    }
}
