//! The public access block of the whole account.

use super::s3_public_access_block::{FLAGS, read_flags};
use super::shared::owned;
use crate::model::{Claims, Class, Fact, Instance, Key, Kind};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/s3/account_public_access_block",
    noun: "account public access block",
    title: "public access block of the account",
    class: Class::Setting,
    key: &[],
    properties: FLAGS,
    declared_by: &["aws_s3_account_public_access_block"],
    about: "The four switches that keep every bucket of the account from being public, from GetPublicAccessBlock of the \
            S3 control API.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_s3_account_public_access_block",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &["account_id"],
    about: "declares the public access block of the account",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let names: Vec<_> = FLAGS.iter().map(|p| p.name).collect();
    let claim = out.claim(instance, &KIND, Key::new::<String>([])).copy(instance, &names);
    claim.scope = owned(instance.attributes.text("account_id")).map(Into::into);
}

/// The block of an account that has one.
pub(in crate::providers::aws) fn fact(answer: &Node, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new::<String>([]));
    if read_flags(answer, &mut fact) {
        fact.vendor_made = Some("everything public is blocked".to_owned());
    }
    fact.import_id = Some(account.id.to_string());
    fact
}
