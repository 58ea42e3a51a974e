//! Inline policies of users, groups and roles.

use super::shared::{
    Holder, claiming, elements, exclusive_claims, held_by, held_key, key_text, live_document, strength_of,
};
use crate::model::{
    AttrPath, Claims, Class, Compare, Fact, Instance, Kind, Privilege, Property, Step, Strength, Value, Weight,
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
    own("aws_iam_role_policy", |i, out| own_claim(i, Holder::Role, out)),
    own("aws_iam_user_policy", |i, out| own_claim(i, Holder::User, out)),
    own("aws_iam_group_policy", |i, out| own_claim(i, Holder::Group, out)),
    claiming("aws_iam_role_policies_exclusive", &HERE, |i, out| all_claims(i, Holder::Role, out), ALL),
    claiming("aws_iam_user_policies_exclusive", &HERE, |i, out| all_claims(i, Holder::User, out), ALL),
    claiming("aws_iam_group_policies_exclusive", &HERE, |i, out| all_claims(i, Holder::Group, out), ALL),
];

/// A type that declares one inline policy, under a name that it may leave to the provider.
const fn own(name: &'static str, claims: fn(&Instance, &mut Claims)) -> ResourceType {
    const ABOUT: &str = "declares one inline policy; says nothing of others that the principal may have";
    ResourceType { fills_in: &["name"], ..claiming(name, &HERE, claims, ABOUT) }
}

const ALL: &str = "declares the names of all inline policies of one principal: a further live one is drift on it";

fn own_claim(instance: &Instance, holder: Holder, out: &mut Claims) {
    let Some(principal) = key_text(instance, holder.name(), &KIND, out) else { return };
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, held_key(holder, &principal, &name)).copy(instance, &["policy"]);
}

fn all_claims(instance: &Instance, holder: Holder, out: &mut Claims) {
    exclusive_claims(instance, &KIND, holder, "policy_names", out);
}

/// The deprecated `inline_policy` blocks of a role. They are optional and computed: the state keeps whatever was live
/// at the last refresh, so only the source tells whether anybody declared them (provider, `internal/service/iam/role.go`).
/// One empty block means that no inline policy is allowed.
pub(super) fn claims_of_role(instance: &Instance, role: &str, out: &mut Claims) {
    let Some(strength) = strength_of(instance, "inline_policy") else { return };
    // A sensitive document is no obstacle to its name; a sensitive name is.
    if instance.attributes.get("inline_policy").is_some_and(names_hidden) {
        elements(instance, "inline_policy", &KIND, out);
        return;
    }
    for block in instance.attributes.get("inline_policy").into_iter().flat_map(|blocks| blocks.items()) {
        let Some(name) = block.text("name") else { continue };
        let at = AttrPath::block_where("inline_policy", "name", name);
        let claim = out.claim(instance, &KIND, held_key(Holder::Role, role, name)).at(at.clone()).strength(strength);
        if let Some(document) = block.get("policy") {
            claim.set_at("policy", document.clone(), at.then(Step::Attr("policy".to_owned())));
        }
    }
    if strength == Strength::Listed {
        out.authority(instance, &KIND, held_by(Holder::Role, role), AttrPath::attr("inline_policy"));
    }
}

/// Whether some block of the list does not show its name.
fn names_hidden(blocks: &Value) -> bool {
    matches!(blocks, Value::Secret(_))
        || blocks
            .items()
            .iter()
            .any(|block| matches!(block, Value::Secret(_)) || block.get("name").is_some_and(Value::has_secret))
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
            let mut fact = Fact::new(&KIND, account.id.clone(), held_key(holder, principal, name));
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
