//! IAM groups.

use super::shared::{key_text, owned};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/group",
    noun: "IAM group",
    title: "group `{name}`",
    class: Class::Group,
    key: &["name"],
    properties: &[Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata }],
    declared_by: &["aws_iam_group"],
    about: "An IAM group of the account, from GetAccountAuthorizationDetails. Its members are a kind of their own.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_group",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["arn", "unique_id"],
    about: "declares one group; says nothing of its members and policies",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([name]))
        .scope_from_arn(instance)
        .unique_id_from(instance, "unique_id")
        .copy(instance, &["path"]);
}

/// The group that one entry of `GroupDetailList` shows.
pub(in crate::providers::aws) fn fact(detail: &Node, account: &Account) -> Option<Fact> {
    let name = detail.text_of("GroupName")?;
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]))
        .with("path", Value::from(detail.text_of("Path").unwrap_or("/")));
    fact.unique_id = owned(detail.text_of("GroupId"));
    fact.import_id = Some(name.to_owned());
    fact.created = owned(detail.text_of("CreateDate"));
    Some(fact)
}
