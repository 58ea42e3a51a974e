//! Databases.

use super::shared::OWNER;
use super::{BY_INITDB, FIRST_NORMAL};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::kinds::grant::Access;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/database",
    noun: "database",
    title: "database `{name}`",
    class: Class::Setting,
    key: &["name"],
    properties: &[
        OWNER,
        Property { name: "allow_connections", compare: Compare::Flag(true), weight: Weight::Access },
        Property { name: "is_template", compare: Compare::Flag(false), weight: Weight::Access },
        Property { name: "connection_limit", compare: Compare::Number(-1), weight: Weight::Operation },
        Property { name: "tablespace_name", compare: Compare::Exact, weight: Weight::Operation },
    ],
    declared_by: &["postgresql_database"],
    about: "A database of the cluster, from pg_database: who owns it may do everything with it, and everybody who may make \
            databases may copy a template. Encoding, collation and the template that it was made from are not compared: no \
            access depends on them. Databases that `initdb` makes are the server's own. `alter_object_ownership` exists in \
            Terraform only.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_database",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["owner", "is_template", "tablespace_name"],
    about: "declares one database, its owner and who may connect to it at all; grants on it are `postgresql_grant`",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    let claim = out.claim(instance, &KIND, Key::new([name]));
    claim.copy(instance, &["allow_connections", "connection_limit"]);
    claim.computed(instance, &["owner", "is_template", "tablespace_name"]);
}

/// One database, as the server shows it.
pub(in crate::providers::postgres) struct Database {
    pub name: String,
    pub oid: i64,
    pub allows: bool,
    pub template: bool,
    connections: i64,
    tablespace: String,
    pub access: Access,
}

/// The columns of `queries::DATABASES`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Database, Unreadable> {
    Ok(Database {
        name: row.try_get(0)?,
        oid: row.try_get(1)?,
        allows: row.try_get(2)?,
        template: row.try_get(3)?,
        connections: row.try_get(4)?,
        tablespace: row.try_get(5)?,
        access: Access::read(row, 6)?,
    })
}

impl Database {
    /// One that nobody was granted anything of, for tests of what is made of databases.
    #[cfg(test)]
    pub(in crate::providers::postgres) fn named(name: &str, oid: i64, allows: bool, template: bool) -> Self {
        let (name, access) = (name.to_owned(), Access::of_nobody());
        Database { name, oid, allows, template, connections: -1, tablespace: "pg_default".to_owned(), access }
    }

    /// Whether it is one that `initdb` makes.
    pub(in crate::providers::postgres) fn of_initdb(&self) -> bool {
        self.oid < FIRST_NORMAL
    }
}

pub(in crate::providers::postgres) fn fact(one: &Database, cluster: &Arc<str>) -> Fact {
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([&one.name]))
        .with("owner", one.access.owner.as_str())
        .with("allow_connections", one.allows)
        .with("is_template", one.template)
        .with("connection_limit", one.connections)
        .with("tablespace_name", one.tablespace.as_str());
    fact.import_id = Some(one.name.clone());
    fact.vendor_made = one.of_initdb().then(|| BY_INITDB.to_owned());
    fact
}
