//! Instance profiles: which role the machines that carry one may become.

use super::role;
use super::shared::{key_text, owned};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/instance_profile",
    noun: "instance profile",
    title: "instance profile `{name}`",
    class: Class::Grant,
    key: &["name"],
    properties: &[
        Property { name: "role", compare: Compare::Exact, weight: Weight::Access },
        Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata },
    ],
    declared_by: &["aws_iam_instance_profile"],
    about: "An instance profile and the one role in it, from ListInstanceProfiles. Tags are not compared: no bulk read \
            shows them.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_instance_profile",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["arn", "unique_id", "name", "tags_all"],
    about: "declares one instance profile and the role in it",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([name]))
        .scope_from_arn(instance)
        .unique_id_from(instance, "unique_id")
        .copy(instance, &["role", "path"]);
}

/// The profile that one entry of ListInstanceProfiles shows.
pub(in crate::providers::aws) fn fact(entry: &Node, account: &Account) -> Option<Fact> {
    let name = entry.text_of("InstanceProfileName")?;
    let held = entry.members("Roles").next().and_then(|role| role.text_of("RoleName"));
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]))
        .with("role", held.map_or(Value::Null, Value::from))
        .with("path", Value::from(entry.text_of("Path").unwrap_or("/")));
    fact.unique_id = owned(entry.text_of("InstanceProfileId"));
    fact.import_id = Some(name.to_owned());
    fact.created = owned(entry.text_of("CreateDate"));
    fact.holder = held.map(|name| (&role::KIND, Key::new([name])));
    Some(fact)
}
