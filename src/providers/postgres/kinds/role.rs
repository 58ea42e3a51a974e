//! Roles: users, and groups of them.

use super::{BY_INITDB, FIRST_NORMAL, membership};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/role",
    noun: "database role",
    title: "role `{name}`",
    class: Class::Principal,
    key: &["name"],
    properties: &[
        flag("login", false),
        flag("superuser", false),
        flag("create_database", false),
        flag("create_role", false),
        flag("inherit", true),
        flag("replication", false),
        flag("bypass_row_level_security", false),
        Property { name: "connection_limit", compare: Compare::Number(-1), weight: Weight::Operation },
        Property { name: "valid_until", compare: Compare::Instant, weight: Weight::Guardrail },
        Property { name: "assume_role", compare: Compare::Exact, weight: Weight::Access },
        Property { name: "search_path", compare: Compare::Sequence, weight: Weight::Access },
        Property { name: "statement_timeout", compare: Compare::Number(0), weight: Weight::Operation },
        Property {
            name: "idle_in_transaction_session_timeout",
            compare: Compare::Number(0),
            weight: Weight::Operation,
        },
    ],
    declared_by: &["postgresql_role"],
    about: "A role of the cluster with its attributes and the settings that the provider knows, from pg_roles. Passwords \
            are never read, so a changed one is not seen. Other settings of a role, and those for single databases, are in \
            no resource type and are not compared. A setting that is not there and one of 0 are the same, as to the \
            provider; so are search paths that differ in quoting alone. Roles that `initdb` makes (`pg_…`, and the \
            superuser of the beginning) are the server's own. `skip_drop_role`, `skip_reassign_owned` and \
            `encrypted_password` exist in Terraform only.",
};

const fn flag(name: &'static str, default: bool) -> Property {
    Property { name, compare: Compare::Flag(default), weight: Weight::Access }
}

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_role",
    claims,
    kinds: &[&KIND, &membership::KIND],
    secrets: &["password", "password_wo"],
    fills_in: &[],
    about: "declares one role; `roles`, where the source sets it, declares all roles that it is a member of",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    let properties: Vec<_> = KIND.properties.iter().map(|property| property.name).collect();
    out.claim(instance, &KIND, Key::new([&name])).copy(instance, &properties);
    membership::claims_of_role(instance, &name, out);
}

/// One role, as the server shows it.
pub(in crate::providers::postgres) struct Role {
    oid: i64,
    name: String,
    superuser: bool,
    inherit: bool,
    create_role: bool,
    create_database: bool,
    login: bool,
    replication: bool,
    bypass: bool,
    connections: i64,
    valid_until: Option<String>,
    settings: Vec<String>,
}

/// The columns of `queries::ROLES`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Role, Unreadable> {
    Ok(Role {
        oid: row.try_get(0)?,
        name: row.try_get(1)?,
        superuser: row.try_get(2)?,
        inherit: row.try_get(3)?,
        create_role: row.try_get(4)?,
        create_database: row.try_get(5)?,
        login: row.try_get(6)?,
        replication: row.try_get(7)?,
        bypass: row.try_get(8)?,
        connections: row.try_get(9)?,
        valid_until: row.try_get(10)?,
        settings: row.try_get::<_, Option<Vec<String>>>(11)?.unwrap_or_default(),
    })
}

/// The role as a fact; `version` is the server's, as `server_version_num` writes it.
pub(in crate::providers::postgres) fn fact(role: &Role, version: i64, cluster: &Arc<str>) -> Fact {
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([&role.name]))
        .with("login", role.login)
        .with("superuser", role.superuser)
        .with("create_database", role.create_database)
        .with("create_role", role.create_role)
        .with("inherit", role.inherit)
        .with("replication", role.replication)
        .with("bypass_row_level_security", role.bypass)
        .with("connection_limit", role.connections)
        .with("valid_until", role.valid_until.as_deref().unwrap_or("infinity"))
        .with("assume_role", setting(role, "role").map_or(Value::Null, Value::from))
        .with("search_path", setting(role, "search_path").map_or(Value::Null, search_path))
        .with("statement_timeout", setting(role, "statement_timeout").map_or(Value::Null, milliseconds))
        .with(
            "idle_in_transaction_session_timeout",
            setting(role, "idle_in_transaction_session_timeout").map_or(Value::Null, milliseconds),
        );
    fact.unique_id = Some(role.oid.to_string());
    fact.import_id = Some(role.name.clone());
    fact.privilege = privilege(role, version);
    fact.vendor_made = (role.oid < FIRST_NORMAL).then(|| BY_INITDB.to_owned());
    fact
}

/// One of the role's settings for all databases, each written `name=value`.
fn setting<'a>(role: &'a Role, name: &str) -> Option<&'a str> {
    role.settings.iter().find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='))
}

/// As the provider reads it (`readSearchPath` in `resource_postgresql_role.go`).
fn search_path(written: &str) -> Value {
    Value::List(written.split(", ").map(|entry| Value::from(entry.trim_matches('"'))).collect())
}

