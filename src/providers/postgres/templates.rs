//! Default privileges that are live, as what explains the access lists of objects made under them.

use super::acl::Held;
use super::kinds::grant;
use crate::model::Kind;
use std::collections::BTreeMap;

/// By owner, schema (empty for all) and sort of object: who is given what of each new one.
#[derive(Default)]
pub(super) struct Templates(BTreeMap<(String, String, &'static str), BTreeMap<String, Held>>);

impl Templates {
    pub(super) fn add(&mut self, owner: &str, schema: &str, object_type: &'static str, held: BTreeMap<String, Held>) {
        self.0.insert((owner.to_owned(), schema.to_owned(), object_type), held);
    }

    /// Whether anything is said of what an owner makes of this sort in any schema.
    pub(super) fn say(&self, owner: &str, object_type: &'static str) -> bool {
        self.0.contains_key(&(owner.to_owned(), String::new(), object_type))
    }

    /// Whether the grantee was given this much of an object because its owner made it: by privileges for all schemas and
    /// those for the object's own together (PostgreSQL documentation, "ALTER DEFAULT PRIVILEGES").
    pub(super) fn give(&self, kind: &Kind, path: &[&str], owner: &str, grantee: &str, held: &Held) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let Some((object_type, schema)) = made_by(kind, path) else { return false };
        let mut given = Held::default();
        for schema in ["", schema] {
            let key = (owner.to_owned(), schema.to_owned(), object_type);
            if let Some(template) = self.0.get(&key).and_then(|template| template.get(grantee)) {
                given.privileges.extend(template.privileges.iter().cloned());
                given.options.extend(template.options.iter().cloned());
            }
        }
        !held.privileges.is_empty() && held.within(&given)
    }
}

/// The sort of object that default privileges call this, and its schema.
fn made_by<'a>(kind: &Kind, path: &[&'a str]) -> Option<(&'static str, &'a str)> {
    let schema = path.get(1).copied().unwrap_or_default();
    let sorts: &[(&Kind, &'static str)] = &[
        (&grant::table::KIND, "table"),
        (&grant::sequence::KIND, "sequence"),
        (&grant::function::KIND, "function"),
        (&grant::types::KIND, "type"),
    ];
    if *kind == grant::schema::KIND {
        return Some(("schema", ""));
    }
    if *kind == grant::large_object::KIND {
        return Some(("large_object", ""));
    }
    sorts.iter().find(|(of, _)| *of == kind).map(|(_, object_type)| (*object_type, schema))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::postgres::acl;

    #[test]
    fn what_default_privileges_gave_is_explained_by_them() {
        let held = |items: &[&str]| acl::read(items).unwrap();
        let mut templates = Templates::default();
        templates.add("maker", "", "table", held(&["app=r/maker"]));
        templates.add("maker", "app", "table", held(&["app=w/maker"]));
        let gives = |kind: &'static Kind, schema, owner, items: &[&str]| {
            templates.give(kind, &["shop", schema, "t"], owner, "app", &held(items)["app"])
        };
        let table = &grant::table::KIND;
        assert!(gives(table, "app", "maker", &["app=rw/maker"]) && gives(table, "other", "maker", &["app=r/maker"]));
        assert!(!gives(table, "other", "maker", &["app=rw/maker"]) && !gives(table, "app", "other", &["app=r/other"]));
        assert!(!gives(table, "app", "maker", &["app=r*/maker"]) && !gives(table, "app", "maker", &["app=rwd/maker"]));
        assert!(!gives(&grant::sequence::KIND, "app", "maker", &["app=r/maker"]));
    }
}
