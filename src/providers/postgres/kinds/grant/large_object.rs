//! Grants on large objects.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/large_object",
    "large object grant",
    "grant on large object `{large_object}` of `{database}` to `{grantee}`",
    &["database", "large_object", "grantee"],
    &[],
    "What a role may do with a large object, from pg_largeobject_metadata, where its access list is written. The provider has \
     no resource type that grants on one.",
);
