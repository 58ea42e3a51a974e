//! Ownership controls of buckets: whether access control lists count at all.

use super::shared::key_text;
use crate::model::{AttrPath, Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Step, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/s3/ownership_controls",
    noun: "bucket ownership controls",
    title: "ownership controls of bucket `{bucket}`",
    class: Class::Setting,
    key: &["bucket"],
    properties: &[Property { name: "object_ownership", compare: Compare::Exact, weight: Weight::Guardrail }],
    declared_by: &["aws_s3_bucket_ownership_controls"],
    about: "Who owns what is put into a bucket, from GetBucketOwnershipControls. `BucketOwnerEnforced` switches access \
            control lists off; it is what AWS gives to new buckets since April 2023.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_s3_bucket_ownership_controls",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[],
    about: "declares the ownership controls of one bucket",
}];

const DEFAULT: &str = "BucketOwnerEnforced";

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(bucket) = key_text(instance, "bucket", &KIND, out) else { return };
    let rule = instance.attributes.get("rule").and_then(|rules| rules.items().first());
    let said = rule.and_then(|r| r.get("object_ownership")).cloned().unwrap_or(Value::Null);
    let at = AttrPath::attr("rule").then(Step::Attr("object_ownership".to_owned()));
    out.claim(instance, &KIND, Key::new([bucket])).set_at("object_ownership", said, at);
}

/// The controls of a bucket that has some.
pub(in crate::providers::aws) fn fact(bucket: &str, answer: &Node, account: &Account) -> Fact {
    let ownership = answer.child("Rule").and_then(|rule| rule.text_of("ObjectOwnership"));
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([bucket]))
        .with("object_ownership", ownership.map_or(Value::Null, Value::from));
    fact.vendor_made = (ownership == Some(DEFAULT)).then(|| "the default of new buckets".to_owned());
    fact.import_id = Some(bucket.to_owned());
    fact
}
