//! Grants on functions, procedures and aggregates.

use super::SORTED;
use crate::model::{Class, Kind, Privilege};

pub static KIND: Kind = Kind {
    id: "postgres/grant/function",
    noun: "function grant",
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

/// Functions of the server that `initdb` keeps to superusers, with what their callers can have it do, and whether that is
/// as good as being a superuser: who reads or writes its files is (PostgreSQL documentation, "System Administration
/// Functions" and "Predefined Roles").
static POWERFUL: &[(&str, bool, &str)] = &[
    ("pg_read_file", true, "it reads files of the server"),
    ("pg_read_binary_file", true, "it reads files of the server"),
    ("lo_import", true, "it reads files of the server"),
    ("lo_export", true, "it writes files of the server"),
    ("pg_file_write", true, "it writes files of the server"),
    ("pg_ls_dir", false, "it lists files of the server"),
    ("pg_stat_file", false, "it lists files of the server"),
    ("pg_reload_conf", false, "it has the server read its configuration again"),
    ("pg_rotate_logfile", false, "it has the server begin a new log"),
    ("pg_promote", false, "it makes a standby a server of its own"),
];

/// What a function of the server gives those who may call it.
pub(in crate::providers::postgres) fn powerful(schema: &str, name: &str) -> Option<Privilege> {
    let known = POWERFUL.iter().find(|(known, ..)| *known == name && schema == "pg_catalog");
    known.map(|(_, admin, what)| match admin {
        true => Privilege::Admin((*what).to_owned()),
        false => Privilege::Some((*what).to_owned()),
    })
}
