//! Grants on sequences.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/sequence",
    "sequence grant",
    "grant on sequence `{schema}.{sequence}` of `{database}` to `{grantee}`",
    &["database", "schema", "sequence", "grantee"],
    &["postgresql_grant"],
    "What a role may do with a sequence, from pg_class. What follows from default privileges that are live is expected of \
     nobody to declare once more.",
);
