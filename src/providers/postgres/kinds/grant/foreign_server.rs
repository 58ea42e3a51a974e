//! Grants on foreign servers.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/foreign_server",
    "foreign server grant",
    "grant on foreign server `{foreign_server}` of `{database}` to `{grantee}`",
    &["database", "foreign_server", "grantee"],
    &["postgresql_grant"],
    "Who may make foreign tables on a foreign server and log in there, from pg_foreign_server.",
);
