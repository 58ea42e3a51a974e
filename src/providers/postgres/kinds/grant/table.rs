//! Grants on tables and on what is granted as one: views and foreign tables.

use super::SORTED;
use crate::model::{Class, Kind};

pub static KIND: Kind = Kind {
    id: "postgres/grant/table",
    noun: "table grant",
    title: "grant on table `{schema}.{table}` of `{database}` to `{grantee}`",
    class: Class::Grant,
    key: &["database", "schema", "table", "grantee"],
    properties: SORTED,
    declared_by: &["postgresql_grant"],
    about: "What a role may do with a table, from pg_class. Partitioned and foreign tables, views and materialized views are \
            granted as tables; `sort` says which it is. A `postgresql_grant` without `objects` speaks of every table of its \
            schema: one that was made since and lacks the grant is drift. The provider itself looks at ordinary tables \
            alone, so an apply puts nothing right with the others. `ALL` stands for every privilege \
            that the server's version knows. What follows from default privileges that are live is expected of nobody to \
            declare once more, nor are the rights of the owner.",
};

/// What the letters of `relkind` stand for, but for ordinary tables (PostgreSQL documentation, "pg_class").
pub(in crate::providers::postgres) fn sort(kind: &str) -> Option<&'static str> {
    match kind {
        "p" => Some("partitioned table"),
        "v" => Some("view"),
        "m" => Some("materialized view"),
        "f" => Some("foreign table"),
        _ => None,
    }
}

/// Tables of the server that show what is kept from everybody, with what they show.
static TELLING: &[(&str, &str)] = &[
    ("pg_authid", "password hashes of all roles"),
    ("pg_shadow", "password hashes of all roles that may log in"),
    ("pg_statistic", "samples of the contents of all tables"),
    ("pg_largeobject", "the contents of all large objects"),
    ("pg_subscription", "passwords of subscriptions"),
    ("pg_user_mapping", "passwords for foreign servers"),
    ("pg_hba_file_rules", "who may log in from where"),
];

/// What a table of the server tells.
pub(in crate::providers::postgres) fn telling(schema: &str, name: &str) -> Option<&'static str> {
    let known = || TELLING.iter().find(|(known, _)| *known == name).map(|(_, what)| *what);
    (schema == "pg_catalog").then(known).flatten()
}
