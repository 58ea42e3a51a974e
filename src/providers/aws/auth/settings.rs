//! What the provider block, the variables and the shared files come to, in the order in which the Terraform provider
//! for AWS looks at them.
//!
//! Credentials (rules of `hashicorp/aws-sdk-go-base`, `aws_config.go` and `credentials.go`, and of the chain in
//! `aws-sdk-go-v2` `config/resolve_credentials.go`): keys in the block; else a profile that the block names; else keys
//! in variables; else a web identity in variables; else the profile of `AWS_PROFILE` or `default`. Where the profile
//! gives none: the container's, then the instance's. `assume_role_with_web_identity` replaces all but keys in the block;
//! the roles of `assume_role` are then taken on one after the other.

use super::block::Block;
use super::files::{Files, service_setting};
use super::roles::{Role, Token, WebIdentity};
use super::{ConnectError, Surroundings};
use crate::model::Problem;
use crate::providers::aws::endpoints::{Endpoints, Service, is_region};
use aws_config::profile::ProfileSet;
use aws_credential_types::Credentials;
use std::path::PathBuf;
use url::Url;

/// Where credentials come from before any role is taken on.
#[derive(Debug, Clone)]
pub(super) enum Root {
    Fixed(Credentials),
    WebIdentity(WebIdentity),
    /// Profile, then container, then instance.
    Chain,
}

/// Everything that decides as whom and whom we ask.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) region: String,
    pub(crate) sts_region: String,
    pub(crate) endpoints: Endpoints,
    pub(crate) ca_file: Option<PathBuf>,
    /// Requests at most for one question.
    pub(crate) max_attempts: Option<u32>,
    pub(super) allowed_accounts: Vec<String>,
    pub(super) forbidden_accounts: Vec<String>,
    pub(super) root: Root,
    pub(super) roles: Vec<Role>,
    pub(super) files: Files,
    /// Whether the instance's metadata service may be asked.
    pub(super) instance_metadata: bool,
    pub(super) metadata_endpoint: Option<String>,
    /// `path:line` of the block, for problems.
    pub(super) place: String,
}

impl Settings {
    /// Whether only some accounts may be read.
    pub(crate) fn guards_accounts(&self) -> bool {
        !self.allowed_accounts.is_empty() || !self.forbidden_accounts.is_empty()
    }
}

