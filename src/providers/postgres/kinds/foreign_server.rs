//! Foreign servers.

use super::grant;
use super::shared::{OWNER, located};
use crate::model::{AttrPath, Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/foreign_server",
    noun: "foreign server",
    title: "foreign server `{server}` of `{database}`",
    class: Class::Setting,
    key: &["database", "server"],
    properties: &[OWNER, Property { name: "fdw_name", compare: Compare::Exact, weight: Weight::Access }],
    declared_by: &["postgresql_server"],
    about: "A server that tables may lie on, with its owner and wrapper, from pg_foreign_server. Its options are for the \
            wrapper to know and may hold keys: they are neither read nor compared.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_server",
    claims,
    kinds: &[&KIND],
    secrets: &["options"],
    fills_in: &["server_owner"],
    about: "declares one foreign server and its owner; options, type and version are not compared",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "server_name", &KIND, out) else { return };
    let Some(claim) = located(instance, &KIND, [name], out) else { return };
    claim.copy(instance, &["fdw_name"]);
    if let Some(owner) = instance.attributes.get("server_owner") {
        let owner = owner.as_str().map_or(owner.clone(), |name| Value::from(unquoted(name)));
        claim.set_at("owner", owner, AttrPath::attr("server_owner"));
        if instance.configured.sets("server_owner") == Some(false) {
            claim.unseen("owner");
        }
    }
}

/// A name as `regrole` writes it: in quotes where it needs them.
fn unquoted(name: &str) -> String {
    let inside = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.map_or_else(|| name.to_owned(), |inside| inside.replace("\"\"", "\""))
}

/// One foreign server, as the server shows it.
pub(in crate::providers::postgres) struct Server {
    pub name: String,
    wrapper: String,
    of_extension: bool,
    pub access: grant::Access,
}

/// The columns of `queries::inside::SERVERS`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Server, Unreadable> {
    Ok(Server {
        name: row.try_get(0)?,
        wrapper: row.try_get(1)?,
        of_extension: row.try_get(2)?,
        access: grant::Access::read(row, 3)?,
    })
}

pub(in crate::providers::postgres) fn fact(one: &Server, database: &str, cluster: &Arc<str>) -> Fact {
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([database, &one.name]))
        .with("owner", one.access.owner.as_str())
        .with("fdw_name", one.wrapper.as_str());
    fact.import_id = Some(one.name.clone());
    fact.vendor_made = one.of_extension.then(|| "made by an extension".to_owned());
    fact
}

#[cfg(test)]
mod tests {
    use super::unquoted;

    #[test]
    fn owners_are_named_as_they_are_stored() {
        assert_eq!(unquoted("owner"), "owner");
        assert_eq!(unquoted(r#""The ""Owner""""#), r#"The "Owner""#);
    }
}
