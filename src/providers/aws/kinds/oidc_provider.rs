//! OpenID Connect identity providers that the account trusts.

use super::shared::{TAGS, iam_arn, key_text, live_tags, owned};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/oidc_provider",
    noun: "OIDC provider",
    title: "OIDC provider `{url}`",
    class: Class::Trust,
    key: &["url"],
    properties: &[
        Property { name: "client_id_list", compare: Compare::Set, weight: Weight::Trust },
        Property { name: "thumbprint_list", compare: Compare::Set, weight: Weight::Trust },
        TAGS,
    ],
    declared_by: &["aws_iam_openid_connect_provider"],
    about: "An identity provider whose tokens roles of the account may trust, from ListOpenIDConnectProviders and \
            GetOpenIDConnectProvider. The API drops `https://` from the address, so the key does too.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_openid_connect_provider",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["arn", "thumbprint_list", "tags_all"],
    about: "declares one provider with all its audiences and thumbprints",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(url) = key_text(instance, "url", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([without_scheme(&url)]))
        .scope_from_arn(instance)
        .copy(instance, &["client_id_list", "thumbprint_list"])
        .tags(instance);
}

fn without_scheme(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

/// The address in a provider's ARN: `arn:…:oidc-provider/ADDRESS`.
pub(in crate::providers::aws) fn url_in(arn: &str) -> Option<&str> {
    arn.split_once(":oidc-provider/").map(|(_, url)| url)
}

/// The provider that an answer of GetOpenIDConnectProvider shows.
pub(in crate::providers::aws) fn fact(url: &str, answer: &Node, account: &Account) -> Fact {
    let list = |name: &str| Value::List(answer.members(name).map(|entry| Value::from(entry.text.trim())).collect());
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([without_scheme(url)]))
        .with("client_id_list", list("ClientIDList"))
        .with("thumbprint_list", list("ThumbprintList"))
        .with("tags", live_tags(answer));
    fact.import_id = Some(iam_arn(account, &format!("oidc-provider/{}", without_scheme(url))));
    fact.created = owned(answer.text_of("CreateDate"));
    fact
}