pub(super) fn read(
    block: &Block<'_>,
    place: &str,
    files: Files,
    profiles: &ProfileSet,
    surroundings: &Surroundings,
) -> Result<Settings, ConnectError> {
    let region = region(block, profiles, surroundings);
    let flag = |argument: &str, variable: &str, key: &str| {
        let outside = || surroundings.variable(variable).or_else(|| profiles.get(key).map(str::to_owned));
        block.known_flag(argument).unwrap_or_else(|| outside().is_some_and(|text| text.eq_ignore_ascii_case("true")))
    };
    let ca_file = block
        .known_text("custom_ca_bundle")
        .or_else(|| surroundings.variable("AWS_CA_BUNDLE"))
        .or_else(|| profiles.get("ca_bundle").map(str::to_owned));
    let max_attempts = block
        .known_text("max_retries")
        .or_else(|| surroundings.variable("AWS_MAX_ATTEMPTS"))
        .or_else(|| profiles.get("max_attempts").map(str::to_owned));
    let style = |name| block.known_flag(name).unwrap_or(false);
    Ok(Settings {
        sts_region: block.known_text("sts_region").filter(|r| is_region(r)).unwrap_or_else(|| region.clone()),
        region,
        endpoints: Endpoints {
            overrides: overrides(block, profiles, surroundings)?,
            fips: flag("use_fips_endpoint", "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            dual_stack: flag("use_dualstack_endpoint", "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
            // The second name is of version 3 of the provider.
            path_style: style("s3_use_path_style") || style("s3_force_path_style"),
        },
        ca_file: ca_file.map(|path| surroundings.expand(&path).into()),
        // The provider hands `max_retries` to its SDK as the number of attempts.
        max_attempts: max_attempts.and_then(|text| text.parse().ok()),
        // A guard that nobody can read guards nothing; a wrong account still shows by what the claims speak of.
        allowed_accounts: block.texts("allowed_account_ids").unwrap_or_default(),
        forbidden_accounts: block.texts("forbidden_account_ids").unwrap_or_default(),
        root: root(block, surroundings)?,
        roles: roles(block)?,
        files,
        instance_metadata: !block.known_flag("skip_metadata_api_check").unwrap_or(false),
        metadata_endpoint: block.text("ec2_metadata_service_endpoint")?,
        place: place.to_owned(),
    })
}

fn region(block: &Block<'_>, profiles: &ProfileSet, surroundings: &Surroundings) -> String {
    block
        .known_text("region")
        .or_else(|| surroundings.variable("AWS_REGION"))
        .or_else(|| surroundings.variable("AWS_DEFAULT_REGION"))
        .or_else(|| profiles.get("region").map(str::to_owned))
        .filter(|region| is_region(region))
        .unwrap_or_else(|| "us-east-1".to_owned())
}

fn root(block: &Block<'_>, surroundings: &Surroundings) -> Result<Root, ConnectError> {
    let (key, secret, token) = (block.text("access_key")?, block.text("secret_key")?, block.text("token")?);
    match (key, secret, token) {
        (Some(key), Some(secret), token) => {
            return Ok(Root::Fixed(Credentials::new(key, secret, token, None, "provider block")));
        }
        (None, None, None) => {}
        _ => {
            return Err(ConnectError::Problem(
                Problem::new("the provider block holds a part of static credentials")
                    .help("set both `access_key` and `secret_key`, or none of them and no `token`"),
            ));
        }
    }
    if let Some(web) = block.blocks("assume_role_with_web_identity")?.first() {
        return Ok(Root::WebIdentity(WebIdentity::read(web, surroundings)?));
    }
    if block.text("profile")?.is_some() {
        return Ok(Root::Chain);
    }
    if let Some(credentials) = keys_in_variables(surroundings) {
        return Ok(Root::Fixed(credentials));
    }
    if let Some(file) = surroundings.variable("AWS_WEB_IDENTITY_TOKEN_FILE") {
        let Some(arn) = surroundings.variable("AWS_ROLE_ARN") else {
            return Err(ConnectError::Problem(
                Problem::new("`AWS_WEB_IDENTITY_TOKEN_FILE` is set and `AWS_ROLE_ARN` is not").help("set both or none"),
            ));
        };
        let mut role = Role::new(arn);
        role.session_name = surroundings.variable("AWS_ROLE_SESSION_NAME").unwrap_or(role.session_name);
        return Ok(Root::WebIdentity(WebIdentity { role, token: Token::File(surroundings.expand(&file)) }));
    }
    Ok(Root::Chain)
}

/// Both spellings that the provider's SDK knows.
fn keys_in_variables(surroundings: &Surroundings) -> Option<Credentials> {
    let either = |a, b| surroundings.variable(a).or_else(|| surroundings.variable(b));
    let key = either("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY")?;
    let secret = either("AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY")?;
    Some(Credentials::new(key, secret, surroundings.variable("AWS_SESSION_TOKEN"), None, "environment"))
}

/// A single `assume_role` block without `role_arn` is ignored, as the provider does; among several it is an error.
fn roles(block: &Block<'_>) -> Result<Vec<Role>, ConnectError> {
    let blocks = block.blocks("assume_role")?;
    let mut roles = Vec::new();
    for nested in &blocks {
        match Role::read(nested)? {
            Some(role) => roles.push(role),
            None if blocks.len() == 1 => {}
            None => {
                let problem = Problem::new("one of several `assume_role` blocks has no `role_arn`");
                return Err(ConnectError::Problem(problem.help("set its `role_arn`, or remove the block")));
            }
        }
    }
    Ok(roles)
}

fn overrides(
    block: &Block<'_>,
    profiles: &ProfileSet,
    surroundings: &Surroundings,
) -> Result<Vec<(Service, Url)>, ConnectError> {
    let blocks = block.blocks("endpoints")?;
    let ignored = surroundings
        .variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
        .or_else(|| profiles.get("ignore_configured_endpoint_urls").map(str::to_owned))
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let mut overrides = Vec::new();
    for service in Service::ALL {
        let mut given = None;
        for nested in &blocks {
            for name in names_in_block(service) {
                given = given.or(nested.text(name)?);
            }
        }
        let upper = service.id().to_uppercase();
        let short = upper.replace('_', "");
        let outside = || {
            surroundings
                .variable(&format!("TF_AWS_{short}_ENDPOINT"))
                .or_else(|| surroundings.variable(&format!("AWS_{short}_ENDPOINT")))
                .or_else(|| configured(profiles, surroundings, service, &upper).filter(|_| !ignored))
        };
        if let Some(text) = given.or_else(outside) {
            overrides.push((service, endpoint(service, &text)?));
        }
    }
    Ok(overrides)
}

/// What an `endpoints` block calls a service, its aliases included.
fn names_in_block(service: Service) -> &'static [&'static str] {
    match service {
        Service::Iam => &["iam"],
        Service::Sts => &["sts"],
        Service::S3 => &["s3", "s3api"],
        Service::S3Control => &["s3control"],
    }
}

/// The order of all AWS SDKs: variable of the service, variable for all, profile for the service, profile for all.
fn configured(profiles: &ProfileSet, surroundings: &Surroundings, service: Service, upper: &str) -> Option<String> {
    surroundings
        .variable(&format!("AWS_ENDPOINT_URL_{upper}"))
        .or_else(|| surroundings.variable("AWS_ENDPOINT_URL"))
        .or_else(|| service_setting(profiles, service.id(), "endpoint_url"))
        .or_else(|| profiles.get("endpoint_url").map(str::to_owned))
}

fn endpoint(service: Service, text: &str) -> Result<Url, ConnectError> {
    let problem = |why: String| {
        let message = format!("the endpoint `{text}` for {} cannot be used: {why}", service.id());
        ConnectError::Problem(Problem::new(message).help("give an address such as `https://host:port`"))
    };
    let url = Url::parse(text).map_err(|e| problem(e.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(problem("it is no `http` or `https` address".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(problem("it has more than a host and a path".to_owned()));
    }
    Ok(url)
}
