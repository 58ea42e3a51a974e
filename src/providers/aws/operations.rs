//! Everything that is ever asked of AWS, in one table: the gate's allow-list and the permission policy are made from it.

use super::endpoints::Service;
use crate::http::{Allowed, Body, Shape};
use std::collections::BTreeSet;

/// One read operation.
#[derive(Debug)]
pub struct Operation {
    pub service: Service,
    /// As AWS's API reference names it.
    pub name: &'static str,
    pub ask: How,
    /// Elements or fields of the answer: without any of them it is none, however well-formed.
    pub holds: &'static [&'static str],
    /// IAM permissions that it needs; none for what everybody may ask.
    pub permissions: &'static [&'static str],
    /// What driftline learns from it.
    pub feeds: &'static str,
}

/// How it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The query protocol, with the operation's name as `Action`.
    Action,
    /// `GET` on a bucket with this sub-resource in the query. The answer's root element; empty for a JSON document.
    Bucket { subresource: &'static str, root: &'static str },
    /// `GET` on a service with these query keys.
    Get { path: &'static str, required: &'static [&'static str], optional: &'static [&'static str] },
}

const fn iam(
    name: &'static str,
    holds: &'static [&'static str],
    permissions: &'static [&'static str],
    feeds: &'static str,
) -> Operation {
    Operation { service: Service::Iam, name, ask: How::Action, holds, permissions, feeds }
}

const fn bucket(
    name: &'static str,
    subresource: &'static str,
    root: &'static str,
    holds: &'static [&'static str],
    permissions: &'static [&'static str],
    feeds: &'static str,
) -> Operation {
    Operation { service: Service::S3, name, ask: How::Bucket { subresource, root }, holds, permissions, feeds }
}

/// The switches of a block of public access.
const SWITCHES: &[&str] = &["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

/// Path of the account-wide block of public access in S3 Control.
pub const ACCOUNT_PUBLIC_ACCESS_BLOCK: &str = "/v20180820/configuration/publicAccessBlock";

/// All of them.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        service: Service::Sts,
        name: "GetCallerIdentity",
        ask: How::Action,
        holds: &["Account"],
        permissions: &[],
        feeds: "the account, and as whom it knows us",
    },
    iam(
        "GetAccountAuthorizationDetails",
        &["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"],
        &["iam:GetAccountAuthorizationDetails"],
        "users, groups, roles, customer policies, inline policies, attachments, memberships, boundaries, tags",
    ),
    iam("ListRoles", &["Roles"], &["iam:ListRoles"], "descriptions and longest sessions of roles"),
    iam(
        "ListInstanceProfiles",
        &["InstanceProfiles"],
        &["iam:ListInstanceProfiles"],
        "instance profiles, also those without a role",
    ),
    iam(
        "GenerateCredentialReport",
        &["State"],
        &["iam:GenerateCredentialReport"],
        "makes AWS write the credential report",
    ),
    iam(
        "GetCredentialReport",
        &["Content"],
        &["iam:GetCredentialReport"],
        "who has a password, access keys, MFA, and their last use",
    ),
    iam("ListAccessKeys", &["AccessKeyMetadata"], &["iam:ListAccessKeys"], "ids of access keys"),
    iam(
        "GetLoginProfile",
        &["LoginProfile"],
        &["iam:GetLoginProfile"],
        "whether a user has a console password to be reset",
    ),
    iam(
        "ListOpenIDConnectProviders",
        &["OpenIDConnectProviderList"],
        &["iam:ListOpenIDConnectProviders"],
        "OpenID Connect providers",
    ),
    iam(
        "GetOpenIDConnectProvider",
        &["ClientIDList"],
        &["iam:GetOpenIDConnectProvider"],
        "their audiences and thumbprints",
    ),
    iam("ListSAMLProviders", &["SAMLProviderList"], &["iam:ListSAMLProviders"], "SAML providers"),
    iam("GetSAMLProvider", &["SAMLMetadataDocument"], &["iam:GetSAMLProvider"], "their metadata"),
    iam(
        "GetAccountPasswordPolicy",
        &["PasswordPolicy"],
        &["iam:GetAccountPasswordPolicy"],
        "the account's password rules",
    ),
    iam("ListAccountAliases", &["AccountAliases"], &["iam:ListAccountAliases"], "the account's alias"),
    Operation {
        service: Service::S3,
        name: "ListBuckets",
        // Only with a parameter does the answer name each bucket's region.
        ask: How::Get { path: "/", required: &["max-buckets"], optional: &["continuation-token"] },
        holds: &["Buckets"],
        permissions: &["s3:ListAllMyBuckets"],
        feeds: "buckets and their regions",
    },
    bucket("GetBucketPolicy", "policy", "", &["Statement"], &["s3:GetBucketPolicy"], "bucket policies"),
    bucket(
        "GetPublicAccessBlock",
        "publicAccessBlock",
        "PublicAccessBlockConfiguration",
        SWITCHES,
        &["s3:GetBucketPublicAccessBlock"],
        "blocks of public access on buckets",
    ),
    bucket(
        "GetBucketAcl",
        "acl",
        "AccessControlPolicy",
        &["AccessControlList"],
        &["s3:GetBucketAcl"],
        "grants in access control lists of buckets",
    ),
    bucket(
        "GetBucketOwnershipControls",
        "ownershipControls",
        "OwnershipControls",
        &["Rule"],
        &["s3:GetBucketOwnershipControls"],
        "whether a bucket's access control list counts at all",
    ),
    Operation {
        service: Service::S3Control,
        name: "GetPublicAccessBlock",
        ask: How::Get { path: ACCOUNT_PUBLIC_ACCESS_BLOCK, required: &[], optional: &[] },
        holds: SWITCHES,
        permissions: &["s3:GetAccountPublicAccessBlock"],
        feeds: "the account's block of public access",
    },
];

