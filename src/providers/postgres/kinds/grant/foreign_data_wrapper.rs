//! Grants on foreign data wrappers.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/foreign_data_wrapper",
    "foreign data wrapper grant",
    "grant on foreign data wrapper `{foreign_data_wrapper}` of `{database}` to `{grantee}`",
    &["database", "foreign_data_wrapper", "grantee"],
    &["postgresql_grant"],
    "Who may make servers with a foreign data wrapper, from pg_foreign_data_wrapper.",
);
