//! Bucket policies.

use super::s3_bucket_acl;
use super::shared::{key_text, strength_of};
use crate::model::{
    AttrPath, Claims, Class, Compare, Fact, Gap, Hides, Instance, Key, Kind, Privilege, Property, Strength, Value,
    Weight,
};
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
            access points are not covered.",
};

pub static TYPES: &[ResourceType] = &[
    ResourceType {
        name: "aws_s3_bucket_policy",
        claims,
        kinds: &[&KIND],
        secrets: &[],
        fills_in: &[],
        about: "declares the whole policy of one bucket",
    },
    ResourceType {
        name: "aws_s3_bucket",
        claims: bucket_claims,
        kinds: &[&KIND, &s3_bucket_acl::KIND],
        secrets: &[],
        fills_in: &["bucket", "acl", "grant", "policy"],
        about: "declares a bucket; its deprecated `policy`, where the source sets it, declares the bucket's policy, and its \
                deprecated `acl` and `grant` the bucket's ACL, which is then not compared",
    },
];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(bucket) = key_text(instance, "bucket", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([bucket])).copy(instance, &["policy"]);
}

/// The deprecated arguments of a bucket. They are optional and computed: the state keeps what was live at the last
/// refresh, so only the source tells whether anybody declared them (provider, `internal/service/s3/bucket.go`).
fn bucket_claims(instance: &Instance, out: &mut Claims) {
    let Some(bucket) = key_text(instance, "bucket", &KIND, out) else { return };
    if instance.attributes.text("policy").is_some()
        && let Some(strength) = strength_of(instance, "policy")
    {
        let claim = out.claim(instance, &KIND, Key::new([&bucket])).copy(instance, &["policy"]);
        claim.at(AttrPath::attr("policy")).strength(strength);
    }
    for argument in ["acl", "grant"] {
        let said = instance
            .attributes
            .get(argument)
            .is_some_and(|value| !value.is_null() && *value != Value::List(Vec::new()));
        if said && instance.configured.sets(argument) == Some(true) {
            let claim = out.claim(instance, &s3_bucket_acl::KIND, Key::new([&bucket]));
            claim.at(AttrPath::attr(argument)).strength(Strength::Listed);
            out.gaps.push(acl_not_compared(instance, argument));
        }
    }
}

fn acl_not_compared(instance: &Instance, argument: &str) -> Gap {
    Gap {
        code: "type_not_read".into(),
        system: "aws".to_owned(),
        scope: None,
        hides: Hides::Unread("what that ACL grants".to_owned()),
        reason: format!("`{}` declares an ACL by its deprecated `{argument}`, which is not read", instance.by.address),
        hint: "declare it with `aws_s3_bucket_acl`".to_owned(),
        location: None,
    }
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
