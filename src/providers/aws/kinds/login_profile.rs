//! Login profiles: IAM users who may enter the console with a password.

use super::shared::key_text;
use super::user;
use crate::model::{Claims, Class, Fact, Instance, Key, Kind};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;

pub static KIND: Kind = Kind {
    id: "aws/iam/login_profile",
    noun: "login profile",
    title: "console password of user `{user}`",
    class: Class::Credential,
    key: &["user"],
    properties: &[],
    declared_by: &["aws_iam_user_login_profile"],
    about: "That a user has a console password, from the credential report or GetLoginProfile. The password is never \
            read. `password_reset_required` matters only when the profile is made and is not compared.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_user_login_profile",
    claims,
    kinds: &[&KIND],
    secrets: &["password", "encrypted_password", "key_fingerprint", "pgp_key"],
    fills_in: &["password_reset_required"],
    about: "declares that one user has a console password",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(user) = key_text(instance, "user", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new([user]));
}

/// The login profile of a user who has one.
pub(in crate::providers::aws) fn fact(name: &str, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new([name]));
    fact.import_id = Some(name.to_owned());
    fact.holder = Some((&user::KIND, Key::new([name])));
    fact
}
