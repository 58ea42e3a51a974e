//! The account's alias: the name in its sign-in address.

use super::shared::key_text;
use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;

pub static KIND: Kind = Kind {
    id: "aws/iam/account_alias",
    noun: "account alias",
    title: "alias of the account",
    class: Class::Setting,
    key: &[],
    properties: &[Property { name: "account_alias", compare: Compare::Exact, weight: Weight::Metadata }],
    declared_by: &["aws_iam_account_alias"],
    about: "The one alias of the account, from ListAccountAliases.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_account_alias",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[],
    about: "declares the account's one alias",
}];

fn claims(instance: &Instance, out: &mut Claims) {
    let Some(alias) = key_text(instance, "account_alias", &KIND, out) else { return };
    out.claim(instance, &KIND, Key::new::<String>([])).set("account_alias", Value::from(alias));
}

/// The alias of an account that has one.
pub(in crate::providers::aws) fn fact(alias: &str, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new::<String>([])).with("account_alias", alias);
    fact.import_id = Some(alias.to_owned());
    fact
}