impl Operation {
    /// The operation as errors name it, for example `iam:ListRoles`.
    pub fn title(&self) -> String {
        self.service.title(self.name)
    }

    fn allowed(&'static self) -> Allowed {
        let get =
            |paths, required, optional| Shape::Rest { method: "GET", paths, required, optional, body: Body::Empty };
        let shape = match &self.ask {
            How::Action => Shape::Query { action: self.name, version: self.service.version() },
            // The bucket stands in the host or in the path.
            How::Bucket { subresource, .. } => get(&["/", "/{}"], std::slice::from_ref(subresource), &[]),
            How::Get { path, required, optional } => get(std::slice::from_ref(path), required, optional),
        };
        Allowed { operation: self.name, shape }
    }
}

/// What the answer to an operation holds, by the title that errors name it by; nothing for one that is not listed.
pub fn holds(title: &str) -> &'static [&'static str] {
    let listed = OPERATIONS.iter().find(|operation| operation.title() == title);
    listed.map_or(&[], |operation| operation.holds)
}

/// The allow-list for reading.
pub fn allowed() -> impl Iterator<Item = Allowed> {
    OPERATIONS.iter().map(Operation::allowed)
}

/// What may leave while a state is read from a bucket, and through another gate than reading the account.
pub const READING_A_STATE: &[Allowed] = &[
    Allowed {
        operation: "sts:GetCallerIdentity",
        shape: Shape::Query { action: "GetCallerIdentity", version: "2011-06-15" },
    },
    Allowed {
        operation: "s3:GetObject",
        shape: Shape::Rest { method: "GET", paths: &["/**"], required: &[], optional: &[], body: Body::Empty },
    },
];

/// What may leave while credentials are being found, and through another gate than reading.
pub const FINDING_CREDENTIALS: &[Allowed] = &[
    Allowed { operation: "sts:AssumeRole", shape: Shape::Query { action: "AssumeRole", version: "2011-06-15" } },
    Allowed {
        operation: "sts:AssumeRoleWithWebIdentity",
        shape: Shape::Query { action: "AssumeRoleWithWebIdentity", version: "2011-06-15" },
    },
    Allowed {
        operation: "sso:GetRoleCredentials",
        shape: Shape::Rest {
            method: "GET",
            paths: &["/federation/credentials"],
            required: &["role_name", "account_id"],
            optional: &[],
            body: Body::Empty,
        },
    },
    Allowed {
        operation: "sso-oidc:CreateToken",
        shape: Shape::Rest { method: "POST", paths: &["/token"], required: &[], optional: &[], body: Body::Json },
    },
    Allowed {
        operation: "instance metadata token",
        shape: Shape::Rest {
            method: "PUT",
            paths: &["/latest/api/token"],
            required: &[],
            optional: &[],
            body: Body::Empty,
        },
    },
    // Container credentials come from whatever path a variable names; aws-config restricts the hosts.
    Allowed {
        operation: "instance metadata or container credentials",
        shape: Shape::Rest { method: "GET", paths: &["/**"], required: &[], optional: &["*"], body: Body::Empty },
    },
];

/// The least IAM policy that all operations need, as pretty JSON.
pub fn permission_policy() -> String {
    let actions: BTreeSet<&str> = OPERATIONS.iter().flat_map(|o| o.permissions).copied().collect();
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "DriftlineReads", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    });
    format!("{policy:#}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_only_reads() {
        for operation in OPERATIONS {
            // Generating the report is the one verb that is no plain read; AWS itself lists it under access level Read.
            let reads = ["Get", "List"].iter().any(|verb| operation.name.starts_with(verb));
            assert!(reads || operation.name == "GenerateCredentialReport", "{}", operation.name);
        }
    }

    #[test]
    fn the_policy_names_each_permission_once() {
        let policy: serde_json::Value = serde_json::from_str(&permission_policy()).unwrap();
        let actions = policy["Statement"][0]["Action"].as_array().unwrap();
        let of = |service: &str| actions.iter().filter(|a| a.as_str().unwrap().starts_with(service)).count();
        assert_eq!((of("iam:"), of("s3:"), actions.len()), (13, 6, 19));
        assert!(actions.iter().all(|a| !a.as_str().unwrap().contains('*')));
    }
}
