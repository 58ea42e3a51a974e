//! What roles may do with objects: one kind for each sort of object, one file each. This file is what they share: how an
//! access list becomes facts, and what `postgresql_grant` says.

pub mod column;
pub mod database;
pub mod foreign_data_wrapper;
pub mod foreign_server;
pub mod function;
pub mod language;
pub mod large_object;
pub mod parameter;
pub mod schema;
pub mod sequence;
pub mod table;
pub mod tablespace;
pub mod types;

mod claims;

pub use claims::TYPES;
pub(in crate::providers::postgres) use claims::{
    ALL_FUNCTIONS, ALL_PROCEDURES, NAMED_FUNCTION, grants_nothing, is_nothing, say,
};

use super::role;
use crate::model::{Class, Compare, Fact, Key, Kind, Privilege, Property, Value, Weight};
use crate::providers::postgres::acl::{self, EVERYBODY, Held, Sort};
use crate::providers::postgres::session::Unreadable;
use crate::providers::postgres::templates::Templates;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio_postgres::Row;

const PRIVILEGES: Property = Property { name: "privileges", compare: Compare::Set, weight: Weight::Access };
const OPTIONS: Property = Property { name: "grant_options", compare: Compare::Set, weight: Weight::Access };
/// Grantors other than the owner. No resource type says it.
const GRANTORS: Property = Property { name: "granted_by", compare: Compare::Set, weight: Weight::Metadata };
/// Whether the grantee owns the object. No resource type says it.
const OWNER: Property = Property { name: "owner", compare: Compare::Flag(false), weight: Weight::Metadata };
/// What sort of table or function it is, where it is not the usual one. No resource type says it.
const SORT: Property = Property { name: "sort", compare: Compare::Exact, weight: Weight::Metadata };

const PROPERTIES: &[Property] = &[PRIVILEGES, OPTIONS, GRANTORS, OWNER];
const SORTED: &[Property] = &[PRIVILEGES, OPTIONS, GRANTORS, OWNER, SORT];

/// A kind of grants.
const fn kind(
    id: &'static str,
    noun: &'static str,
    title: &'static str,
    key: &'static [&'static str],
    declared_by: &'static [&'static str],
    about: &'static str,
) -> Kind {
    Kind { id, noun, title, class: Class::Grant, key, properties: PROPERTIES, declared_by, about }
}

/// The kinds with what each sort of object can be granted.
pub(in crate::providers::postgres) fn sort_of(kind: &Kind) -> Option<&'static Sort> {
    let sorts: &[(&Kind, &'static Sort)] = &[
        (&table::KIND, &acl::TABLE),
        (&function::KIND, &acl::FUNCTION),
        (&sequence::KIND, &acl::SEQUENCE),
        (&schema::KIND, &acl::SCHEMA),
        (&database::KIND, &acl::DATABASE),
        (&column::KIND, &acl::COLUMN),
        (&foreign_data_wrapper::KIND, &acl::FOREIGN),
        (&foreign_server::KIND, &acl::FOREIGN),
        (&types::KIND, &acl::USABLE),
        (&language::KIND, &acl::USABLE),
        (&large_object::KIND, &acl::LARGE_OBJECT),
        (&tablespace::KIND, &acl::TABLESPACE),
        (&parameter::KIND, &acl::PARAMETER),
    ];
    sorts.iter().find(|(of, _)| *of == kind).map(|(_, sort)| *sort)
}

/// Who owns an object and who may do what with it.
#[derive(Clone)]
pub(in crate::providers::postgres) struct Access {
    pub owner: String,
    held: BTreeMap<String, Held>,
    /// What `initdb` or an extension gave.
    initial: BTreeMap<String, Held>,
}

impl Access {
    /// Of an object that nobody owns or was granted yet.
    pub(in crate::providers::postgres) fn of_nobody() -> Access {
        Access { owner: String::new(), held: BTreeMap::new(), initial: BTreeMap::new() }
    }

