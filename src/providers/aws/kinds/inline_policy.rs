//! Inline policies of users, groups and roles.

use super::shared::{Holder, key_text, live_document};
use crate::model::{
    AttrPath, Claims, Class, Compare, Configured, Fact, Instance, Key, Kind, Privilege, Property, Step, Strength,
    Weight,
};
use crate::policy::reading;
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/inline_policy",
    noun: "inline policy",
    title: "inline policy `{name}` of {principal_type} `{principal}`",
    class: Class::Grant,
    key: &["principal_type", "principal", "name"],
    properties: &[Property { name: "policy", compare: Compare::PolicyDocument, weight: Weight::Access }],
    declared_by: &["aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"],
    about: "A policy that lives inside one user, group or role, from GetAccountAuthorizationDetails.",
};

/// What every type below claims.
static HERE: [&Kind; 1] = [&KIND];

pub static TYPES: &[ResourceType] = &[
    own("aws_iam_role_policy", |instance, out| own_claim(instance, Holder::Role, out)),
    own("aws_iam_user_policy", |instance, out| own_claim(instance, Holder::User, out)),
    own("aws_iam_group_policy", |instance, out| own_claim(instance, Holder::Group, out)),
    exclusive("aws_iam_role_policies_exclusive", |instance, out| {
        exclusive_claims(instance, Holder::Role, "role_name", out)
    }),
    exclusive("aws_iam_user_policies_exclusive", |instance, out| {
        exclusive_claims(instance, Holder::User, "user_name", out)
    }),
    exclusive("aws_iam_group_policies_exclusive", |instance, out| {
        exclusive_claims(instance, Holder::Group, "group_name", out)
    }),
];

const fn own(name: &'static str, claims: fn(&Instance, &mut Claims)) -> ResourceType {
    ResourceType {
        name,
        claims,
        kinds: &HERE,
        secrets: &[],
        about: "declares one inline policy; says nothing of others that the principal may have",
    }
}

const fn exclusive(name: &'static str, claims: fn(&Instance, &mut Claims)) -> ResourceType {
    ResourceType {
        name,
        claims,
        kinds: &HERE,
        secrets: &[],
        about: "declares the names of all inline policies of one principal: a further live one is drift on it",
    }
}

fn key(holder: Holder, principal: &str, name: &str) -> Key {
    Key::new([holder.name(), principal, name])
}

fn all_of(holder: Holder, principal: &str) -> Vec<(&'static str, String)> {
    vec![("principal_type", holder.name().to_owned()), ("principal", principal.to_owned())]
}

fn own_claim(instance: &Instance, holder: Holder, out: &mut Claims) {
    let Some(principal) = key_text(instance, holder.name(), &KIND, out) else { return };
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, key(holder, &principal, &name)).copy(instance, &["policy"]);
}

fn exclusive_claims(instance: &Instance, holder: Holder, attribute: &str, out: &mut Claims) {
    let Some(principal) = key_text(instance, attribute, &KIND, out) else { return };
    for name in instance.attributes.get("policy_names").into_iter().flat_map(|names| names.strings()) {
        out.claim(instance, &KIND, key(holder, &principal, name))
            .at(AttrPath::element("policy_names", name))
            .strength(Strength::Listed);
    }
    out.authority(instance, &KIND, all_of(holder, &principal), AttrPath::attr("policy_names"));
}

/// The deprecated `inline_policy` blocks of a role. They are optional and computed: the state keeps whatever was live
/// at the last refresh, so only the source tells whether anybody declared them (provider, `internal/service/iam/role.go`).
/// One empty block means that no inline policy is allowed.
pub(super) fn claims_of_role(instance: &Instance, role: &str, out: &mut Claims) {
    let strength = match instance.configured.sets("inline_policy") {
        Some(true) => Strength::Listed,
        Some(false) => return,
        None => Strength::Recorded,
    };
    for block in instance.attributes.get("inline_policy").into_iter().flat_map(|blocks| blocks.items()) {
        let Some(name) = block.text("name") else { continue };
        let at = AttrPath::block_where("inline_policy", "name", name);
        let claim = out.claim(instance, &KIND, key(Holder::Role, role, name)).at(at.clone()).strength(strength);
        if let Some(document) = block.get("policy") {
            claim.set_at("policy", document.clone(), at.then(Step::Attr("policy".to_owned())));
        }
    }
    if instance.configured != Configured::Unknown {
        out.authority(instance, &KIND, all_of(Holder::Role, role), AttrPath::attr("inline_policy"));
    }
}

/// The inline policies that an entry of a detail list shows under `list`.
pub(in crate::providers::aws) fn facts(
    detail: &Node,
    holder: Holder,
    principal: &str,
    list: &str,
    account: &Account,
) -> Vec<Fact> {
    detail
        .members(list)
        .filter_map(|entry| {
            let name = entry.text_of("PolicyName")?;
            let document = live_document(entry, "PolicyDocument");
            let mut fact = Fact::new(&KIND, account.id.clone(), key(holder, principal, name));
            fact.privilege = match document.as_str() {
                Some(text) if reading::allows_everything(text) => {
                    Privilege::Admin(format!("inline policy `{name}` allows every action on every resource"))
                }
                _ => Privilege::Some(format!("inline policy `{name}`")),
            };
            fact.properties.insert("policy", document);
            fact.import_id = Some(format!("{principal}:{name}"));
            fact.holder = Some(holder.of(principal));
            Some(fact)
        })
        .collect()
}
