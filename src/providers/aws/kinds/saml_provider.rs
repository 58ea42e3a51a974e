//! SAML identity providers that the account trusts.

use super::shared::{TAGS, iam_arn, key_text, live_tags, owned};
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/saml_provider",
    noun: "SAML provider",
    title: "SAML provider `{name}`",
    class: Class::Trust,
    key: &["name"],
    properties: &[Property { name: "saml_metadata_document", compare: Compare::Text, weight: Weight::Trust }, TAGS],
    declared_by: &["aws_iam_saml_provider"],
    about: "An identity provider whose assertions roles of the account may trust, from ListSAMLProviders and \
            GetSAMLProvider. The one that IAM Identity Center keeps (`AWSSSO_…_DO_NOT_DELETE`) is reported like any other: name and metadata are what whoever makes a provider gives it.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_saml_provider",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["arn", "tags_all"],
    about: "declares one provider and its metadata document",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(name) = key_text(instance, "name", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([name]))
        .scope_from_arn(instance)
        .copy(instance, &["saml_metadata_document"])
        .tags(instance);
}

/// The name in a provider's ARN: `arn:…:saml-provider/NAME`.
pub(in crate::providers::aws) fn name_in(arn: &str) -> Option<&str> {
    arn.split_once(":saml-provider/").map(|(_, name)| name)
}

/// The provider that an answer of GetSAMLProvider shows.
pub(in crate::providers::aws) fn fact(name: &str, answer: &Node, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]))
        .with("saml_metadata_document", answer.text_of("SAMLMetadataDocument").map_or(Value::Null, Value::from))
        .with("tags", live_tags(answer));
    fact.import_id = Some(iam_arn(account, &format!("saml-provider/{name}")));
    fact.created = owned(answer.text_of("CreateDate"));
    fact
}
