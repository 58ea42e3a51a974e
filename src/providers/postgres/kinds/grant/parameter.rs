//! Grants on settings of the server.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/parameter",
    "parameter grant",
    "grant on parameter `{parameter}` to `{grantee}`",
    &["parameter", "grantee"],
    &[],
    "Who may change a setting of the server that is otherwise kept to superusers, from pg_parameter_acl (version 15 and \
     later). The provider has no resource type that grants on one.",
);
