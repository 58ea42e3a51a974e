//! Schemas.

use super::grant;
use super::shared::{OWNER, located};
use super::{BY_INITDB, FIRST_NORMAL};
use crate::model::{AttrPath, Claims, Class, Fact, Instance, Key, Kind, Strength, Value};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::acl::EVERYBODY;
use crate::providers::postgres::session::Unreadable;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/schema",
    noun: "schema",
    title: "schema `{schema}` of `{database}`",
    class: Class::Setting,
    key: &["database", "schema"],
    properties: &[OWNER],
    declared_by: &["postgresql_schema"],
    about: "A schema with its owner, from pg_namespace. Schemas that `initdb` or an extension makes are nobody's to declare, \
            and those of single sessions are not looked at. `if_not_exists` and `drop_cascade` exist in Terraform only.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_schema",
    claims,
    kinds: &[&KIND, &grant::schema::KIND],
    secrets: &[],
    fills_in: &["database", "owner", "policy"],
    about: "declares one schema and its owner; each `policy` declares what one role may do with it, which the provider \
            never reads again, and says nothing of other roles",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    if let Some(claim) = located(instance, &KIND, [&name], out) {
        claim.computed(instance, &["owner"]);
    }
    for (role, (privileges, options, written)) in policies(instance) {
        let at = AttrPath::block_where("policy", "role", &written);
        let Some(claim) = located(instance, &grant::schema::KIND, [&name, &role], out) else { continue };
        // Optional and computed, and never read: a state holds what the source says.
        claim.at(at.clone()).strength(Strength::Listed);
        claim.unseen = true;
        claim.set_at("privileges", privileges, at.clone()).unseen("privileges");
        claim.set_at("grant_options", options, at).unseen("grant_options");
    }
}

/// What each role is given, what it may hand on, and how its name is written: without one a policy is for everybody.
fn policies(instance: &Instance) -> BTreeMap<String, (Value, Value, String)> {
    let blocks = instance.attributes.get("policy").map(Value::items).unwrap_or_default();
    let mut given: BTreeMap<String, (Vec<&str>, Vec<&str>, String)> = BTreeMap::new();
    for block in blocks {
        let written = block.text("role").unwrap_or_default().to_owned();
        let role = if written.is_empty() { EVERYBODY.to_owned() } else { written.clone() };
        let says = |name: &str| block.get(name).and_then(Value::as_bool) == Some(true);
        let (privileges, options, _) = given.entry(role).or_insert((Vec::new(), Vec::new(), written));
        for (privilege, plain, with_option) in
            [("CREATE", "create", "create_with_grant"), ("USAGE", "usage", "usage_with_grant")]
        {
            if says(plain) || says(with_option) {
                privileges.push(privilege);
            }
            if says(with_option) {
                options.push(privilege);
            }
        }
    }
    let list = |texts: Vec<&str>| Value::List(texts.into_iter().map(Value::from).collect());
    given.retain(|_, (privileges, ..)| !privileges.is_empty());
    given.into_iter().map(|(role, (all, options, written))| (role, (list(all), list(options), written))).collect()
}

/// One schema, as the server shows it.
pub(in crate::providers::postgres) struct Schema {
    pub name: String,
    oid: i64,
    of_extension: bool,
    pub access: grant::Access,
}

/// The columns of `queries::inside::SCHEMAS`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Schema, Unreadable> {
    Ok(Schema {
        name: row.try_get(0)?,
        oid: row.try_get(1)?,
        of_extension: row.try_get(2)?,
        access: grant::Access::read(row, 3)?,
    })
}

pub(in crate::providers::postgres) fn fact(one: &Schema, database: &str, cluster: &Arc<str>) -> Fact {
    let mut fact =
        Fact::new(&KIND, cluster.clone(), Key::new([database, &one.name])).with("owner", one.access.owner.as_str());
    // A dot in a name cannot be told from the one between the two.
    let plain = !database.contains('.') && !one.name.contains('.');
    fact.import_id = plain.then(|| format!("{database}.{}", one.name));
    fact.vendor_made = if one.oid < FIRST_NORMAL {
        Some(BY_INITDB.to_owned())
    } else {
        one.of_extension.then(|| "made by an extension".to_owned())
    };
    fact
}
