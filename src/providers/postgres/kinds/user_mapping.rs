//! User mappings: who is logged in to a foreign server as somebody else.

use super::role;
use super::shared::located;
use crate::model::{Claims, Class, Fact, Instance, Key, Kind};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::acl::EVERYBODY;
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/user_mapping",
    noun: "user mapping",
    title: "user mapping of `{user}` for foreign server `{server}` of `{database}`",
    class: Class::Credential,
    key: &["database", "server", "user"],
    properties: &[],
    declared_by: &["postgresql_user_mapping"],
    about: "That a role is logged in to a foreign server as a user of it, from pg_user_mappings. As whom and with which \
            password stands in the options, which are never read: that there is one is all that is compared.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_user_mapping",
    claims,
    kinds: &[&KIND],
    secrets: &["options"],
    fills_in: &[],
    about: "declares one user mapping; what is in its options is not compared",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(server) = key_text(instance, "server_name", &KIND, out) else { return };
    let Some(user) = key_text(instance, "user_name", &KIND, out) else { return };
    located(instance, &KIND, [server, user], out);
}

/// The columns of `queries::inside::USER_MAPPINGS`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<(String, String), Unreadable> {
    // A mapping of a role that is gone has no name.
    Ok((row.try_get(0)?, row.try_get::<_, Option<String>>(1)?.unwrap_or_default()))
}

pub(in crate::providers::postgres) fn fact(server: &str, user: &str, database: &str, cluster: &Arc<str>) -> Fact {
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new([database, server, user]));
    // The provider works in the database of its own configuration alone.
    fact.import_id = (!user.contains('.') && !server.contains('.')).then(|| format!("{user}.{server}"));
    if user != EVERYBODY {
        fact.holder = Some((&role::KIND, Key::new([user])));
    }
    fact
}
