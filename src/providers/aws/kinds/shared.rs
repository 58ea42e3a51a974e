//! What several kinds read in the same way: tags, documents, holders.

use crate::model::{AttrPath, Claim, Claims, Instance, Key, Kind, Property, Setting, Value};
use crate::model::{Compare, Strength, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;
pub(super) use crate::providers::claiming::{elements, key_text};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// The `tags` property that many kinds have.
pub(super) const TAGS: Property = Property { name: "tags", compare: Compare::Map, weight: Weight::Metadata };

/// The account in an ARN; `None` for global ones such as buckets and for policies that AWS makes.
pub(in crate::providers::aws) fn account_in(arn: &str) -> Option<&str> {
    let account = arn.strip_prefix("arn:")?.split(':').nth(3)?;
    (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())).then_some(account)
}

impl Claim {
    /// The account that the instance's `arn` names.
    pub(super) fn scope_from_arn(&mut self, instance: &Instance) -> &mut Self {
        self.scope = instance.attributes.text("arn").and_then(account_in).map(Into::into);
        self
    }

    /// The system's id in this attribute.
    pub(super) fn unique_id_from(&mut self, instance: &Instance, attribute: &str) -> &mut Self {
        self.unique_id = instance.attributes.text(attribute).map(str::to_owned);
        self
    }

    /// Tags as the provider last wrote them: `tags_all` holds those of `default_tags` too, without the keys that
    /// `ignore_tags` names (`internal/tags` of the provider).
    pub(super) fn tags(&mut self, instance: &Instance) -> &mut Self {
        let all = instance.attributes.get("tags_all").filter(|tags| !tags.is_null());
        if let Some(tags) = all.or_else(|| instance.attributes.get("tags")) {
            self.set_at("tags", tags.clone(), AttrPath::attr("tags"));
            if let Some(claimed) = self.properties.get_mut("tags") {
                claimed.ignoring = ignored_tags(instance);
            }
        }
        self
    }
}

/// The patterns of the provider block's `ignore_tags`; all keys when they are written in a way that is not followed.
fn ignored_tags(instance: &Instance) -> Vec<String> {
    let Some(setting) = instance.settings.as_ref().and_then(|s| s.settings.get("ignore_tags")) else {
        return Vec::new();
    };
    let Setting::Blocks(blocks) = setting else { return vec!["*".to_owned()] };
    let mut patterns = Vec::new();
    for block in blocks {
        for (name, ending) in [("keys", ""), ("key_prefixes", "*")] {
            match block.get(name) {
                None => {}
                Some(Setting::Known(list)) => patterns.extend(list.strings().map(|key| format!("{key}{ending}"))),
                Some(_) => return vec!["*".to_owned()],
            }
        }
    }
    patterns
}

/// Tags of a live thing; those that AWS itself makes (`aws:…`) are nobody's to declare.
pub(super) fn live_tags(node: &Node) -> Value {
    let tags = node.members("Tags").filter_map(|tag| Some((tag.text_of("Key")?, tag.text_of("Value").unwrap_or(""))));
    let kept: BTreeMap<_, _> =
        tags.filter(|(key, _)| !key.starts_with("aws:")).map(|(k, v)| (k.to_owned(), Value::from(v))).collect();
    Value::Map(kept)
}

/// A policy document inside an IAM answer: percent-encoded as RFC 3986 says (IAM API reference, `PolicyDetail`).
pub(super) fn live_document(node: &Node, field: &str) -> Value {
    match node.text_of(field) {
        Some(text) => Value::String(percent_decode_str(text).decode_utf8_lossy().into_owned()),
        None => Value::Null,
    }
}

/// The ARN of a live thing's permissions boundary.
pub(super) fn live_boundary(node: &Node) -> Value {
    let boundary = node.child("PermissionsBoundary").and_then(|b| b.text_of("PermissionsBoundaryArn"));
    boundary.map_or(Value::Null, Value::from)
}

/// A text field, `null` when it is not there or empty.
pub(super) fn live_text(node: &Node, field: &str) -> Value {
    node.text_of(field).filter(|text| !text.is_empty()).map_or(Value::Null, Value::from)
}

pub(super) fn owned(text: Option<&str>) -> Option<String> {
    text.filter(|t| !t.is_empty()).map(str::to_owned)
}

/// A principal as the keys of attachments and inline policies name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::providers::aws) enum Holder {
    User,
    Group,
    Role,
}

impl Holder {
    pub(in crate::providers::aws) fn name(self) -> &'static str {
        match self {
            Holder::User => "user",
            Holder::Group => "group",
            Holder::Role => "role",
        }
    }

    pub(in crate::providers::aws) fn kind(self) -> &'static Kind {
        match self {
            Holder::User => &super::user::KIND,
            Holder::Group => &super::group::KIND,
            Holder::Role => &super::role::KIND,
        }
    }

    /// Key of the principal itself.
    pub(super) fn of(self, name: &str) -> (&'static Kind, Key) {
        (self.kind(), Key::new([name]))
    }
}

/// Why a role with this path and name is nobody's to declare. Only paths that AWS keeps for itself count: a name alone
/// (`AWSServiceRoleFor…`, `stacksets-exec-…`) can be given by anybody who may create a role, and must not hide it.
pub(super) fn vendor_made_role(path: &str, name: &str) -> Option<String> {
    if path.starts_with("/aws-service-role/") {
        Some("a service-linked role: its service makes and keeps it".to_owned())
    } else if path.starts_with("/aws-reserved/sso.amazonaws.com/") && name.starts_with("AWSReservedSSO_") {
        Some("made by IAM Identity Center from a permission set and its assignments".to_owned())
    } else {
        None
    }
}

/// The ARN of a global IAM thing of this account.
pub(super) fn iam_arn(account: &Account, rest: &str) -> String {
    format!("arn:{}:iam::{}:{rest}", account.partition, account.id)
}

/// A resource type without secrets of its own.
pub(super) const fn claiming(
    name: &'static str,
    kinds: &'static [&'static Kind],
    claims: fn(&Instance, &mut Claims),
    about: &'static str,
) -> ResourceType {
    ResourceType { name, claims, kinds, secrets: &[], fills_in: &[], about }
}

/// Key of what hangs on a principal: an attachment by the policy's ARN, an inline policy by its name.
pub(super) fn held_key(holder: Holder, principal: &str, name: &str) -> Key {
    Key::new([holder.name(), principal, name])
}

/// The key fields that all things of a kind that hang on one principal share.
pub(super) fn held_by(holder: Holder, principal: &str) -> Vec<(&'static str, String)> {
    vec![("principal_type", holder.name().to_owned()), ("principal", principal.to_owned())]
}

/// Claims of an `…_exclusive` type: `list` names everything of the kind that hangs on the principal.
pub(super) fn exclusive_claims(instance: &Instance, kind: &'static Kind, holder: Holder, list: &str, out: &mut Claims) {
    let Some(principal) = key_text(instance, &format!("{}_name", holder.name()), kind, out) else { return };
    let Some(names) = elements(instance, list, kind, out) else { return };
    for name in names {
        out.claim(instance, kind, held_key(holder, &principal, name))
            .at(AttrPath::element(list, name))
            .strength(Strength::Listed);
    }
    out.authority(instance, kind, held_by(holder, &principal), AttrPath::attr(list));
}

/// How an optional and computed argument claims; `None` when the source does not set it.
pub(super) fn strength_of(instance: &Instance, argument: &str) -> Option<Strength> {
    match instance.configured.sets(argument) {
        Some(true) => Some(Strength::Listed),
        Some(false) => None,
        None => Some(Strength::Recorded),
    }
}
