//! What a system's folder says of undoing things past Terraform, and of writing one as a resource block: a row for each
//! kind, with its holes filled from one live thing.

use crate::model::{Compare, Fact, Kind, Value};
use crate::source::clean::is_steering;

/// How things of a kind are taken away past Terraform, and how one is written as a resource block.
pub struct Remedy {
    pub kind: &'static Kind,
    /// The key field and its value for which the row is; `None` for all things of the kind.
    pub when: Option<(&'static str, &'static str)>,
    /// What the resource block's arguments are called, where it is not what the kind calls them.
    pub arguments: &'static [(&'static str, Argument)],
    /// Arguments that say the same of every such thing.
    pub fixed: &'static [(&'static str, &'static str)],
    /// What switches it off so that it can be switched on again.
    pub disable: &'static [Call],
    /// What takes it away for good.
    pub delete: &'static [Call],
    /// The resource type that declares all of such a set, so that one more would be drift.
    pub exclusive: Option<&'static str>,
    /// What has to be seen to by hand before it can be deleted.
    pub before: Option<&'static str>,
}

impl Remedy {
    pub const fn of(kind: &'static Kind) -> Self {
        Remedy {
            kind,
            when: None,
            arguments: &[],
            fixed: &[],
            disable: &[],
            delete: &[],
            exclusive: None,
            before: None,
        }
    }
}

/// How a block says a key field or a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// By an argument of this name.
    Named(&'static str),
    /// As the one element of a list.
    Only(&'static str),
    /// Not at all: no argument says it.
    Nowhere,
}

/// A command with holes: `{field}` is a key field, a property or `import_id`.
#[derive(Debug, Clone, Copy)]
pub enum Call {
    /// Words of a shell.
    Shell(&'static str),
    /// A statement, run in the database that the key field names. What a hole is filled with is quoted as an
    /// identifier; `{field:role}` writes `public` as the keyword, `{field:word}` takes capital letters alone, and
    /// `{field:signature}` is a function's name with its argument types.
    Sql { database: Option<&'static str>, text: &'static str },
}

/// The row of the table for a thing.
pub fn row<'a>(rows: &'a [Remedy], fact: &Fact) -> Option<&'a Remedy> {
    let fits = |row: &&Remedy| row.when.is_none_or(|(field, is)| fact.key.field(fact.kind, field) == Some(is));
    rows.iter().filter(|row| *row.kind == *fact.kind).find(fits)
}

/// The command for one thing; `None` when a hole cannot be filled safely.
pub fn command(call: &Call, fact: &Fact) -> Option<String> {
    match call {
        Call::Shell(text) => filled(text, &|hole| value(fact, hole).map(|text| shell_word(&text))),
        Call::Sql { database, text } => {
            let statement = filled(text, &|hole| sql_word(fact, hole))?;
            let run = format!("psql -X -v ON_ERROR_STOP=1 -c {}", shell_word(&statement));
            match database {
                Some(field) => Some(format!("PGDATABASE={} {run}", shell_word(fact.key.field(fact.kind, field)?))),
                None => Some(run),
            }
        }
    }
}

/// An argument of a resource block: its value, and how the property that it says compares where it says one.
pub struct Said {
    pub name: &'static str,
    pub value: Value,
    pub compare: Option<Compare>,
}

/// The arguments of the resource block: those of the key first, then its properties.
pub fn arguments(row: Option<&Remedy>, fact: &Fact) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    let mut say = |field: &'static str, value: Value, compare| {
        let named = row.and_then(|row| row.arguments.iter().find(|(of, _)| *of == field));
        match named.map_or(Argument::Named(field), |(_, argument)| *argument) {
            Argument::Named(name) => all.push(Said { name, value, compare }),
            Argument::Only(name) => all.push(Said { name, value: Value::List(vec![value]), compare }),
            Argument::Nowhere => {}
        }
    };
    for (field, text) in fact.kind.key.iter().zip(fact.key.values()).filter(|(_, text)| !text.is_empty()) {
        say(field, Value::from(text.as_str()), None);
    }
    for property in fact.kind.properties {
        if let Some(live) = fact.properties.get(property.name).filter(|live| !live.has_secret()) {
            say(property.name, live.clone(), Some(property.compare));
        }
    }
    let fixed = row.iter().flat_map(|row| row.fixed);
    all.extend(fixed.map(|(name, text)| Said { name, value: Value::from(*text), compare: None }));
    all
}

