//! Public access blocks of buckets.

use super::shared::key_text;
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/s3/public_access_block",
    noun: "public access block",
    title: "public access block of bucket `{bucket}`",
    class: Class::Setting,
    key: &["bucket"],
    properties: FLAGS,
    declared_by: &["aws_s3_bucket_public_access_block"],
    about: "The four switches that keep a bucket from being public, from GetPublicAccessBlock. A block with all four on \
            is what AWS gives to new buckets since April 2023, so nobody is expected to declare it.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_s3_bucket_public_access_block",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[],
    about: "declares the public access block of one bucket",
}];

/// The switches, shared with the block of the account.
pub(super) const FLAGS: &[Property] = &[
    flag("block_public_acls"),
    flag("block_public_policy"),
    flag("ignore_public_acls"),
    flag("restrict_public_buckets"),
];

const FIELDS: [(&str, &str); 4] = [
    ("BlockPublicAcls", "block_public_acls"),
    ("BlockPublicPolicy", "block_public_policy"),
    ("IgnorePublicAcls", "ignore_public_acls"),
    ("RestrictPublicBuckets", "restrict_public_buckets"),
];

const fn flag(name: &'static str) -> Property {
    Property { name, compare: Compare::Flag(false), weight: Weight::Guardrail }
}

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(bucket) = key_text(instance, "bucket", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([bucket])).copy(instance, &FIELDS.map(|(_, property)| property));
}

/// Sets the switches that an answer shows; says whether all are on.
pub(super) fn read_flags(answer: &Node, fact: &mut Fact) -> bool {
    let mut all_on = true;
    for (field, property) in FIELDS {
        let on = answer.text_of(field) == Some("true");
        all_on &= on;
        fact.properties.insert(property, Value::Bool(on));
    }
    all_on
}

/// The block of a bucket that has one.
pub(in crate::providers::aws) fn fact(bucket: &str, answer: &Node, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([bucket]));
    if read_flags(answer, &mut fact) {
        fact.vendor_made = Some("everything public is blocked: the default of new buckets".to_owned());
    }
    fact.import_id = Some(bucket.to_owned());
    fact
}
