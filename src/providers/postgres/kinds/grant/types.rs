//! Grants on types and domains.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/type",
    "type grant",
    "grant on type `{schema}.{type}` of `{database}` to `{grantee}`",
    &["database", "schema", "type", "grantee"],
    &[],
    "What a role may do with a type or domain, from pg_type, where its access list is written: where it is not, everybody may \
     use it. The provider has no resource type that grants on one.",
);
