//! Subscriptions: credentials for the server that a database copies from.

use super::shared::located;
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/subscription",
    noun: "subscription",
    title: "subscription `{subscription}` of `{database}`",
    class: Class::Credential,
    key: &["database", "subscription"],
    properties: &[
        Property { name: "publications", compare: Compare::Set, weight: Weight::Access },
        // No resource type says these.
        Property { name: "owner", compare: Compare::Exact, weight: Weight::Metadata },
        Property { name: "enabled", compare: Compare::Flag(true), weight: Weight::Metadata },
    ],
    declared_by: &["postgresql_subscription"],
    about: "That a database copies publications of another server, from pg_subscription. How it logs in there is in the \
            connection string, which is never read and not compared. `create_slot` and `slot_name` are no access.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_subscription",
    claims,
    kinds: &[&KIND],
    secrets: &["conninfo"],
    fills_in: &["database"],
    about: "declares one subscription and what it copies",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    if let Some(claim) = located(instance, &KIND, [name], out) {
        claim.copy(instance, &["publications"]);
    }
}

/// The columns of `queries::SUBSCRIPTIONS` as a fact.
pub(in crate::providers::postgres) fn fact(row: &Row, cluster: &Arc<str>) -> Result<Fact, Unreadable> {
    let (database, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let owner: String = row.try_get(2)?;
    let publications: Vec<String> = row.try_get(4)?;
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([&database, &name]))
        .with("owner", owner)
        .with("enabled", row.try_get::<_, bool>(3)?)
        .with("publications", Value::List(publications.into_iter().map(Value::from).collect()));
    fact.import_id = (!database.contains('.') && !name.contains('.')).then(|| format!("{database}.{name}"));
    Ok(fact)
}
