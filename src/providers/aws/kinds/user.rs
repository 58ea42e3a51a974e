//! IAM users.

use super::shared::{TAGS, key_text, live_boundary, live_tags, owned};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/user",
    noun: "IAM user",
    title: "user `{name}`",
    class: Class::Principal,
    key: &["name"],
    properties: &[
        Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata },
        Property { name: "permissions_boundary", compare: Compare::Exact, weight: Weight::Guardrail },
        TAGS,
    ],
    declared_by: &["aws_iam_user"],
    about: "An IAM user of the account, from GetAccountAuthorizationDetails. The account's root user is not one. \
            `force_destroy` exists in Terraform only and is not compared.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_user",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["arn", "unique_id", "tags_all"],
    about: "declares one user; says nothing of the groups, policies and keys it may have besides",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([name]))
        .scope_from_arn(instance)
        .unique_id_from(instance, "unique_id")
        .copy(instance, &["path", "permissions_boundary"])
        .tags(instance);
}

/// The user that one entry of `UserDetailList` shows.
pub(in crate::providers::aws) fn fact(detail: &Node, account: &Account) -> Option<Fact> {
    let name = detail.text_of("UserName")?;
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]))
        .with("path", Value::from(detail.text_of("Path").unwrap_or("/")))
        .with("permissions_boundary", live_boundary(detail))
        .with("tags", live_tags(detail));
    fact.unique_id = owned(detail.text_of("UserId"));
    fact.import_id = Some(name.to_owned());
    fact.created = owned(detail.text_of("CreateDate"));
    Some(fact)
}