/// A time in milliseconds, which a number without unit is (PostgreSQL documentation, "Parameter Names and Values"); what
/// is no time stays as it is written.
fn milliseconds(written: &str) -> Value {
    let text = written.trim();
    let digits = text.bytes().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim() {
        "" | "ms" => Some(1),
        "s" => Some(1_000),
        "min" => Some(60_000),
        "h" => Some(3_600_000),
        "d" => Some(86_400_000),
        _ => None,
    };
    let value = number.parse::<i64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    value.map_or_else(|| Value::from(written), Value::from)
}

/// Predefined roles by what they give beyond reading statistics and settings (PostgreSQL documentation, "Predefined
/// Roles"). Those that reach the server's files or programs can be used to become a superuser, it says there.
static PREDEFINED: &[(&str, bool, &str)] = &[
    ("pg_execute_server_program", true, "`pg_execute_server_program` runs programs on the server"),
    ("pg_write_server_files", true, "`pg_write_server_files` writes files of the server"),
    ("pg_read_server_files", true, "`pg_read_server_files` reads files of the server"),
    ("pg_write_all_data", false, "all data may be written, by `pg_write_all_data`"),
    ("pg_read_all_data", false, "all data may be read, by `pg_read_all_data`"),
    ("pg_maintain", false, "all tables may be locked and rebuilt, by `pg_maintain`"),
    ("pg_signal_backend", false, "sessions of others may be ended, by `pg_signal_backend`"),
    ("pg_create_subscription", false, "subscriptions may be made, by `pg_create_subscription`"),
    ("pg_checkpoint", false, "checkpoints may be forced, by `pg_checkpoint`"),
    ("pg_monitor", false, "queries of others may be read, by `pg_monitor`"),
    ("pg_read_all_stats", false, "queries of others may be read, by `pg_read_all_stats`"),
];

/// What the role's own attributes let it do. Before version 16 CREATEROLE could change every role but superusers, and the
/// documentation of "CREATE ROLE" calls such roles almost superusers.
fn privilege(role: &Role, version: i64) -> Privilege {
    let name = &role.name;
    if role.superuser {
        return Privilege::Admin(format!("`{name}` is a superuser"));
    }
    if role.create_role && version < 160_000 {
        return Privilege::Admin(format!("`{name}` may change every role that is no superuser"));
    }
    let predefined = PREDEFINED.iter().find(|(known, ..)| role.oid < FIRST_NORMAL && known == name);
    if let Some((_, admin, why)) = predefined {
        let why = (*why).to_owned();
        return if *admin { Privilege::Admin(why) } else { Privilege::Some(why) };
    }
    let gives = [
        (role.bypass, "BYPASSRLS"),
        (role.replication, "REPLICATION"),
        (role.create_role, "CREATEROLE"),
        (role.create_database, "CREATEDB"),
    ];
    gives
        .iter()
        .find(|(given, _)| *given)
        .map_or(Privilege::None, |(_, what)| Privilege::Some(format!("{what} of `{name}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str, oid: i64) -> Role {
        Role {
            oid,
            name: name.to_owned(),
            superuser: false,
            inherit: true,
            create_role: false,
            create_database: false,
            login: true,
            replication: false,
            bypass: false,
            connections: -1,
            valid_until: None,
            settings: Vec::new(),
        }
    }

    #[test]
    fn settings_are_read_as_the_provider_does_and_with_units_too() {
        let settings = ["search_path=\"$user\", app, public", "statement_timeout=5s", "role=owner"];
        let settings = settings.map(str::to_owned).to_vec();
        let fact = fact(&Role { settings, ..role("app", 20000) }, 150_000, &"1".into());
        let path: Vec<_> = fact.properties["search_path"].strings().collect();
        assert_eq!(path, ["$user", "app", "public"]);
        assert_eq!(fact.properties["statement_timeout"], Value::from(5000));
        assert_eq!(fact.properties["assume_role"], Value::from("owner"));
        assert!(fact.properties["idle_in_transaction_session_timeout"].is_null());
        assert_eq!(milliseconds("1.5min"), Value::from("1.5min"));
    }

    #[test]
    fn only_what_initdb_made_is_the_servers_own() {
        for (name, oid, own) in [("postgres", 10, true), ("pg_monitor", 3373, true), ("rdsadmin", 16384, false)] {
            assert_eq!(fact(&role(name, oid), 150_000, &"1".into()).vendor_made.is_some(), own, "{name}");
        }
    }

    #[test]
    fn makers_of_roles_were_almost_superusers_before_16() {
        let maker = Role { create_role: true, ..role("maker", 20000) };
        assert!(matches!(privilege(&maker, 150_018), Privilege::Admin(_)));
        assert!(matches!(privilege(&maker, 160_000), Privilege::Some(_)));
        assert!(matches!(privilege(&role("pg_execute_server_program", 4571), 150_000), Privilege::Admin(_)));
        assert_eq!(privilege(&role("pg_execute_server_program", 20000), 150_000), Privilege::None);
    }
}
