//! Grants on schemas.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/schema",
    "schema grant",
    "grant on schema `{schema}` of `{database}` to `{grantee}`",
    &["database", "schema", "grantee"],
    &["postgresql_grant", "postgresql_schema"],
    "What a role may do with a schema, from pg_namespace. What `initdb` gave (everybody may use `public`, and before version \
     15 make things in it) and the rights of the owner are expected of nobody to declare.",
);
