//! Security labels.

use super::shared::located;
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/security_label",
    noun: "security label",
    title: "security label of `{provider}` on {object_type} `{object}`[ of `{database}`]",
    class: Class::Setting,
    key: &["database", "provider", "object_type", "object"],
    properties: &[Property { name: "label", compare: Compare::Exact, weight: Weight::Guardrail }],
    declared_by: &["postgresql_security_label"],
    about: "What a label provider (an extension such as one that masks data) was told of an object, from pg_seclabel and \
            pg_shseclabel; labels of roles, databases and tablespaces belong to no database. Objects are named as the server \
            writes them: in quotes where they need some, and with their schema.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_security_label",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[],
    about: "declares one label of one provider on one object",
}];

/// Sorts of objects that belong to the cluster as a whole.
static SHARED: &[&str] = &["role", "database", "tablespace"];

fn claims(instance: &Instance, out: &mut Claims) {
    let mut text = |name| key_text(instance, name, &KIND, out);
    let (Some(provider), Some(sort), Some(object)) = (text("label_provider"), text("object_type"), text("object_name"))
    else {
        return;
    };
    let sort = sort.to_lowercase();
    // The provider records both as the server quotes them (`quoteIdentifier` in `resource_postgresql_security_label.go`).
    let (provider, object) = (unquoted(&provider), quoted(&object));
    if SHARED.contains(&sort.as_str()) {
        out.claim(instance, &KIND, Key::new(["", &provider, &sort, &object])).copy(instance, &["label"]);
        return;
    }
    // An object is named without its schema: the live side tells which it is.
    if let Some(claim) = located(instance, &KIND, [provider, sort, object], out) {
        claim.copy(instance, &["label"]);
    }
}

fn unquoted(name: &str) -> String {
    let inside = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.map_or_else(|| name.to_owned(), |inside| inside.replace("\"\"", "\""))
}

/// In quotes where the server would use some; what is in quotes stays as it is.
fn quoted(name: &str) -> String {
    let plain = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
    let begins = name.starts_with(|c: char| c == '_' || c.is_ascii_lowercase());
    if (name.starts_with('"') && name.ends_with('"') && name.len() > 1) || (begins && name.chars().all(plain)) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether the server's name of an object is the written one, with or without a schema.
pub(in crate::providers::postgres) fn names(server: &str, written: &str) -> bool {
    server == written || server.strip_suffix(written).is_some_and(|schema| schema.ends_with('.'))
}

/// The columns of `queries::inside::LABELS` and `queries::SHARED_LABELS` as a fact; these belong to no database.
pub(in crate::providers::postgres) fn fact(row: &Row, database: &str, cluster: &Arc<str>) -> Result<Fact, Unreadable> {
    let (sort, object): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let (provider, label): (String, String) = (row.try_get(2)?, row.try_get(3)?);
    let mut fact =
        Fact::new(&KIND, cluster.clone(), Key::new([database, &provider, &sort, &object])).with("label", label);
    fact.import_id = Some(format!("{provider}.{sort}.{object}"));
    Ok(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_named_as_the_server_writes_them() {
        assert_eq!(["app", "App", "a.b", r#""App""#].map(quoted), ["app", r#""App""#, r#""a.b""#, r#""App""#]);
        assert!(names("public.orders", "orders") && names("orders", "orders") && !names("public.borders", "orders"));
    }
}
