//! What default privileges of the owner before gave of an object that changed hands: the one who has it now is what is
//! strange, not they.

use crate::model::{Fact, Value};
use crate::providers::postgres::acl::Held;
use crate::providers::postgres::kinds::{default_privileges, grant};
use crate::providers::postgres::templates::Templates;
use std::collections::{BTreeMap, BTreeSet};

/// Default privileges of one database, and who made them.
#[derive(Default)]
struct Given {
    templates: Templates,
    owners: BTreeSet<String>,
}

/// Explains grants on these objects (the kind of the grants, and their key but for the grantee) by default privileges of
/// anybody.
pub(super) fn keep_explained(facts: &mut [Fact], objects: &BTreeSet<(&'static str, Vec<String>)>) {
    if objects.is_empty() {
        return;
    }
    let given = given(facts);
    for fact in facts.iter_mut().filter(|fact| fact.vendor_made.is_none() && grant::sort_of(fact.kind).is_some()) {
        let Some((grantee, path)) = fact.key.values().split_last() else { continue };
        if !objects.contains(&(fact.kind.id, path.to_vec())) {
            continue;
        }
        let Some(given) = path.first().and_then(|database| given.get(database)) else { continue };
        let (path, held): (Vec<_>, _) = (path.iter().map(String::as_str).collect(), held(fact));
        let giver = given.owners.iter().find(|owner| given.templates.give(fact.kind, &path, owner, grantee, &held));
        fact.vendor_made = giver.map(|owner| format!("given by default privileges of `{owner}`, whose it was"));
    }
}

fn given(facts: &[Fact]) -> BTreeMap<String, Given> {
    let mut by_set: BTreeMap<(&str, &str, &str, &'static str), BTreeMap<String, Held>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| *fact.kind == default_privileges::KIND) {
        let [database, owner, schema, object_type, grantee] = fact.key.values() else { continue };
        let Some(object_type) = default_privileges::named(object_type) else { continue };
        by_set.entry((database, owner, schema, object_type)).or_default().insert(grantee.clone(), held(fact));
    }
    let mut given: BTreeMap<String, Given> = BTreeMap::new();
    for ((database, owner, schema, object_type), held) in by_set {
        let of_database = given.entry(database.to_owned()).or_default();
        of_database.owners.insert(owner.to_owned());
        of_database.templates.add(owner, schema, object_type, held);
    }
    given
}

/// What a fact says that its grantee has.
fn held(fact: &Fact) -> Held {
    let texts = |property: &str| {
        let value: Option<&Value> = fact.properties.get(property);
        value.into_iter().flat_map(Value::strings).map(str::to_owned).collect()
    };
    Held { privileges: texts("privileges"), options: texts("grant_options"), grantors: BTreeSet::new() }
}
