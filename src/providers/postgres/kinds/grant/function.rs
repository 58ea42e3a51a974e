//! Grants on functions, procedures and aggregates.

use super::SORTED;
use crate::model::{Class, Kind};

pub static KIND: Kind = Kind {
    id: "postgres/grant/function",
    noun: "grant on a function",
    title: "grant on function `{schema}.{function}` of `{database}` to `{grantee}`",
    class: Class::Grant,
    key: &["database", "schema", "function", "grantee"],
    properties: SORTED,
    declared_by: &["postgresql_grant"],
    about: "Who may call a function, procedure or aggregate, from pg_proc; `sort` says which it is. The key names the \
            arguments' types, so that functions of one name are told apart; a declaration that names none speaks of all of \
            that name, as the provider does. Everybody may call what nothing is said of, so that much is expected of nobody \
            to declare.",
};

/// What the letters of `prokind` stand for, but for functions (PostgreSQL documentation, "pg_proc").
pub(in crate::providers::postgres) fn sort(kind: &str) -> Option<&'static str> {
    match kind {
        "p" => Some("procedure"),
        "a" => Some("aggregate"),
        "w" => Some("window function"),
        _ => None,
    }
}

/// Functions of the server that reach its files, and those that end or hold up what others do; `initdb` keeps them to
/// superusers (PostgreSQL documentation, "System Administration Functions").
static POWERFUL: &[(&str, &str)] = &[
    ("pg_read_file", "files of the server are read"),
    ("pg_read_binary_file", "files of the server are read"),
    ("pg_ls_dir", "files of the server are listed"),
    ("pg_stat_file", "files of the server are listed"),
    ("lo_import", "files of the server are read"),
    ("lo_export", "files of the server are written"),
    ("pg_file_write", "files of the server are written"),
    ("pg_reload_conf", "the configuration is read anew"),
    ("pg_rotate_logfile", "the log is begun anew"),
    ("pg_promote", "a standby becomes a server of its own"),
];

/// What a function of the server lets its callers do.
pub(in crate::providers::postgres) fn powerful(schema: &str, name: &str) -> Option<&'static str> {
    let known = || POWERFUL.iter().find(|(known, _)| *known == name).map(|(_, what)| *what);
    (schema == "pg_catalog").then(known).flatten()
}
