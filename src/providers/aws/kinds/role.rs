//! IAM roles with their trust policies.

use super::shared::{
    TAGS, account_in, key_text, live_boundary, live_document, live_tags, live_text, owned, vendor_made_role,
};
use super::{attachment, inline_policy};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::policy::reading;
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/role",
    noun: "IAM role",
    title: "role `{name}`",
    class: Class::Role,
    key: &["name"],
    properties: &[
        Property { name: "assume_role_policy", compare: Compare::PolicyDocument, weight: Weight::Trust },
        Property { name: "path", compare: Compare::Default("/"), weight: Weight::Metadata },
        Property { name: "description", compare: Compare::Exact, weight: Weight::Metadata },
        Property { name: "max_session_duration", compare: Compare::Number(3600), weight: Weight::Guardrail },
        Property { name: "permissions_boundary", compare: Compare::Exact, weight: Weight::Guardrail },
        TAGS,
    ],
    declared_by: &["aws_iam_role", "aws_iam_service_linked_role"],
    about: "An IAM role with its trust policy, from GetAccountAuthorizationDetails; its description and session length \
            come from ListRoles, the one listing that shows them. `force_detach_policies` exists in Terraform only.",
};

pub static TYPES: &[ResourceType] = &[
    ResourceType {
        name: "aws_iam_role",
        claims: role_claims,
        kinds: &[&KIND, &attachment::KIND, &inline_policy::KIND],
        secrets: &[],
        fills_in: &["arn", "unique_id", "name", "tags_all", "managed_policy_arns", "inline_policy"],
        about: "declares one role with its trust policy; the deprecated `inline_policy` and `managed_policy_arns`, \
                where the source sets them, declare all inline policies or all attachments of the role",
    },
    ResourceType {
        name: "aws_iam_service_linked_role",
        claims: service_linked_claims,
        kinds: &[&KIND],
        secrets: &[],
        fills_in: &["arn", "unique_id", "name", "path", "tags_all"],
        about: "declares a role that a service keeps: its trust policy and permissions are the service's own",
    },
];

fn role_claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([&name]))
        .scope_from_arn(instance)
        .unique_id_from(instance, "unique_id")
        .copy(instance, &["assume_role_policy", "path", "description", "max_session_duration", "permissions_boundary"])
        .tags(instance);
    let scope = instance.attributes.text("arn").and_then(account_in).map(Into::into);
    attachment::claims_of_role(instance, &name, scope, out);
    inline_policy::claims_of_role(instance, &name, out);
}

fn service_linked_claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([name]))
        .scope_from_arn(instance)
        .unique_id_from(instance, "unique_id")
        .copy(instance, &["path", "description"])
        .tags(instance);
}

/// The role that one entry of `RoleDetailList` shows; without description and session length.
pub(in crate::providers::aws) fn fact(detail: &Node, account: &Account) -> Option<Fact> {
    let name = detail.text_of("RoleName")?;
    let path = detail.text_of("Path").unwrap_or("/");
    let trust = live_document(detail, "AssumeRolePolicyDocument");
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]))
        .with("path", Value::from(path))
        .with("permissions_boundary", live_boundary(detail))
        .with("tags", live_tags(detail));
    if trust.as_str().is_some_and(reading::allows_everybody) {
        fact.privilege = Privilege::Public("its trust policy lets anybody assume it".to_owned());
    }
    fact.properties.insert("assume_role_policy", trust);
    fact.unique_id = owned(detail.text_of("RoleId"));
    fact.import_id = Some(name.to_owned());
    fact.created = owned(detail.text_of("CreateDate"));
    fact.last_used = owned(detail.child("RoleLastUsed").and_then(|used| used.text_of("LastUsedDate")));
    fact.vendor_made = vendor_made_role(path, name);
    Some(fact)
}

/// Name, description and session length from one entry of ListRoles.
pub(in crate::providers::aws) fn listed(entry: &Node) -> Option<(String, [(&'static str, Value); 2])> {
    let name = entry.text_of("RoleName")?.to_owned();
    let seconds =
        entry.text_of("MaxSessionDuration").and_then(|n| n.parse::<i64>().ok()).map_or(Value::Null, Value::from);
    Some((name, [("description", live_text(entry, "Description")), ("max_session_duration", seconds)]))
}

/// The properties that only ListRoles shows.
pub(in crate::providers::aws) const ONLY_LISTED: [&str; 2] = ["description", "max_session_duration"];
