//! The `s3` backend: an object of a bucket for each workspace. Its settings are nearly those of the AWS provider, whose
//! own way to credentials and endpoints is taken.
//!
//! Rules: `internal/backend/remote-state/s3` of Terraform 1.11.

use super::settings::Settings;
use super::{Found, Sending, Unread};
use crate::model::{Problem, ProviderConfiguration};
use crate::providers::aws::{self, NoObject, Stored};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// Settings by which the AWS provider finds credentials and endpoints, with its name for each.
const OF_PROVIDER: &[(&str, &str)] = &[
    ("access_key", "access_key"),
    ("allowed_account_ids", "allowed_account_ids"),
    ("assume_role", "assume_role"),
    ("assume_role_with_web_identity", "assume_role_with_web_identity"),
    ("custom_ca_bundle", "custom_ca_bundle"),
    ("ec2_metadata_service_endpoint", "ec2_metadata_service_endpoint"),
    ("endpoints", "endpoints"),
    ("forbidden_account_ids", "forbidden_account_ids"),
    ("force_path_style", "s3_use_path_style"),
    ("max_retries", "max_retries"),
    ("profile", "profile"),
    ("region", "region"),
    ("secret_key", "secret_key"),
    ("shared_config_files", "shared_config_files"),
    ("shared_credentials_file", "shared_credentials_file"),
    ("shared_credentials_files", "shared_credentials_files"),
    ("skip_metadata_api_check", "skip_metadata_api_check"),
    ("sts_region", "sts_region"),
    ("token", "token"),
    ("use_dualstack_endpoint", "use_dualstack_endpoint"),
    ("use_fips_endpoint", "use_fips_endpoint"),
    ("use_path_style", "s3_use_path_style"),
];

/// Settings that change nothing of how an object is read: of locks, of writing, and checks that nothing here does.
const IRRELEVANT: &[&str] = &[
    "acl",
    "bucket",
    "dynamodb_endpoint",
    "dynamodb_table",
    "encrypt",
    "key",
    "kms_key_id",
    "lock_table",
    "retry_mode",
    "skip_credentials_validation",
    "skip_region_validation",
    "skip_requesting_account_id",
    "skip_s3_checksum",
    "sse_customer_key",
    "use_lockfile",
    "workspace_key_prefix",
];

pub(super) async fn state(settings: &Settings<'_>, workspace: &str, sending: &Sending) -> Result<Found, Unread> {
    let configuration = configuration(settings)?;
    let bucket = settings.needed("bucket")?;
    let key = key(settings, &settings.needed("key")?, workspace)?;
    if bucket.contains([':', '/']) {
        return Err(Unread::Unsupported("`bucket` names an access point".to_owned()));
    }
    let headers = customer_key(settings)?;
    let stored = Stored { bucket: &bucket, key: &key, headers: &headers };
    let bytes =
        aws::stored(&stored, &configuration, &sending.options, sending.policy).await.map_err(|error| match error {
            NoObject::Unresolved(setting) => Unread::Unsupported(format!("the value of `{setting}` is not known")),
            NoObject::Problem(problem) => Unread::Problem(problem),
        })?;
    Ok(Found { bytes: bytes.filter(|bytes| !bytes.is_empty()), path: format!("s3://{bucket}/{key}") })
}

/// The `provider` block that says the same.
fn configuration(settings: &Settings<'_>) -> Result<ProviderConfiguration, Unread> {
    let is_known = |name: &str| IRRELEVANT.contains(&name) || OF_PROVIDER.iter().any(|(own, _)| *own == name);
    settings.refuse_others(is_known)?;
    let mut block = BTreeMap::new();
    for (own, of_provider) in OF_PROVIDER {
        if let Some(setting) = settings.said(own) {
            block.insert((*of_provider).to_owned(), setting.clone());
        }
    }
    Ok(ProviderConfiguration {
        place: settings.place().to_owned(),
        settings: block,
        ..ProviderConfiguration::default()
    })
}

/// The object of a workspace (`backend_state.go`, `path`).
fn key(settings: &Settings<'_>, key: &str, workspace: &str) -> Result<String, Unread> {
    let key = match (workspace, settings.said("workspace_key_prefix")) {
        ("default", _) => key.to_owned(),
        (_, None) => format!("env:/{workspace}/{key}"),
        (_, Some(_)) => {
            let prefix = settings.text("workspace_key_prefix")?.unwrap_or_default();
            format!("{prefix}/{workspace}/{key}").trim_start_matches('/').to_owned()
        }
    };
    // Addresses give these another meaning on the way.
    if key.split('/').any(|part| matches!(part, "." | ".." | "")) {
        return Err(Unread::Unsupported("`key` is no plain path".to_owned()));
    }
    Ok(key)
}

/// The headers that S3 wants to decrypt with a key of the customer's own.
fn customer_key(settings: &Settings<'_>) -> Result<Vec<(&'static str, String)>, Unread> {
    use md5::Digest;
    let Some(key) = settings.text_or("sse_customer_key", "AWS_SSE_CUSTOMER_KEY")? else { return Ok(Vec::new()) };
    let bytes = STANDARD.decode(&key).ok().filter(|bytes| bytes.len() == 32).ok_or_else(|| {
        Problem::new("`sse_customer_key` is no key of 32 bytes in Base64").help("correct it, or `AWS_SSE_CUSTOMER_KEY`")
    })?;
    Ok(vec![
        ("x-amz-server-side-encryption-customer-algorithm", "AES256".to_owned()),
        ("x-amz-server-side-encryption-customer-key", key),
        ("x-amz-server-side-encryption-customer-key-md5", STANDARD.encode(md5::Md5::digest(&bytes))),
    ])
}