fn value(fact: &Fact, hole: &str) -> Option<String> {
    let of_key = fact.key.field(fact.kind, hole).map(str::to_owned);
    let text = of_key.or_else(|| fact.properties.get(hole)?.as_str().map(str::to_owned));
    text.or_else(|| fact.import_id.clone().filter(|_| hole == "import_id")).filter(|text| !text.contains('\0'))
}

fn filled(text: &str, fill: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, after) = after.split_once('}')?;
        out.push_str(before);
        out.push_str(&fill(hole)?);
        rest = after;
    }
    Some(out + rest)
}

fn sql_word(fact: &Fact, hole: &str) -> Option<String> {
    let (field, sort) = hole.split_once(':').unwrap_or((hole, "identifier"));
    let text = value(fact, field)?;
    match sort {
        "role" if text == "public" => Some("PUBLIC".to_owned()),
        "word" => {
            let word = text.to_uppercase().replace('_', " ");
            word.chars().all(|c| c.is_ascii_uppercase() || c == ' ').then_some(word)
        }
        "number" => text.bytes().all(|b| b.is_ascii_digit()).then_some(text),
        "signature" => {
            let (name, types) = text.split_once('(')?;
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_ ,[])".contains(c);
            types.chars().all(plain).then(|| format!("{}({types}", identifier(name)))
        }
        _ => Some(identifier(&text)),
    }
}

fn identifier(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A text as one word of a POSIX shell.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@,+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if text.chars().any(|c| c.is_control() || is_steering(c)) {
        // Spelled out, so that it steers no terminal on which somebody reads the command.
        let spelled: String = text.bytes().map(|byte| format!("\\{byte:03o}")).collect();
        format!("\"$(printf '{spelled}')\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Key;
    use crate::providers;

    fn of(kind: &str, key: &[&str]) -> Fact {
        Fact::new(providers::kind(kind).unwrap_or(providers::kinds()[0]), "1".into(), Key::new(key.iter().copied()))
    }

    fn deleted(fact: &Fact) -> Vec<String> {
        let provider = providers::system(fact.kind.system());
        let row = provider.and_then(|provider| row(provider.remedies(), fact));
        row.map(|row| row.delete.iter().filter_map(|call| command(call, fact)).collect()).unwrap_or_default()
    }

    #[test]
    fn hostile_names_stay_one_word() {
        assert_eq!(shell_word("it's; rm -rf"), r"'it'\''s; rm -rf'");
        let grant = of("postgres/grant/table", &["a b", "s", "t\"; DROP ROLE x; --", "public"]);
        let statement = r#"'REVOKE ALL ON TABLE "s"."t""; DROP ROLE x; --" FROM PUBLIC'"#;
        assert_eq!(deleted(&grant), [format!("PGDATABASE='a b' psql -X -v ON_ERROR_STOP=1 -c {statement}")]);
        let odd = of("postgres/grant/function", &["d", "s", "f(\"x\"; DROP)", "g"]);
        assert!(deleted(&odd).is_empty(), "a signature that is not plain is left to a person");
        let key = of("aws/iam/attachment", &["user", "-x", "arn:aws:iam::aws:policy/A"]);
        assert_eq!(deleted(&key), ["aws iam detach-user-policy --user-name=-x --policy-arn=arn:aws:iam::aws:policy/A"]);
    }

    #[test]
    fn every_hole_of_every_row_is_a_field_of_its_kind() {
        let known = |row: &Remedy, hole: &str| {
            let field = hole.split(':').next().unwrap_or_default();
            field == "import_id" || row.kind.key.contains(&field) || row.kind.property(field).is_some()
        };
        for row in providers::SYSTEMS.iter().flat_map(|provider| provider.remedies()) {
            for call in row.disable.iter().chain(row.delete) {
                let (Call::Shell(text) | Call::Sql { text, .. }) = call;
                for hole in text.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    assert!(known(row, hole), "`{hole}` of {}", row.kind.id);
                }
            }
        }
    }
}
