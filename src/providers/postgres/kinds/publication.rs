//! Publications: what may be replicated from a database.

use super::shared::{OWNER, located};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/publication",
    noun: "publication",
    title: "publication `{publication}` of `{database}`",
    class: Class::ResourcePolicy,
    key: &["database", "publication"],
    properties: &[
        OWNER,
        Property { name: "all_tables", compare: Compare::Flag(false), weight: Weight::Access },
        Property { name: "tables", compare: Compare::Set, weight: Weight::Access },
        Property { name: "publish_param", compare: Compare::Set, weight: Weight::Access },
    ],
    declared_by: &["postgresql_publication"],
    about: "Which tables and which of their changes a subscriber may copy, from pg_publication: whoever may replicate gets \
            them, whatever is granted. Of one for all tables they are not listed. Row filters and lists of columns are in no \
            resource type and are not compared.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_publication",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["database", "owner", "all_tables", "tables", "publish_param"],
    about: "declares one publication, its owner and its tables",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    let Some(claim) = located(instance, &KIND, [name], out) else { return };
    claim.computed(instance, &["owner", "all_tables", "publish_param"]);
    if instance.attributes.get("all_tables").and_then(Value::as_bool) != Some(true) {
        claim.computed(instance, &["tables"]);
    }
}

/// One publication, as the server shows it.
pub(in crate::providers::postgres) struct Publication {
    name: String,
    owner: String,
    all_tables: bool,
    publishes: [bool; 4],
    tables: Option<Vec<String>>,
}

/// The columns of `queries::inside::PUBLICATIONS`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Publication, Unreadable> {
    Ok(Publication {
        name: row.try_get(0)?,
        owner: row.try_get(1)?,
        all_tables: row.try_get(2)?,
        publishes: [row.try_get(3)?, row.try_get(4)?, row.try_get(5)?, row.try_get(6)?],
        tables: row.try_get(7)?,
    })
}

pub(in crate::providers::postgres) fn fact(one: Publication, database: &str, cluster: &Arc<str>) -> Fact {
    let changes = ["insert", "update", "delete", "truncate"].into_iter().zip(one.publishes);
    let published: Vec<_> = changes.filter(|(_, does)| *does).map(|(name, _)| Value::from(name)).collect();
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([database, &one.name]))
        .with("owner", one.owner)
        .with("all_tables", one.all_tables)
        .with("publish_param", Value::List(published))
        .with("tables", Value::List(one.tables.unwrap_or_default().into_iter().map(Value::from).collect()));
    let plain = !database.contains('.') && !one.name.contains('.');
    fact.import_id = plain.then(|| format!("{database}.{}", one.name));
    fact
}
