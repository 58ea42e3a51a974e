//! Grants on tablespaces.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/tablespace",
    "tablespace grant",
    "grant on tablespace `{tablespace}` to `{grantee}`",
    &["tablespace", "grantee"],
    &[],
    "Who may put tables into a tablespace, from pg_tablespace. The provider has no resource type that grants on one.",
);
