//! Users in IAM groups.

use super::shared::{elements, key_text};
use super::{group, user};
use crate::model::{AttrPath, Claims, Class, Fact, Instance, Key, Kind, Strength};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/membership",
    noun: "group membership",
    title: "user `{user}` in group `{group}`",
    class: Class::Membership,
    key: &["user", "group"],
    properties: &[],
    declared_by: &["aws_iam_user_group_membership", "aws_iam_group_membership"],
    about: "One user in one group, from the groups that GetAccountAuthorizationDetails shows with each user.",
};

pub static TYPES: &[ResourceType] = &[
    ResourceType {
        name: "aws_iam_group_membership",
        claims: group_claims,
        kinds: &[&KIND],
        secrets: &[],
        fills_in: &[],
        about: "declares all members of one group: a further live member is drift on it",
    },
    ResourceType {
        name: "aws_iam_user_group_membership",
        claims: user_claims,
        kinds: &[&KIND],
        secrets: &[],
        fills_in: &[],
        about: "declares some groups of one user: it reads back only those it names",
    },
];

fn group_claims(instance: &Instance, out: &mut Claims) {
    let Some(group) = key_text(instance, "group", &KIND, out) else { return };
    let Some(users) = elements(instance, "users", &KIND, out) else { return };
    for user in users {
        out.claim(instance, &KIND, Key::new([user, &group]))
            .at(AttrPath::element("users", user))
            .strength(Strength::Listed);
    }
    out.authority(instance, &KIND, vec![("group", group)], AttrPath::attr("users"));
}

fn user_claims(instance: &Instance, out: &mut Claims) {
    let Some(user) = key_text(instance, "user", &KIND, out) else { return };
    let Some(groups) = elements(instance, "groups", &KIND, out) else { return };
    for group in groups {
        out.claim(instance, &KIND, Key::new([&user, group]))
            .at(AttrPath::element("groups", group))
            .strength(Strength::Listed);
    }
}

/// The memberships that one entry of `UserDetailList` shows.
pub(in crate::providers::aws) fn facts(detail: &Node, account: &Account) -> Vec<Fact> {
    let Some(name) = detail.text_of("UserName") else { return Vec::new() };
    detail
        .members("GroupList")
        .map(|entry| {
            let group = entry.text.trim();
            let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name, group]));
            fact.import_id = Some(format!("{name}/{group}"));
            fact.holder = Some((&user::KIND, Key::new([name])));
            fact
        })
        .collect()
}

/// Key of the group that a membership's key names.
pub(in crate::providers::aws) fn group_of(key: &Key) -> (&'static Kind, Key) {
    (&group::KIND, Key::new([key.field(&KIND, "group").unwrap_or_default()]))
}
