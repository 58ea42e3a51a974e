//! Access keys of IAM users: that they exist and whether they work, never the secret.

use super::shared::{key_text, owned};
use super::user;
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Privilege, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/access_key",
    noun: "access key",
    title: "access key `{id}` of user `{user}`",
    class: Class::Credential,
    key: &["user", "id"],
    properties: &[Property { name: "status", compare: Compare::Default("Active"), weight: Weight::Credential }],
    declared_by: &["aws_iam_access_key"],
    about: "An access key of a user: its id and whether it is active. The credential report says which users have keys; \
            ListAccessKeys is asked for those and for users with declared keys. The secret is never read: AWS shows it \
            to nobody after the key was made.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_access_key",
    claims,
    kinds: &[&KIND],
    secrets: &[
        "secret",
        "encrypted_secret",
        "ses_smtp_password_v4",
        "encrypted_ses_smtp_password_v4",
        "key_fingerprint",
        "pgp_key",
    ],
    fills_in: &["status"],
    about: "declares one access key; says nothing of a second key of the user",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(user) = key_text(instance, "user", &KIND, out) else { return };
    let Some(id) = key_text(instance, "id", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([user, id])).copy(instance, &["status"]);
}

/// An active key of the account's root user, who may do everything and whom nothing can declare. The credential report
/// shows that it is there, and no API shows its id.
pub(in crate::providers::aws) fn of_root(number: u8, account: &Account) -> Fact {
    let key = Key::new(["the root user".to_owned(), format!("number {number}")]);
    let mut fact = Fact::new(&KIND, account.id.clone(), key).with("status", "Active");
    fact.privilege = Privilege::Admin("the root user may do everything, whatever policies say".to_owned());
    fact
}

/// The key that one entry of ListAccessKeys shows.
pub(in crate::providers::aws) fn fact(entry: &Node, account: &Account) -> Option<Fact> {
    let (name, id) = (entry.text_of("UserName")?, entry.text_of("AccessKeyId")?);
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name, id]))
        .with("status", Value::from(entry.text_of("Status").unwrap_or("Active")));
    fact.import_id = Some(id.to_owned());
    fact.created = owned(entry.text_of("CreateDate"));
    fact.holder = Some((&user::KIND, Key::new([name])));
    Some(fact)
}
