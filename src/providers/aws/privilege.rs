//! Carries what policies give to whom they are given: from policies to attachments, from groups to their members.

use super::kinds::{attachment, inline_policy, membership, policy};
use crate::model::{Fact, Key, Kind, Privilege};
use std::collections::BTreeMap;

type Name = (&'static str, Key);

/// Fills in the privilege of attachments, memberships and principals, and lets what hangs on a vendor's principal be
/// the vendor's too.
pub(super) fn spread(facts: &mut [Fact]) {
    attachments_of_admin_policies(facts);
    let of_holders = held_by(facts, |fact| *fact.kind == attachment::KIND || *fact.kind == inline_policy::KIND);
    for fact in facts.iter_mut().filter(|fact| *fact.kind == membership::KIND) {
        let (kind, key) = membership::group_of(&fact.key);
        if let Some(given) = of_holders.get(&(kind.id, key)) {
            fact.privilege = through_group(given, &fact.key);
        }
    }
    let with_groups = held_by(facts, |fact| fact.holder.is_some());
    for fact in facts.iter_mut().filter(|fact| fact.holder.is_none()) {
        if let Some(given) = with_groups.get(&(fact.kind.id, fact.key.clone())) {
            fact.privilege = fact.privilege.clone().max(given.clone());
        }
    }
    vendor_made_with_holder(facts);
}

/// A customer policy that allows everything makes its attachments administrator access.
fn attachments_of_admin_policies(facts: &mut [Fact]) {
    let admin: BTreeMap<String, Privilege> = facts
        .iter()
        .filter(|fact| *fact.kind == policy::KIND && matches!(fact.privilege, Privilege::Admin(_)))
        .filter_map(|fact| Some((fact.import_id.clone()?, fact.privilege.clone())))
        .collect();
    for fact in facts.iter_mut().filter(|fact| *fact.kind == attachment::KIND) {
        let arn = fact.key.field(&attachment::KIND, "policy_arn").unwrap_or_default();
        if let Some(privilege) = admin.get(arn) {
            fact.privilege = privilege.clone();
        }
    }
}

/// The highest privilege that each holder has from the facts that count.
fn held_by(facts: &[Fact], counts: impl Fn(&Fact) -> bool) -> BTreeMap<Name, Privilege> {
    let mut held: BTreeMap<Name, Privilege> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| counts(fact)) {
        let Some((kind, key)) = &fact.holder else { continue };
        let here = held.entry((kind.id, key.clone())).or_insert(Privilege::None);
        *here = here.clone().max(fact.privilege.clone());
    }
    held
}

fn through_group(given: &Privilege, key: &Key) -> Privilege {
    let group = key.field(&membership::KIND, "group").unwrap_or_default();
    match given {
        Privilege::Admin(why) => Privilege::Admin(format!("through group `{group}`: {why}")),
        Privilege::Some(why) => Privilege::Some(format!("{why} through group `{group}`")),
        other => other.clone(),
    }
}

/// What is attached to a role that AWS keeps is AWS's as well.
fn vendor_made_with_holder(facts: &mut [Fact]) {
    let vendor: BTreeMap<Name, String> = facts
        .iter()
        .filter(|fact| fact.holder.is_none())
        .filter_map(|fact| Some(((fact.kind.id, fact.key.clone()), fact.vendor_made.clone()?)))
        .collect();
    for fact in facts.iter_mut() {
        let of = |(kind, key): &(&'static Kind, Key)| vendor.get(&(kind.id, key.clone())).cloned();
        if fact.vendor_made.is_none() {
            fact.vendor_made = fact.holder.as_ref().and_then(of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{group, role, user};
    use super::*;

    fn fact(kind: &'static Kind, key: &[&str]) -> Fact {
        Fact::new(kind, "123456789012".into(), Key::new(key.iter().copied()))
    }

    #[test]
    fn a_member_of_an_administrators_group_is_an_administrator() {
        let mut own = fact(&policy::KIND, &["everything"]);
        own.privilege = Privilege::Admin("all".to_owned());
        own.import_id = Some("arn:aws:iam::123456789012:policy/everything".to_owned());
        let mut attached = fact(&attachment::KIND, &["group", "ops", "arn:aws:iam::123456789012:policy/everything"]);
        attached.privilege = Privilege::Some("policy `everything`".to_owned());
        attached.holder = Some((&group::KIND, Key::new(["ops"])));
        let mut member = fact(&membership::KIND, &["mallory", "ops"]);
        member.holder = Some((&user::KIND, Key::new(["mallory"])));
        let mut facts = vec![own, attached, member, fact(&user::KIND, &["mallory"]), fact(&user::KIND, &["alice"])];
        spread(&mut facts);
        assert_eq!(facts[3].privilege, Privilege::Admin("through group `ops`: all".to_owned()));
        assert_eq!(facts[4].privilege, Privilege::None);
    }

    #[test]
    fn what_hangs_on_a_vendors_role_is_the_vendors() {
        let mut linked = fact(&role::KIND, &["AWSServiceRoleForSupport"]);
        linked.vendor_made = Some("a service-linked role".to_owned());
        let mut attached = fact(&attachment::KIND, &["role", "AWSServiceRoleForSupport", "arn:aws:iam::aws:policy/x"]);
        attached.holder = Some((&role::KIND, Key::new(["AWSServiceRoleForSupport"])));
        let mut ours = fact(&attachment::KIND, &["role", "deploy", "arn:aws:iam::aws:policy/x"]);
        ours.holder = Some((&role::KIND, Key::new(["deploy"])));
        let mut facts = vec![linked, attached, ours];
        spread(&mut facts);
        assert!(facts[1].vendor_made.is_some());
        assert!(facts[2].vendor_made.is_none());
    }
}
