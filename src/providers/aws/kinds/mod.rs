//! The kinds of AWS, one file each: what it is, which resource types claim it, how it is read. This file is their table.

pub mod access_key;
pub mod account_alias;
pub mod attachment;
pub mod group;
pub mod inline_policy;
pub mod instance_profile;
pub mod login_profile;
pub mod membership;
pub mod oidc_provider;
pub mod password_policy;
pub mod policy;
pub mod role;
pub mod s3_account_public_access_block;
pub mod s3_bucket_acl;
pub mod s3_bucket_policy;
pub mod s3_ownership_controls;
pub mod s3_public_access_block;
pub mod saml_provider;
mod shared;
pub mod user;

pub(super) use shared::{Holder, account_in};

use crate::model::Kind;
use crate::providers::ResourceType;

/// Every kind, in the order in which help shows them.
pub static KINDS: &[&Kind] = &[
    &user::KIND,
    &group::KIND,
    &membership::KIND,
    &role::KIND,
    &policy::KIND,
    &inline_policy::KIND,
    &attachment::KIND,
    &instance_profile::KIND,
    &access_key::KIND,
    &login_profile::KIND,
    &oidc_provider::KIND,
    &saml_provider::KIND,
    &password_policy::KIND,
    &account_alias::KIND,
    &s3_bucket_policy::KIND,
    &s3_public_access_block::KIND,
    &s3_account_public_access_block::KIND,
    &s3_bucket_acl::KIND,
    &s3_ownership_controls::KIND,
];

/// The resource types of each kind's file.
pub static TYPES: &[&[ResourceType]] = &[
    user::TYPES,
    group::TYPES,
    membership::TYPES,
    role::TYPES,
    policy::TYPES,
    inline_policy::TYPES,
    attachment::TYPES,
    instance_profile::TYPES,
    access_key::TYPES,
    login_profile::TYPES,
    oidc_provider::TYPES,
    saml_provider::TYPES,
    password_policy::TYPES,
    account_alias::TYPES,
    s3_bucket_policy::TYPES,
    s3_public_access_block::TYPES,
    s3_account_public_access_block::TYPES,
    s3_bucket_acl::TYPES,
    s3_ownership_controls::TYPES,
];

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn several_of_a_kind_have_a_name() {
        let nouns: Vec<_> = KINDS.iter().map(|kind| kind.nouns()).collect();
        for name in ["IAM users", "inline policies", "access keys", "account aliases", "bucket ownership controls"] {
            assert!(nouns.iter().any(|noun| noun == name), "{name} is not among {nouns:?}");
        }
    }
}