    /// The last columns of every query of objects: owner, access list, initial access list.
    pub(in crate::providers::postgres) fn read(row: &Row, from: usize) -> Result<Access, Unreadable> {
        let items: Option<Vec<String>> = row.try_get(from + 1)?;
        let initial: Option<Vec<String>> = row.try_get(from + 2)?;
        Access::of(row.try_get(from)?, &items.unwrap_or_default(), &initial.unwrap_or_default())
    }

    fn of(owner: String, items: &[String], initial: &[String]) -> Result<Access, Unreadable> {
        let read = |items: &[String]| {
            acl::read(items).ok_or_else(|| Unreadable(format!("`{}` is no access list", items.join(", "))))
        };
        Ok(Access { owner, held: read(items)?, initial: read(initial)? })
    }
}

/// An object, as its grants name it.
pub(in crate::providers::postgres) struct Object<'a> {
    pub kind: &'static Kind,
    /// The fields of the key but for the grantee.
    pub path: &'a [&'a str],
    pub access: Access,
    /// What sort of table or function it is, where it is not the usual one.
    pub sort: Option<&'static str>,
    /// How much more than a usual grant one of this object is, and why.
    pub gives: Option<Privilege>,
    /// Whether the owner's own rights are a fact even when he took them from himself: what every object has is how sets of
    /// objects are listed.
    pub listed: bool,
    /// Whether it is known that nothing is written of who may do what with it.
    pub unwritten: bool,
    /// Whether who owns it follows from what it belongs to: an extension, or a table's column.
    pub follows: bool,
}

/// Why nobody is expected to declare what an owner has.
pub(in crate::providers::postgres) const OWN_RIGHTS: &str = "the owner's own rights";

/// Why nobody is expected to declare what no access list says. The provider, which reads these lists, does not see it.
pub(in crate::providers::postgres) const UNWRITTEN: &str =
    "what everybody has of such an object as long as nothing is written";

