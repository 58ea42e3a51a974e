//! Grants on languages.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/language",
    "language grant",
    "grant on language `{language}` of `{database}` to `{grantee}`",
    &["database", "language", "grantee"],
    &[],
    "Who may write functions in a language, from pg_language, where its access list is written: where it is not, everybody \
     may use a trusted language and only superusers another. The provider has no resource type that grants on one.",
);
