//! Finds owners that nothing explains, once everything of a cluster is read: who may make things in a schema is
//! expected to own some of what is in it. `declared` settles what the declared side says of such owners, `handed_over`
//! what an object still has of the owner before.

mod declared;
mod handed_over;
#[cfg(test)]
mod tests;

pub(super) use declared::settle;

use super::acl::EVERYBODY;
use super::kinds::{BY_INITDB, database, grant, membership, owner, role, schema, subscription};
use crate::model::{Fact, Gap, Key, Kind, Observation, Privilege, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The role whose one member is the owner of the database (PostgreSQL documentation, "Predefined Roles").
const DATABASE_OWNER: &str = "pg_database_owner";

/// The role whose members may make subscriptions, from version 16 on ("Predefined Roles"). Before, only superusers may.
const SUBSCRIBERS: &str = "pg_create_subscription";

/// What a subscription is called here.
const SUBSCRIPTION: &str = "subscription";

/// The superuser that `initdb` makes (`BOOTSTRAP_SUPERUSERID` in PostgreSQL's `catalog/pg_authid.dat`).
const BOOTSTRAP: &str = "10";

/// Adds a fact for each owner that nothing explains. Where a gap may hide what would explain one, nothing is said.
pub(super) fn find(found: &mut Observation, cluster: &Arc<str>) {
    let of_cluster: [&Kind; 3] = [&role::KIND, &membership::KIND, &database::KIND];
    if of_cluster.iter().any(|kind| found.gaps.iter().any(|gap| gap.in_scope(cluster) && gap.hides_some_of(kind))) {
        return;
    }
    let makers = Makers::of(&found.facts);
    let mut known = BTreeMap::new();
    let mut strange = Vec::new();
    let mut objects = BTreeSet::new();
    for owned in found.facts.iter().filter_map(Owned::of) {
        let [database, schema, sort, _] = owned.path;
        let whole = if owned.object.is_none() { sort } else { "" };
        // What somebody may make in the database has nothing to do with subscriptions.
        let hidden = || sort != SUBSCRIPTION && is_hidden(&found.gaps, cluster, database, schema);
        let explained =
            *known.entry((owned.owner, database, schema, whole)).or_insert_with(|| hidden() || makers.explain(&owned));
        if !explained {
            strange.push(owner::fact(owned.path, owned.owner, makers.heir(&owned), owned.gives(), cluster));
            objects.extend(owned.object.map(|(kind, path)| (kind, path.to_vec())));
        }
    }
    handed_over::keep_explained(&mut found.facts, &objects);
    found.facts.extend(strange);
}

/// Whether what makes somebody a maker of things there could be live without having been seen.
fn is_hidden(gaps: &[Gap], cluster: &str, database: &str, schema: &str) -> bool {
    gaps.iter().any(|gap| {
        gap.hides_fact(&schema::KIND, cluster, &Key::new([database, schema]))
            || gap.hides_fact(&grant::schema::KIND, cluster, &Key::new([database, schema, EVERYBODY]))
            || gap.hides_fact(&grant::database::KIND, cluster, &Key::new([database, EVERYBODY]))
    })
}

/// Something and who owns it.
struct Owned<'a> {
    /// Database, schema (empty where it lies in none), sort and name.
    path: [&'a str; 4],
    owner: &'a str,
    /// Of an object the kind of its grants, and their key but for the grantee; `None` for a database, a schema or a
    /// subscription.
    object: Option<(&'static str, &'a [String])>,
}

impl<'a> Owned<'a> {
    /// Databases and schemas are compared with their owners as things of their own, but for those that come with the
    /// server and that nobody is expected to declare. Nothing is granted on a subscription.
    fn of(fact: &'a Fact) -> Option<Self> {
        if *fact.kind == database::KIND || *fact.kind == schema::KIND {
            let owner = fact.properties.get("owner").and_then(Value::as_str)?;
            let (database, name) = (fact.key.values().first()?, fact.key.values().last()?);
            let sort = if *fact.kind == schema::KIND { "schema" } else { "database" };
            let path = [database.as_str(), "", sort, name.as_str()];
            return (fact.vendor_made.as_deref() == Some(BY_INITDB)).then_some(Owned { path, owner, object: None });
        }
        if *fact.kind == subscription::KIND {
            let owner = fact.properties.get("owner").and_then(Value::as_str)?;
            let [database, name] = fact.key.values() else { return None };
            return Some(Owned { path: [database, "", SUBSCRIPTION, name], owner, object: None });
        }
        if fact.vendor_made.as_deref() != Some(grant::OWN_RIGHTS) {
            return None;
        }
        let (owner, object) = fact.key.values().split_last()?;
        let sort = sort_of(fact)?;
        let path = match object {
            [database, name] => [database.as_str(), "", sort, name.as_str()],
            [database, schema, name] => [database.as_str(), schema.as_str(), sort, name.as_str()],
            _ => return None,
        };
        Some(Owned { path, owner, object: Some((fact.kind.id, object)) })
    }

    /// What the object gives its owner beyond itself.
    fn gives(&self) -> Option<Privilege> {
        let [_, schema, _, name] = self.path;
        let function = name.split('(').next().unwrap_or(name);
        let tells = grant::table::telling(schema, name).map(|what| Privilege::Admin(format!("it shows {what}")));
        tells.or_else(|| grant::function::powerful(schema, function))
    }
}

/// The kinds whose grants tell of owners that no other kind tells of, with what one of their objects is called.
/// Large objects are none: whoever may connect may make them, and who may not can do nothing with his.
static SORTS: &[(&Kind, &str)] = &[
    (&grant::table::KIND, "table"),
    (&grant::sequence::KIND, "sequence"),
    (&grant::function::KIND, "function"),
    (&grant::types::KIND, "type"),
    (&grant::language::KIND, "language"),
    (&grant::foreign_data_wrapper::KIND, "foreign_data_wrapper"),
];

/// What the object of a grant is called; nothing where its owner shows elsewhere.
fn sort_of(grant: &Fact) -> Option<&str> {
    let (_, usual) = SORTS.iter().find(|(kind, _)| *kind == grant.kind)?;
    let own = grant.properties.get("sort").and_then(Value::as_str);
    Some(own.filter(|sort| *sort != "partitioned table").unwrap_or(usual))
}

/// Whether the schema is one of the server's own, in which an owner of the database may make nothing.
fn is_of_server(schema: &str) -> bool {
    schema == "information_schema" || schema.starts_with("pg_")
}

/// Who may make things where.
#[derive(Default)]
struct Makers<'a> {
    bootstrap: &'a str,
    superusers: BTreeSet<&'a str>,
    /// Roles that may make both roles and databases: on managed servers, where no role of ours is a superuser, what comes
    /// with the server is theirs.
    administrators: BTreeSet<&'a str>,
    /// What each role is a member of.
    joined: BTreeMap<&'a str, Vec<&'a str>>,
    /// By database and schema; an empty schema is the database itself.
    owners: BTreeMap<(&'a str, &'a str), &'a str>,
    makers: BTreeSet<(&'a str, &'a str, &'a str)>,
}

impl<'a> Makers<'a> {
    fn of(facts: &'a [Fact]) -> Self {
        let mut all = Makers::default();
        for fact in facts {
            let is = |property: &str| fact.properties.get(property) == Some(&Value::Bool(true));
            let owner = || fact.properties.get("owner").and_then(Value::as_str).unwrap_or_default();
            match fact.key.values() {
                [name] if *fact.kind == role::KIND => {
                    if fact.unique_id.as_deref() == Some(BOOTSTRAP) {
                        all.bootstrap = name;
                    }
                    all.superusers.extend(is("superuser").then_some(name.as_str()));
                    all.administrators.extend((is("create_role") && is("create_database")).then_some(name.as_str()));
                }
                [member, of] if *fact.kind == membership::KIND => all.joined.entry(member).or_default().push(of),
                [database] if *fact.kind == database::KIND => drop(all.owners.insert((database, ""), owner())),
                [database, schema] if *fact.kind == schema::KIND => {
                    all.owners.insert((database, schema), owner());
                }
                [database, grantee] if *fact.kind == grant::database::KIND && makes(fact) => {
                    all.makers.insert((database, "", grantee));
                }
                [database, schema, grantee] if *fact.kind == grant::schema::KIND && makes(fact) => {
                    all.makers.insert((database, schema, grantee));
                }
                _ => {}
            }
        }
        all
    }

    /// Whether the owner, or a role that it may become, could have made it or could do as much without owning it.
    fn explain(&self, owned: &Owned<'_>) -> bool {
        let [database, schema, sort, _] = owned.path;
        let owns = |schema: &str, role: &str| self.owners.get(&(database, schema)).copied() == Some(role);
        let may_make = |role: &str| self.makers.contains(&(database, schema, role));
        if owned.object.is_some() {
            let of_database = |role: &str| !is_of_server(schema) && owns("", role);
            let mut reached = self.reached(owned.owner).into_iter();
            let explains =
                |role| self.superusers.contains(role) || owns(schema, role) || may_make(role) || of_database(role);
            return may_make(EVERYBODY) || reached.any(explains);
        }
        let explains = |role: &str| match sort {
            SUBSCRIPTION => role == SUBSCRIBERS || self.superusers.contains(role),
            "schema" if role == DATABASE_OWNER || owns("", role) => true,
            _ => self.superusers.contains(role) || self.administrators.contains(role),
        };
        self.reached(owned.owner).into_iter().any(explains)
    }

    /// The role and every role that it may become.
    fn reached<'b>(&'b self, from: &'b str) -> BTreeSet<&'b str> {
        reached(from, |role| self.joined.get(role).into_iter().flatten().copied())
    }

    /// To whom it would be given back: the owner of its schema, else of its database; what lies in no schema to the
    /// server's first superuser.
    fn heir(&self, owned: &Owned<'_>) -> &'a str {
        let [database, schema, sort, _] = owned.path;
        let owner = |schema| self.owners.get(&(database, schema)).copied();
        let heir = match (schema, sort) {
            ("", "schema") => owner(""),
            ("", _) => None,
            _ => owner(schema).filter(|owner| *owner != DATABASE_OWNER).or_else(|| owner("")),
        };
        heir.unwrap_or(self.bootstrap)
    }
}

/// Whether a grant lets its grantee make things.
fn makes(grant: &Fact) -> bool {
    grant.properties.get("privileges").is_some_and(|held| held.strings().any(|privilege| privilege == "CREATE"))
}

/// A role and all that it is a member of, through any number of roles.
fn reached<'a, I: Iterator<Item = &'a str>>(from: &'a str, joined: impl Fn(&str) -> I) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::from([from]);
    let mut next = vec![from];
    while let Some(role) = next.pop() {
        next.extend(joined(role).filter(|role| seen.insert(role)));
    }
    seen
}
