//! How things of AWS are taken away past Terraform, and how they are written as resource blocks. The commands are those of
//! the AWS command line interface (AWS CLI Command Reference, `iam` and `s3api`); values follow a `=`, so that none can be
//! taken for an option.

use super::kinds::{
    access_key, attachment, group, inline_policy, instance_profile, login_profile, membership, oidc_provider, policy,
    role, s3_bucket_acl, s3_bucket_policy, saml_provider, user,
};
use crate::providers::remedy::Argument::{Named, Nowhere, Only};
use crate::providers::remedy::{Argument, Call, Remedy};

const OF_ROLE: &[(&str, Argument)] = &[("principal_type", Nowhere), ("principal", Named("role"))];
const OF_USER: &[(&str, Argument)] = &[("principal_type", Nowhere), ("principal", Named("user"))];
const OF_GROUP: &[(&str, Argument)] = &[("principal_type", Nowhere), ("principal", Named("group"))];

/// One row for each sort of thing.
pub(super) static ROWS: &[Remedy] = &[
    Remedy {
        disable: &[Call::Shell(
            "aws iam attach-user-policy --user-name={name} --policy-arn=arn:aws:iam::aws:policy/AWSDenyAll",
        )],
        delete: &[
            Call::Shell(
                "aws iam detach-user-policy --user-name={name} --policy-arn=arn:aws:iam::aws:policy/AWSDenyAll",
            ),
            Call::Shell("aws iam delete-user --user-name={name}"),
        ],
        before: Some("its credentials, policies and memberships have to be gone before it can be deleted"),
        ..Remedy::of(&user::KIND)
    },
    Remedy {
        disable: &[Call::Shell(
            "aws iam attach-role-policy --role-name={name} --policy-arn=arn:aws:iam::aws:policy/AWSDenyAll",
        )],
        delete: &[
            Call::Shell(
                "aws iam detach-role-policy --role-name={name} --policy-arn=arn:aws:iam::aws:policy/AWSDenyAll",
            ),
            Call::Shell("aws iam delete-role --role-name={name}"),
        ],
        before: Some("its policies have to be gone, and instance profiles to let go of it, before it can be deleted"),
        ..Remedy::of(&role::KIND)
    },
    Remedy {
        delete: &[Call::Shell("aws iam delete-group --group-name={name}")],
        before: Some("its members and policies have to be gone before it can be deleted"),
        ..Remedy::of(&group::KIND)
    },
    Remedy {
        arguments: &[("group", Only("groups"))],
        delete: &[Call::Shell("aws iam remove-user-from-group --user-name={user} --group-name={group}")],
        exclusive: Some("aws_iam_group_membership"),
        ..Remedy::of(&membership::KIND)
    },
    Remedy {
        delete: &[Call::Shell("aws iam delete-policy --policy-arn={import_id}")],
        before: Some("it has to be detached everywhere, and its older versions deleted, before it can be deleted"),
        ..Remedy::of(&policy::KIND)
    },
    Remedy {
        when: Some(("principal_type", "role")),
        arguments: OF_ROLE,
        delete: &[Call::Shell("aws iam detach-role-policy --role-name={principal} --policy-arn={policy_arn}")],
        exclusive: Some("aws_iam_role_policy_attachments_exclusive"),
        ..Remedy::of(&attachment::KIND)
    },
    Remedy {
        when: Some(("principal_type", "user")),
        arguments: OF_USER,
        delete: &[Call::Shell("aws iam detach-user-policy --user-name={principal} --policy-arn={policy_arn}")],
        exclusive: Some("aws_iam_user_policy_attachments_exclusive"),
        ..Remedy::of(&attachment::KIND)
    },
    Remedy {
        when: Some(("principal_type", "group")),
        arguments: OF_GROUP,
        delete: &[Call::Shell("aws iam detach-group-policy --group-name={principal} --policy-arn={policy_arn}")],
        exclusive: Some("aws_iam_group_policy_attachments_exclusive"),
        ..Remedy::of(&attachment::KIND)
    },
    Remedy {
        when: Some(("principal_type", "role")),
        arguments: OF_ROLE,
        delete: &[Call::Shell("aws iam delete-role-policy --role-name={principal} --policy-name={name}")],
        exclusive: Some("aws_iam_role_policies_exclusive"),
        ..Remedy::of(&inline_policy::KIND)
    },
    Remedy {
        when: Some(("principal_type", "user")),
        arguments: OF_USER,
        delete: &[Call::Shell("aws iam delete-user-policy --user-name={principal} --policy-name={name}")],
        exclusive: Some("aws_iam_user_policies_exclusive"),
        ..Remedy::of(&inline_policy::KIND)
    },
    Remedy {
        when: Some(("principal_type", "group")),
        arguments: OF_GROUP,
        delete: &[Call::Shell("aws iam delete-group-policy --group-name={principal} --policy-name={name}")],
        exclusive: Some("aws_iam_group_policies_exclusive"),
        ..Remedy::of(&inline_policy::KIND)
    },
    Remedy {
        arguments: &[("id", Nowhere)],
        disable: &[Call::Shell("aws iam update-access-key --user-name={user} --access-key-id={id} --status=Inactive")],
        delete: &[Call::Shell("aws iam delete-access-key --user-name={user} --access-key-id={id}")],
        ..Remedy::of(&access_key::KIND)
    },
    Remedy {
        delete: &[Call::Shell("aws iam delete-login-profile --user-name={user}")],
        ..Remedy::of(&login_profile::KIND)
    },
    Remedy {
        disable: &[Call::Shell(
            "aws iam remove-role-from-instance-profile --instance-profile-name={name} --role-name={role}",
        )],
        delete: &[Call::Shell("aws iam delete-instance-profile --instance-profile-name={name}")],
        before: Some("instances that run with it lose their credentials"),
        ..Remedy::of(&instance_profile::KIND)
    },
    Remedy {
        delete: &[Call::Shell("aws iam delete-open-id-connect-provider --open-id-connect-provider-arn={import_id}")],
        before: Some("whoever signs in through it is locked out"),
        ..Remedy::of(&oidc_provider::KIND)
    },
    Remedy {
        delete: &[Call::Shell("aws iam delete-saml-provider --saml-provider-arn={import_id}")],
        before: Some("whoever signs in through it is locked out"),
        ..Remedy::of(&saml_provider::KIND)
    },
    Remedy {
        delete: &[Call::Shell("aws s3api delete-bucket-policy --bucket={bucket}")],
        ..Remedy::of(&s3_bucket_policy::KIND)
    },
    Remedy {
        arguments: &[("grants", Nowhere)],
        delete: &[Call::Shell("aws s3api put-bucket-acl --bucket={bucket} --acl=private")],
        ..Remedy::of(&s3_bucket_acl::KIND)
    },
];
