//! Bucket policies.

use super::shared::key_text;
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::policy::reading;
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;

pub static KIND: Kind = Kind {
    id: "aws/s3/bucket_policy",
    noun: "bucket policy",
    title: "policy of bucket `{bucket}`",
    class: Class::ResourcePolicy,
    key: &["bucket"],
    properties: &[Property { name: "policy", compare: Compare::PolicyDocument, weight: Weight::Access }],
    declared_by: &["aws_s3_bucket_policy"],
    about: "The policy document of a general-purpose bucket, from GetBucketPolicy. Directory buckets and the `policy` of \
            `aws_s3_bucket`, which current provider versions only read, are not covered.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_s3_bucket_policy",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    about: "declares the whole policy of one bucket",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(bucket) = key_text(instance, "bucket", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([bucket])).copy(instance, &["policy"]);
}

/// The policy of a bucket that has one.
pub(in crate::providers::aws) fn fact(bucket: &str, document: &str, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([bucket])).with("policy", Value::from(document));
    let foreign = reading::foreign_accounts(document, &account.id);
    fact.privilege = if reading::allows_everybody(document) {
        Privilege::Public("the bucket policy lets anybody in".to_owned())
    } else if let Some(other) = foreign.first() {
        Privilege::Some(format!("the bucket policy lets account `{other}` in"))
    } else {
        Privilege::None
    };
    fact.import_id = Some(bucket.to_owned());
    fact
}