impl<'a> Object<'a> {
    /// An object that nobody owns or was granted yet.
    pub(in crate::providers::postgres) fn new(kind: &'static Kind, path: &'a [&'a str]) -> Self {
        let access = Access::of_nobody();
        Object { kind, path, access, sort: None, gives: None, listed: false, unwritten: false, follows: false }
    }

    /// What everybody has who has anything of the object.
    pub(in crate::providers::postgres) fn facts(
        mut self,
        templates: &Templates,
        cluster: &Arc<str>,
        out: &mut Vec<Fact>,
    ) {
        if self.listed {
            self.access.held.entry(self.access.owner.clone()).or_default();
        }
        let held = std::mem::take(&mut self.access.held);
        for (grantee, held) in &held {
            out.push(self.fact(grantee, held, templates, cluster));
        }
    }

    fn fact(&self, grantee: &str, held: &Held, templates: &Templates, cluster: &Arc<str>) -> Fact {
        let owns = *grantee == self.access.owner;
        let path = self.path.iter().copied().chain([grantee]);
        let mut fact = Fact::new(self.kind, cluster.clone(), Key::new(path))
            .with(PRIVILEGES.name, texts(&held.privileges))
            .with(OPTIONS.name, texts(&if owns { BTreeSet::new() } else { held.options.clone() }));
        let others: BTreeSet<_> =
            held.grantors.iter().filter(|grantor| **grantor != self.access.owner).cloned().collect();
        if !others.is_empty() {
            fact = fact.with(GRANTORS.name, texts(&others));
        }
        if owns {
            fact = fact.with(OWNER.name, true);
        }
        if let Some(sort) = self.sort {
            fact = fact.with(SORT.name, sort);
        }
        if grantee == EVERYBODY {
            let given: Vec<_> = held.privileges.iter().map(String::as_str).collect();
            fact.privilege = Privilege::Public(format!("`{EVERYBODY}` has {}", given.join(", ")));
        } else {
            fact.holder = Some((&role::KIND, Key::new([grantee])));
        }
        match &self.gives {
            // As good as a superuser is more than a grant to everybody.
            Some(gives @ Privilege::Admin(_)) if !owns => fact.privilege = gives.clone(),
            Some(gives) if !owns => fact.privilege = fact.privilege.max(gives.clone()),
            _ => {}
        }
        fact.vendor_made = self.expected(grantee, held, owns, templates);
        fact
    }

    /// Why nobody is expected to declare what the grantee has.
    fn expected(&self, grantee: &str, held: &Held, owns: bool, templates: &Templates) -> Option<String> {
        if owns {
            let follows = "the rights of the owner, who is that of what it belongs to";
            return Some(if self.follows { follows } else { OWN_RIGHTS }.to_owned());
        }
        if self.access.initial.get(grantee).is_some_and(|initial| held.within(initial)) {
            return Some("given by `initdb` or by the extension that the object belongs to".to_owned());
        }
        let usual = sort_of(self.kind).map(|sort| sort.everybody).unwrap_or_default();
        // Where something was given at the beginning, it is not what holds where nothing is said.
        let unsaid = self.access.initial.is_empty() && held.options.is_empty();
        let usual = unsaid && held.privileges.iter().all(|given| usual.contains(&given.as_str()));
        if grantee == EVERYBODY && usual {
            let written = "what everybody has of such an object where nothing is said";
            return Some(if self.unwritten { UNWRITTEN } else { written }.to_owned());
        }
        templates
            .give(self.kind, self.path, &self.access.owner, grantee, held)
            .then(|| format!("given by default privileges of `{}`", self.access.owner))
    }
}

pub(in crate::providers::postgres) fn texts(set: &BTreeSet<String>) -> Value {
    Value::List(set.iter().map(|text| Value::from(text.as_str())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(kind: &'static Kind, path: &[&str], items: &[&str], initial: &[&str], listed: bool) -> Vec<Fact> {
        let owned = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
        let access = Access::of("owner".to_owned(), &owned(items), &owned(initial)).ok().unwrap();
        let mut out = Vec::new();
        let object = Object { access, listed, ..Object::new(kind, path) };
        object.facts(&Templates::default(), &"1".into(), &mut out);
        out
    }

    fn expected(facts: &[Fact]) -> Vec<(&str, bool)> {
        let grantee = |fact: &'_ Fact| fact.key.values().len() - 1;
        facts.iter().map(|fact| (fact.key.values()[grantee(fact)].as_str(), fact.vendor_made.is_some())).collect()
    }

    #[test]
    fn only_what_goes_without_saying_is_expected_of_nobody() {
        let path = ["shop", "app", "fn()"];
        let usual = facts(&function::KIND, &path, &["=X/owner", "owner=X/owner"], &[], true);
        assert_eq!(expected(&usual), [("owner", true), ("public", true)]);
        let more = facts(&function::KIND, &path, &["=X*/owner", "app=X/owner"], &[], true);
        assert_eq!(expected(&more), [("app", false), ("owner", true), ("public", false)]);
        let of_extension =
            facts(&table::KIND, &path, &["=rw/owner", "app=r/owner"], &["=r/owner", "app=rw/owner"], false);
        assert_eq!(expected(&of_extension), [("app", true), ("public", false)]);
        // `initdb` keeps this one to superusers.
        let kept = facts(&function::KIND, &path, &["owner=X/owner", "=X/owner"], &["owner=X/owner"], false);
        assert_eq!(expected(&kept), [("owner", true), ("public", false)]);
    }

    #[test]
    fn an_owner_who_took_everything_from_himself_is_listed_all_the_same() {
        let none = facts(&table::KIND, &["shop", "app", "t"], &[], &[], true);
        assert_eq!(expected(&none), [("owner", true)]);
        assert_eq!(none[0].properties[PRIVILEGES.name], Value::List(Vec::new()));
        assert_eq!(none[0].properties[OWNER.name], Value::Bool(true));
    }

    #[test]
    fn grantors_other_than_the_owner_are_told() {
        let told = facts(&table::KIND, &["shop", "app", "t"], &["app=r/deputy"], &[], false);
        assert_eq!(told[0].properties[GRANTORS.name].strings().collect::<Vec<_>>(), ["deputy"]);
    }
}
