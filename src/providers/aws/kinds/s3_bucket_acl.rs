//! Access control lists of buckets.

use super::shared::key_text;
use crate::model::{
    AttrPath, Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Secret, Value, Weight,
};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/s3/bucket_acl",
    noun: "bucket ACL",
    title: "ACL of bucket `{bucket}`",
    class: Class::ResourcePolicy,
    key: &["bucket"],
    properties: &[Property { name: "grants", compare: Compare::Set, weight: Weight::Access }],
    declared_by: &["aws_s3_bucket_acl"],
    about: "The grants in a bucket's access control list, from GetBucketAcl, each as `PERMISSION grantee`. A list that \
            gives only the owner full control is what every bucket starts with, so nobody is expected to declare it.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_s3_bucket_acl",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["access_control_policy"],
    about: "declares the whole access control list of one bucket; the provider records the grants that a canned ACL \
            stands for",
}];

const EVERYBODY: [&str; 2] =
    ["http://acs.amazonaws.com/groups/global/AllUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(bucket) = key_text(instance, "bucket", &KIND, out) else { return };
    let grants = recorded_grants(instance.attributes.get("access_control_policy"));
    // A canned ACL is what people write; the grants are what the provider records for it.
    let said_by = if instance.configured.sets("acl") == Some(true) { "acl" } else { "access_control_policy" };
    out.claim(instance, &KIND, Key::new([bucket])).set_at("grants", grants, AttrPath::attr(said_by));
}

/// `access_control_policy { grant { grantee { id, uri, email_address } permission } }` as `PERMISSION grantee`.
fn recorded_grants(policy: Option<&Value>) -> Value {
    let Some(policy) = policy.filter(|p| !p.has_unknown()) else { return Value::Unknown };
    if policy.has_secret() {
        return Value::Secret(Secret::present());
    }
    let mut grants = Vec::new();
    for grant in policy.items().iter().flat_map(|p| p.get("grant").map(Value::items).unwrap_or_default()) {
        let grantee = grant.get("grantee").and_then(|g| g.items().first());
        let who = grantee.and_then(|g| g.text("uri").or_else(|| g.text("id")).or_else(|| g.text("email_address")));
        if let (Some(permission), Some(who)) = (grant.text("permission"), who) {
            grants.push(Value::String(format!("{permission} {who}")));
        }
    }
    Value::List(grants)
}

/// The list of a bucket.
pub(in crate::providers::aws) fn fact(bucket: &str, answer: &Node, account: &Account) -> Fact {
    let owner = answer.child("Owner").and_then(|o| o.text_of("ID")).unwrap_or_default();
    let mut grants = Vec::new();
    let mut public = None;
    for grant in answer.child("AccessControlList").into_iter().flat_map(|list| &list.children) {
        let grantee = grant.child("Grantee");
        let who =
            grantee.and_then(|g| g.text_of("URI").or_else(|| g.text_of("ID")).or_else(|| g.text_of("EmailAddress")));
        let (Some(permission), Some(who)) = (grant.text_of("Permission"), who) else { continue };
        if EVERYBODY.contains(&who) {
            public = Some(format!("the ACL gives `{permission}` to `{}`", who.rsplit('/').next().unwrap_or(who)));
        }
        grants.push(format!("{permission} {who}"));
    }
    let private = grants == [format!("FULL_CONTROL {owner}")];
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([bucket]))
        .with("grants", Value::List(grants.into_iter().map(Value::String).collect()));
    fact.vendor_made = private.then(|| "only the owner has access: the default of every bucket".to_owned());
    fact.privilege = public.map_or(Privilege::None, Privilege::Public);
    fact.import_id = Some(bucket.to_owned());
    fact
}
