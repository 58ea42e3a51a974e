//! Customer-managed IAM policies.

use super::shared::{key_text, live_document, live_text, owned};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::policy::reading;
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/policy",
    noun: "customer policy",
    title: "policy `{name}`",
    class: Class::Policy,
    key: &["name"],
    properties: &[
        Property { name: "policy", compare: Compare::PolicyDocument, weight: Weight::Access },
        Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata },
        Property { name: "description", compare: Compare::Exact, weight: Weight::Metadata },
    ],
    declared_by: &["aws_iam_policy"],
    about: "A policy of the account with the document of its default version, from GetAccountAuthorizationDetails. \
            Policies that AWS makes are not listed; their attachments are. Tags are not compared: no bulk read shows \
            them.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_policy",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["arn", "policy_id", "name"],
    about: "declares one policy and its document; older versions are not compared",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([name]))
        .scope_from_arn(instance)
        .unique_id_from(instance, "policy_id")
        .copy(instance, &["policy", "path", "description"]);
}

/// The policy that one entry of `Policies` shows; `None` for one that AWS makes.
pub(in crate::providers::aws) fn fact(detail: &Node, account: &Account) -> Option<Fact> {
    let arn = detail.text_of("Arn")?;
    if arn.contains(":iam::aws:") {
        return None;
    }
    let name = detail.text_of("PolicyName").or_else(|| arn.rsplit('/').next())?;
    let default =
        detail.members("PolicyVersionList").find(|version| version.text_of("IsDefaultVersion") == Some("true"));
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]))
        .with("path", Value::from(detail.text_of("Path").unwrap_or("/")))
        .with("description", live_text(detail, "Description"));
    // Without a default version in the answer the document was not read: it is left out, never shown as empty.
    if let Some(version) = default {
        let document = live_document(version, "Document");
        if document.as_str().is_some_and(reading::allows_everything) {
            fact.privilege = Privilege::Admin(format!("policy `{name}` allows every action on every resource"));
        }
        fact.properties.insert("policy", document);
    }
    fact.unique_id = owned(detail.text_of("PolicyId"));
    fact.import_id = Some(arn.to_owned());
    fact.created = owned(detail.text_of("CreateDate"));
    Some(fact)
}
