//! Owners that no resource type says: those of tables, functions, types, subscriptions and the like.

use super::role;
use crate::model::{Class, Compare, Fact, Key, Kind, Privilege, Property, Value, Weight};
use std::sync::Arc;

pub static KIND: Kind = Kind {
    id: "postgres/owner",
    noun: "owner",
    title: "owner `{owner}` of {object_type} `[{schema}.]{object}` of `{database}`",
    class: Class::Grant,
    key: &["database", "schema", "object_type", "object", "owner"],
    properties: &[BELONGS_TO],
    declared_by: &[],
    about: "A role that owns a table, view, sequence, function, type, language, foreign data wrapper or subscription \
            and that nothing explains as its owner. An owner may do everything with it and give all of that to \
            others, and no resource type says who that is; those of databases, schemas, foreign servers and \
            publications are compared with their own blocks. Somebody has to own what programs make for themselves, \
            so these are expected of nobody to declare: superusers; the owner of the database; the owner of the \
            schema, and whoever may make objects in it, live or by what is declared of it (`CREATE`, a `policy`, \
            default privileges of that owner); and their members. So an object given to somebody who might have made \
            it is not told from one that he made. A subscription is expected of superusers and of members of \
            `pg_create_subscription` alone. Of databases and schemas those are here that come with the server. \
            Owners of what an extension made and of sequences of columns, which are those of the table, are left \
            out, and so are those of large objects: whoever may connect to the database may make one, and who may \
            not can do nothing with his. Where `postgresql_grant` declares what the owner may do with the object, \
            owning it is one more thing than that.",
};

/// The owner of the schema, else of the database: to whom it would be given back. No resource type says it.
const BELONGS_TO: Property = Property { name: "belongs_to", compare: Compare::Exact, weight: Weight::Metadata };

/// An owner that nothing explains; `path` is database, schema (empty where the object lies in none), sort and name.
pub(in crate::providers::postgres) fn fact(
    path: [&str; 4],
    owner: &str,
    belongs_to: &str,
    gives: Option<Privilege>,
    cluster: &Arc<str>,
) -> Fact {
    let mut fact = Fact::new(&KIND, cluster.clone(), Key::new(path.into_iter().chain([owner])))
        .with(BELONGS_TO.name, Value::from(belongs_to));
    let [database, schema, ..] = path;
    let place = if schema.is_empty() { format!("database `{database}`") } else { format!("schema `{schema}`") };
    let all = format!("everything that can be done with it, to a role that may make nothing in {place}");
    fact.privilege = gives.filter(|gives| matches!(gives, Privilege::Admin(_))).unwrap_or(Privilege::Some(all));
    fact.holder = Some((&role::KIND, Key::new([owner])));
    fact
}
