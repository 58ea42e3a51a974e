//! The account's password policy.

use crate::model::{Claims, Class, Compare, Fact, Instance, Key, Kind, Property, Value, Weight};
use crate::providers::ResourceType;
use crate::providers::aws::account::Account;
use crate::providers::aws::xml::Node;

pub static KIND: Kind = Kind {
    id: "aws/iam/password_policy",
    noun: "account password policy",
    title: "password policy of the account",
    class: Class::Setting,
    key: &[],
    properties: &[
        number("minimum_password_length", 6),
        number("max_password_age", 0),
        number("password_reuse_prevention", 0),
        flag("require_lowercase_characters"),
        flag("require_uppercase_characters"),
        flag("require_numbers"),
        flag("require_symbols"),
        flag("allow_users_to_change_password"),
        flag("hard_expiry"),
    ],
    declared_by: &["aws_iam_account_password_policy"],
    about: "The one password policy of the account, from GetAccountPasswordPolicy. `expire_passwords` follows from \
            `max_password_age`.",
};

pub static TYPES: &[ResourceType] = &[ResourceType {
    name: "aws_iam_account_password_policy",
    claims,
    kinds: &[&KIND],
    secrets: &[],
    fills_in: &[
        "allow_users_to_change_password",
        "hard_expiry",
        "max_password_age",
        "minimum_password_length",
        "password_reuse_prevention",
        "require_lowercase_characters",
        "require_numbers",
        "require_symbols",
        "require_uppercase_characters",
    ],
    about: "declares the account's one password policy",
}];

const fn number(name: &'static str, default: i64) -> Property {
    Property { name, compare: Compare::Number(default), weight: Weight::Guardrail }
}

const fn flag(name: &'static str) -> Property {
    Property { name, compare: Compare::Flag(false), weight: Weight::Guardrail }
}

/// Fields of the answer and the properties that they are.
static FIELDS: &[(&str, &str)] = &[
    ("MinimumPasswordLength", "minimum_password_length"),
    ("MaxPasswordAge", "max_password_age"),
    ("PasswordReusePrevention", "password_reuse_prevention"),
    ("RequireLowercaseCharacters", "require_lowercase_characters"),
    ("RequireUppercaseCharacters", "require_uppercase_characters"),
    ("RequireNumbers", "require_numbers"),
    ("RequireSymbols", "require_symbols"),
    ("AllowUsersToChangePassword", "allow_users_to_change_password"),
    ("HardExpiry", "hard_expiry"),
];

fn claims(instance: &Instance, out: &mut Claims) {
    let names: Vec<_> = KIND.properties.iter().map(|p| p.name).collect();
    out.claim(instance, &KIND, Key::new::<String>([])).copy(instance, &names);
}

/// The policy that an answer of GetAccountPasswordPolicy shows.
pub(in crate::providers::aws) fn fact(policy: &Node, account: &Account) -> Fact {
    let mut fact = Fact::new(&KIND, account.id.clone(), Key::new::<String>([]));
    for (field, property) in FIELDS {
        let value = match policy.text_of(field) {
            Some(flag @ ("true" | "false")) => Value::Bool(flag == "true"),
            Some(text) => text.parse::<i64>().map_or(Value::Null, Value::from),
            None => Value::Null,
        };
        fact.properties.insert(property, value);
    }
    fact.import_id = Some("iam-account-password-policy".to_owned());
    fact
}
