//! Policies attached to users, groups and roles.

use super::shared::{Holder, claiming, elements, exclusive_claims, held_by, held_key, key_text, strength_of};
use crate::model::{AttrPath, Claims, Class, Fact, Instance, Kind, Privilege, Strength};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;
use std::sync::Arc;

pub static KIND: Kind = Kind {
    id: "aws/iam/attachment",
    noun: "policy attachment",
    title: "`{policy_arn}` attached to {principal_type} `{principal}`",
    class: Class::Attachment,
    key: &["principal_type", "principal", "policy_arn"],
    properties: &[],
    declared_by: &[
        "aws_iam_role_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
    ],
    about: "One managed policy on one user, group or role, from GetAccountAuthorizationDetails. Permissions boundaries \
            are no attachments: they are a property of the user or role.",
};

/// What every type below claims.
static HERE: [&Kind; 1] = [&KIND];

pub static TYPES: &[ResourceType] = &[
    claiming("aws_iam_role_policy_attachment", &HERE, |i, out| own_claim(i, Holder::Role, out), OWN),
    claiming("aws_iam_user_policy_attachment", &HERE, |i, out| own_claim(i, Holder::User, out), OWN),
    claiming("aws_iam_group_policy_attachment", &HERE, |i, out| own_claim(i, Holder::Group, out), OWN),
    claiming(
        "aws_iam_policy_attachment",
        &HERE,
        policy_claims,
        "declares everybody in the account who has one policy: a further live user, group or role is drift on it",
    ),
    claiming("aws_iam_role_policy_attachments_exclusive", &HERE, |i, out| all_claims(i, Holder::Role, out), ALL),
    claiming("aws_iam_user_policy_attachments_exclusive", &HERE, |i, out| all_claims(i, Holder::User, out), ALL),
    claiming("aws_iam_group_policy_attachments_exclusive", &HERE, |i, out| all_claims(i, Holder::Group, out), ALL),
];

const OWN: &str = "declares one attachment; says nothing of others that the principal may have";
const ALL: &str = "declares all policies attached to one principal: a further live one is drift on it";

/// What is known of policies that AWS makes by their names alone: name, whether it is as good as administrator access,
/// and why. The documents are AWS's and public; those that are not listed count as giving something.
static VENDOR_POLICIES: &[(&str, &str)] = &[
    ("AdministratorAccess", "`AdministratorAccess` allows every action on every resource"),
    ("IAMFullAccess", "`IAMFullAccess` lets its holder give itself every permission"),
    ("AdministratorAccess-Amplify", "`AdministratorAccess-Amplify` lets its holder make roles with any policy"),
];

fn own_claim(instance: &Instance, holder: Holder, out: &mut Claims) {
    let Some(principal) = key_text(instance, holder.name(), &KIND, out) else { return };
    let Some(arn) = key_text(instance, "policy_arn", &KIND, out) else { return };
    out.claim(instance, &KIND, held_key(holder, &principal, &arn));
}

fn policy_claims(instance: &Instance, out: &mut Claims) {
    let Some(arn) = key_text(instance, "policy_arn", &KIND, out) else { return };
    for (holder, attribute) in [(Holder::User, "users"), (Holder::Group, "groups"), (Holder::Role, "roles")] {
        let Some(principals) = elements(instance, attribute, &KIND, out) else { return };
        for principal in principals {
            out.claim(instance, &KIND, held_key(holder, principal, &arn))
                .at(AttrPath::element(attribute, principal))
                .strength(Strength::Listed);
        }
    }
    out.authority(instance, &KIND, vec![("policy_arn", arn)], AttrPath::default());
}

fn all_claims(instance: &Instance, holder: Holder, out: &mut Claims) {
    exclusive_claims(instance, &KIND, holder, "policy_arns", out);
}

/// The deprecated `managed_policy_arns` of a role: optional and computed, as with
/// [`super::inline_policy::claims_of_role`]. An empty list means that no attachment is allowed.
pub(super) fn claims_of_role(instance: &Instance, role: &str, scope: Option<Arc<str>>, out: &mut Claims) {
    let Some(strength) = strength_of(instance, "managed_policy_arns") else { return };
    let Some(arns) = elements(instance, "managed_policy_arns", &KIND, out) else { return };
    for arn in arns {
        let claim = out.claim(instance, &KIND, held_key(Holder::Role, role, arn));
        claim.at(AttrPath::element("managed_policy_arns", arn)).strength(strength);
        claim.scope = scope.clone();
    }
    if strength == Strength::Listed {
        out.authority(instance, &KIND, held_by(Holder::Role, role), AttrPath::attr("managed_policy_arns"));
    }
}

/// The attachments that an entry of a detail list shows.
pub(in crate::providers::aws) fn facts(detail: &Node, holder: Holder, principal: &str, account: &Account) -> Vec<Fact> {
    detail
        .members("AttachedManagedPolicies")
        .filter_map(|entry| {
            let arn = entry.text_of("PolicyArn")?;
            let mut fact = Fact::new(&KIND, account.id.clone(), held_key(holder, principal, arn));
            fact.privilege = privilege_of(arn);
            fact.import_id = Some(format!("{principal}/{arn}"));
            fact.holder = Some(holder.of(principal));
            Some(fact)
        })
        .collect()
}

/// What an attached policy gives, as far as its ARN tells.
fn privilege_of(arn: &str) -> Privilege {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    match administrator_by_name(arn).filter(|_| arn != name) {
        Some(why) => Privilege::Admin(why.to_owned()),
        None => Privilege::Some(format!("policy `{name}`")),
    }
}

/// Why a policy of AWS's own, by its ARN or by its name alone, is as good as administrator access.
pub(in crate::providers::aws) fn administrator_by_name(policy: &str) -> Option<&'static str> {
    let name = policy.rsplit('/').next().unwrap_or(policy);
    let is_vendors = policy == name || policy.contains(":iam::aws:policy/");
    VENDOR_POLICIES.iter().find(|(known, _)| is_vendors && *known == name).map(|(_, why)| *why)
}
