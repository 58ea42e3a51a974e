//! Roles that are members of roles.

use super::{BY_INITDB, FIRST_NORMAL, role};
use crate::model::{
    AttrPath, Claims, Class, Compare, Configured, Fact, Instance, Key, Kind, Property, Strength, Value, Weight,
};
use crate::providers::ResourceType;
use crate::providers::claiming::{elements, key_text};
use crate::providers::postgres::session::Unreadable;
use std::sync::Arc;
use tokio_postgres::Row;

pub static KIND: Kind = Kind {
    id: "postgres/membership",
    noun: "role membership",
    title: "role `{member}` in role `{role}`",
    class: Class::Membership,
    key: &["member", "role"],
    properties: &[Property { name: "admin_option", compare: Compare::Flag(false), weight: Weight::Access }],
    declared_by: &["postgresql_grant_role"],
    about: "One role in another, from pg_auth_members: a member may do what the role may do, or become it. Several grants \
            of the same membership (one for each grantor, from version 16 on) count as one with the options of all. The \
            inherit and set options of version 16 are in no resource type and are not compared. Memberships that `initdb` \
            makes, and those that version 16 makes when a role without SUPERUSER creates another, are the server's own; \
            memberships of your roles in `pg_…` roles are not.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "postgresql_grant_role",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[],
    about: "declares one membership; says nothing of others that the role may have",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(member) = key_text(instance, "role", &KIND, out) else { return };
    let Some(role) = key_text(instance, "grant_role", &KIND, out) else { return };
    let admin = instance.attributes.get("with_admin_option").cloned().unwrap_or(Value::Null);
    out.claim(instance, &KIND, Key::new([member, role])).repeatable().set_at(
        "admin_option",
        admin,
        AttrPath::attr("with_admin_option"),
    );
}

/// The `roles` of a role. The provider reads every membership of the role into it, those that `postgresql_grant_role`
/// declares too, so it says something only where the source sets it: then all of them, and `null` is none of them
/// (`resource_postgresql_role.go`: optional, not computed). It grants without admin option.
pub(super) fn claims_of_role(instance: &Instance, member: &str, out: &mut Claims) {
    let strength = match &instance.configured {
        Configured::Known(names) if names.contains_key("roles") => Strength::Listed,
        Configured::Known(_) => return,
        Configured::Unknown => Strength::Recorded,
    };
    let Some(roles) = elements(instance, "roles", &KIND, out) else { return };
    for role in roles {
        let at = AttrPath::element("roles", role);
        let claim = out.claim(instance, &KIND, Key::new([member, role]));
        claim.at(at.clone()).strength(strength).set_at("admin_option", Value::Bool(false), at).unseen("admin_option");
    }
    if strength == Strength::Listed {
        out.authority(instance, &KIND, vec![("member", member.to_owned())], AttrPath::attr("roles"));
    }
}

/// One membership, as the server shows it.
pub(in crate::providers::postgres) struct Membership {
    member: (i64, String),
    role: (i64, String),
    admin: bool,
    by_server: bool,
}

/// The columns of `queries::MEMBERSHIPS`.
pub(in crate::providers::postgres) fn read(row: &Row) -> Result<Membership, Unreadable> {
    Ok(Membership {
        member: (row.try_get(0)?, row.try_get(1)?),
        role: (row.try_get(2)?, row.try_get(3)?),
        admin: row.try_get(4)?,
        by_server: row.try_get(5)?,
    })
}

pub(in crate::providers::postgres) fn fact(one: &Membership, cluster: &Arc<str>) -> Fact {
    let (member, role) = (&one.member.1, &one.role.1);
    let mut fact =
        Fact::new(&KIND, cluster.clone(), Key::new([member, role])).with("admin_option", Value::Bool(one.admin));
    fact.holder = Some((&role::KIND, Key::new([member])));
    if one.member.0 < FIRST_NORMAL && one.role.0 < FIRST_NORMAL {
        fact.vendor_made = Some(BY_INITDB.to_owned());
    } else if one.by_server {
        fact.vendor_made = Some(format!("made by the server when `{member}` created `{role}`"));
    }
    fact
}

/// The member and the role that a key names.
pub(in crate::providers::postgres) fn ends(key: &Key) -> (&str, &str) {
    let field = |name| key.field(&KIND, name).unwrap_or_default();
    (field("member"), field("role"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(member: i64, role: i64, by_server: bool) -> Fact {
        let one = Membership { member: (member, "m".into()), role: (role, "r".into()), admin: true, by_server };
        fact(&one, &"1".into())
    }

    #[test]
    fn only_what_the_server_made_is_its_own() {
        assert!(one(3373, 3374, false).vendor_made.is_some());
        assert!(one(20000, 20001, true).vendor_made.is_some());
        for (member, role) in [(20000, 4570), (10, 20000), (20000, 20001)] {
            assert!(one(member, role, false).vendor_made.is_none(), "{member} in {role}");
        }
    }
}
