//! How much a role may do by what it is a member of: a member may become the role, whatever it inherits.

use super::kinds::{membership, role};
use crate::model::{Fact, Key, Privilege};
use std::collections::{BTreeMap, BTreeSet};

/// Gives every membership what its role gives, and every role what its memberships give, through any number of them.
pub(super) fn spread(facts: &mut [Fact]) {
    let own: BTreeMap<String, Privilege> = facts
        .iter()
        .filter(|fact| *fact.kind == role::KIND)
        .map(|fact| (name(&fact.key), fact.privilege.clone()))
        .collect();
    let mut granted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| *fact.kind == membership::KIND) {
        let (member, of) = membership::ends(&fact.key);
        granted.entry(member.to_owned()).or_default().push(of.to_owned());
    }
    for fact in facts {
        if *fact.kind == membership::KIND {
            fact.privilege = reached(membership::ends(&fact.key).1, &own, &granted);
        } else if *fact.kind == role::KIND {
            fact.privilege = reached(&name(&fact.key), &own, &granted);
        }
    }
}

fn name(key: &Key) -> String {
    key.values().first().cloned().unwrap_or_default()
}

/// The most that a role, or a role that it may become, may do; of equals the nearest.
fn reached(from: &str, own: &BTreeMap<String, Privilege>, granted: &BTreeMap<String, Vec<String>>) -> Privilege {
    let mut seen = BTreeSet::from([from]);
    let mut found = Privilege::None;
    let mut next = vec![from];
    while !next.is_empty() {
        for role in &next {
            let gives = own.get(*role).unwrap_or(&Privilege::None);
            if rank(gives) > rank(&found) {
                found = gives.clone();
            }
        }
        let further = next.iter().filter_map(|role| granted.get(*role)).flatten();
        next = further.map(String::as_str).filter(|role| seen.insert(role)).collect();
    }
    found
}

fn rank(privilege: &Privilege) -> u8 {
    match privilege {
        Privilege::None => 0,
        Privilege::Some(_) => 1,
        Privilege::Admin(_) => 2,
        Privilege::Public(_) => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role_of(name: &str, privilege: Privilege) -> Fact {
        Fact { privilege, ..Fact::new(&role::KIND, "1".into(), Key::new([name])) }
    }

    fn member(member: &str, of: &str) -> Fact {
        Fact::new(&membership::KIND, "1".into(), Key::new([member, of]))
    }

    #[test]
    fn what_a_role_may_become_counts_even_in_a_circle() {
        let admin = Privilege::Admin("`root` is a superuser".to_owned());
        let mut facts = vec![
            role_of("app", Privilege::None),
            role_of("team", Privilege::Some("makes databases".to_owned())),
            role_of("root", admin.clone()),
            role_of("alone", Privilege::None),
            member("app", "team"),
            member("team", "root"),
            member("team", "app"),
        ];
        spread(&mut facts);
        let of = |at: usize| facts.get(at).map(|fact| fact.privilege.clone());
        assert_eq!([of(0), of(1), of(4), of(5)], [const { None::<Privilege> }; 4].map(|_| Some(admin.clone())));
        assert_eq!(of(3), Some(Privilege::None));
    }
}
