//! The kinds of PostgreSQL, one file each: what it is, which resource types claim it, how it is read. This file is their
//! table.

pub mod database;
pub mod default_privileges;
pub mod foreign_server;
pub mod function;
pub mod grant;
pub mod membership;
pub mod owner;
pub mod publication;
pub mod role;
pub mod schema;
pub mod security_label;
pub(super) mod shared;
pub mod subscription;
pub mod user_mapping;

use super::acl::EVERYBODY;
use crate::model::{Key, Kind};
use crate::providers::ResourceType;

/// Every kind, in the order in which help shows them.
pub static KINDS: &[&Kind] = &[
    &role::KIND,
    &membership::KIND,
    &database::KIND,
    &grant::database::KIND,
    &grant::tablespace::KIND,
    &grant::parameter::KIND,
    &subscription::KIND,
    &security_label::KIND,
    &schema::KIND,
    &grant::schema::KIND,
    &grant::table::KIND,
    &grant::column::KIND,
    &grant::sequence::KIND,
    &grant::function::KIND,
    &grant::types::KIND,
    &grant::language::KIND,
    &grant::foreign_data_wrapper::KIND,
    &grant::foreign_server::KIND,
    &grant::large_object::KIND,
    &owner::KIND,
    &default_privileges::KIND,
    &function::KIND,
    &foreign_server::KIND,
    &user_mapping::KIND,
    &publication::KIND,
];

/// How many of them belong to the cluster as a whole.
const SHARED: usize = 7;

/// Kinds that only a session with the database that they are in shows; security labels of what belongs to the cluster are
/// read anywhere.
pub(super) static INSIDE: &[&Kind] = KINDS.split_at(SHARED).1;

/// The resource types of each kind's file.
pub static TYPES: &[&[ResourceType]] = &[
    role::TYPES,
    membership::TYPES,
    database::TYPES,
    schema::TYPES,
    grant::TYPES,
    default_privileges::TYPES,
    function::TYPES,
    foreign_server::TYPES,
    user_mapping::TYPES,
    publication::TYPES,
    subscription::TYPES,
    security_label::TYPES,
];

/// The roles and databases that a thing with this key presupposes: a cluster names these in its own way. Everybody, and a
/// database that is yet to be looked for, are in every cluster.
pub(super) fn rests_on(kind: &Kind, key: &Key) -> Vec<(&'static Kind, Key)> {
    let named = |field: &str| -> Option<&'static Kind> {
        match field {
            "database" => Some(&database::KIND),
            "member" | "role" | "grantee" | "owner" | "user" => Some(&role::KIND),
            "name" if *kind == role::KIND => Some(&role::KIND),
            "name" if *kind == database::KIND => Some(&database::KIND),
            _ => None,
        }
    };
    let fields = kind.key.iter().zip(key.values()).filter(|(_, value)| !value.is_empty() && *value != EVERYBODY);
    fields.filter_map(|(field, value)| Some((named(field)?, Key::new([value.as_str()])))).collect()
}

/// The first object id that is not kept for what `initdb` makes (`FirstNormalObjectId` in PostgreSQL's
/// `access/transam.h`). A name alone would prove nothing.
pub(super) const FIRST_NORMAL: i64 = 16384;

/// Why nobody is expected to declare what lies below it.
pub(super) const BY_INITDB: &str = "made by `initdb`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_a_database_begins_with_its_name() {
        assert!(INSIDE.iter().all(|kind| kind.key.first() == Some(&"database")));
        let ids = |kinds: &[&Kind]| kinds.iter().map(|kind| kind.id).collect::<Vec<_>>();
        assert_eq!(
            ids(&KINDS[SHARED - 2..=SHARED]),
            ["postgres/grant/parameter", "postgres/subscription", "postgres/security_label"]
        );
    }

    #[test]
    fn everything_rests_on_the_roles_and_databases_that_it_names() {
        let told = |kind: &Kind, key: &[&str]| {
            let rests = rests_on(kind, &Key::new(key.iter().copied()));
            rests.iter().map(|(kind, key)| format!("{} {}", kind.noun, key.values().join("/"))).collect::<Vec<_>>()
        };
        assert_eq!(told(&role::KIND, &["app"]), ["database role app"]);
        assert_eq!(told(&membership::KIND, &["app", "team"]), ["database role app", "database role team"]);
        assert_eq!(told(&database::KIND, &["shop"]), ["database shop"]);
        assert_eq!(
            told(&grant::table::KIND, &["shop", "sales", "orders", "app"]),
            ["database shop", "database role app"]
        );
        assert_eq!(told(&grant::schema::KIND, &["", "sales", "public"]), [""; 0]);
    }
}
