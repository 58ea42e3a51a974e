//! Default privileges: what is given of objects that are made later.

use super::{grant, role};
use crate::model::{AttrPath, Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::claiming::key_text;
use crate::providers::postgres::acl::{self, EVERYBODY, Held, Sort};
use crate::providers::postgres::session::Unreadable;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/default_privileges",
    noun: "default privilege",
    title: "what `{grantee}` gets of each new {object_type} of `{owner}` in `{database}`[, schema `{schema}`]",
    class: Class::Grant,
    key: &["database", "owner", "schema", "object_type", "grantee"],
    properties: &[
        Property { name: "privileges", compare: Compare::Set, weight: Weight::Access },
        Property { name: "grant_options", compare: Compare::Set, weight: Weight::Access },
    ],
    declared_by: &["postgresql_default_privileges"],
    about: "What a grantee is given of every object of a sort that the owner makes later, from pg_default_acl; without \
            `schema` in every schema. What everybody gets of functions and types where nothing is said is expected of nobody \
            to declare; where it is declared that he gets nothing, that he gets it again is drift. The provider does not look at grant options; they are read.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_default_privileges",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[],
    about: "declares all that one grantee is given of new objects of a sort and owner; without `privileges` it declares that \
            he is given nothing",
}];

/// Sorts of objects as the catalogue and the provider write them (`objectTypes` in `helpers.go`).
static SORTS: &[(&str, &str, &Sort)] = &[
    ("r", "table", &acl::TABLE),
    ("S", "sequence", &acl::SEQUENCE),
    ("f", "function", &acl::FUNCTION),
    ("T", "type", &acl::USABLE),
    ("n", "schema", &acl::SCHEMA),
    ("L", "large_object", &acl::LARGE_OBJECT),
];

/// The sort of object that a key names.
pub(in crate::providers::postgres) fn named(object_type: &str) -> Option<&'static str> {
    SORTS.iter().find(|(_, name, _)| *name == object_type).map(|(_, name, _)| *name)
}

/// What the sort of object in a key can be granted.
pub(in crate::providers::postgres) fn sort_of(key: &Key) -> Option<&'static Sort> {
    let written = key.field(&KIND, "object_type")?;
    SORTS.iter().find(|(_, name, _)| *name == written).map(|(_, _, sort)| *sort)
}

fn claims(instance: &Instance, out: &mut Claims) {
    let mut text = |name| key_text(instance, name, &KIND, out);
    let (Some(database), Some(owner), Some(sort), Some(grantee)) =
        (text("database"), text("owner"), text("object_type"), text("role"))
    else {
        return;
    };
    let schema = match instance.attributes.get("schema") {
        Some(Value::Unknown) => return,
        schema => schema.and_then(Value::as_str).unwrap_or_default().to_owned(),
    };
    let sort = if sort == "routine" { "function".to_owned() } else { sort };
    let key = Key::new([database, owner, schema, sort, grantee]);
    if grant::grants_nothing(instance) {
        let fixed = KIND.key.iter().copied().zip(key.values().iter().cloned()).collect();
        return out.authority(instance, &KIND, fixed, AttrPath::attr("privileges"));
    }
    let claim = out.claim(instance, &KIND, key);
    grant::say(instance, claim);
}

/// Default privileges of one owner, schema and sort of object, as the server shows them.
pub(in crate::providers::postgres) struct Defaults {
    /// Empty for all schemas.
    pub schema: String,
    pub owner: String,
    pub object_type: &'static str,
    sort: &'static Sort,
    pub held: BTreeMap<String, Held>,
}

/// The columns of `queries::inside::DEFAULT_PRIVILEGES`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Defaults, Unreadable> {
    let letter: String = row.try_get(1)?;
    let (_, object_type, sort) = SORTS
        .iter()
        .find(|(known, ..)| *known == letter)
        .ok_or_else(|| Unreadable(format!("`{letter}` is a sort of object that is not known")))?;
    let items: Vec<String> = row.try_get(3)?;
    let held = acl::read(&items).ok_or_else(|| Unreadable(format!("`{}` is no access list", items.join(", "))))?;
    Ok(Defaults { schema: row.try_get(0)?, owner: row.try_get(2)?, object_type, sort, held })
}

/// One fact for each grantee.
pub(in crate::providers::postgres) fn facts(one: &Defaults, database: &str, cluster: &Arc<str>, out: &mut Vec<Fact>) {
    for (grantee, held) in &one.held {
        let mut fact = fact(one, grantee, held, database, cluster);
        let usual =
            one.schema.is_empty() && held.privileges.iter().all(|given| one.sort.everybody.contains(&given.as_str()));
        if *grantee == one.owner {
            fact.vendor_made = Some("the owner's own rights".to_owned());
        } else if *grantee == EVERYBODY && usual && held.options.is_empty() {
            fact.vendor_made = Some(USUAL.to_owned());
        }
        out.push(fact);
    }
}

const USUAL: &str = "what everybody gets of such an object where nothing is said";

/// What everybody gets of the new objects of an owner of whom nothing is said; `said` tells of which sorts something is.
pub(in crate::providers::postgres) fn unsaid(
    owner: &str,
    said: impl Fn(&'static str) -> bool,
    database: &str,
    cluster: &Arc<str>,
    out: &mut Vec<Fact>,
) {
    for (_, object_type, sort) in SORTS.iter().filter(|(_, name, sort)| !sort.everybody.is_empty() && !said(name)) {
        let (schema, owner) = (String::new(), owner.to_owned());
        let one = Defaults { schema, owner, object_type, sort, held: BTreeMap::new() };
        let given =
            Held { privileges: sort.everybody.iter().map(|one| (*one).to_owned()).collect(), ..Held::default() };
        let mut fact = fact(&one, EVERYBODY, &given, database, cluster);
        fact.vendor_made = Some(grant::UNWRITTEN.to_owned());
        out.push(fact);
    }
}

fn fact(one: &Defaults, grantee: &str, held: &Held, database: &str, cluster: &Arc<str>) -> Fact {
    let key = Key::new([database, &one.owner, &one.schema, one.object_type, grantee]);
    let mut fact = Fact::new(&KIND, cluster.clone(), key)
        .with("privileges", grant::texts(&held.privileges))
        .with("grant_options", grant::texts(&held.options));
    if grantee == EVERYBODY {
        let given: Vec<_> = held.privileges.iter().map(String::as_str).collect();
        fact.privilege = Privilege::Public(format!("`{EVERYBODY}` gets {}", given.join(", ")));
    } else {
        fact.holder = Some((&role::KIND, Key::new([grantee])));
    }
    fact
}
