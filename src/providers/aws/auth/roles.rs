//! Roles that a `provider` block takes on, and the STS requests for them.

use super::block::Block;
use super::{ConnectError, Surroundings};
use crate::http::{Error, Kind};
use crate::model::Problem;
use crate::providers::aws::xml::Node;
use aws_credential_types::Credentials;
use std::fmt;

/// The arguments of an `assume_role` block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: String,
    external_id: Option<String>,
    source_identity: Option<String>,
    /// In seconds.
    duration: Option<u64>,
    policy: Option<String>,
    policy_arns: Vec<String>,
    tags: Vec<(String, String)>,
    transitive_tag_keys: Vec<String>,
}

/// An `assume_role_with_web_identity` block, or the same in variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) role: Role,
    pub(super) token: Token,
}

/// A web identity token.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Token {
    Text(String),
    /// A file that somebody keeps fresh: read each time.
    File(String),
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Text(_) => f.write_str("(sensitive)"),
            Token::File(path) => write!(f, "{path}"),
        }
    }
}

impl Role {
    pub(super) fn new(arn: String) -> Self {
        Role {
            arn,
            // As CloudTrail will show it, where nobody chose a name.
            session_name: "driftline".to_owned(),
            external_id: None,
            source_identity: None,
            duration: None,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive_tag_keys: Vec::new(),
        }
    }

    /// `None` for a block without `role_arn`. What decides who we are, or how much of it, must be known; names and
    /// labels of the session need not.
    pub(super) fn read(block: &Block<'_>) -> Result<Option<Self>, ConnectError> {
        let Some(arn) = block.text("role_arn")? else { return Ok(None) };
        let mut role = Role::new(arn);
        role.session_name = block.known_text("session_name").unwrap_or(role.session_name);
        role.external_id = block.text("external_id")?;
        role.source_identity = block.known_text("source_identity");
        role.duration = block
            .known_text("duration")
            .and_then(|text| seconds(&text))
            .or_else(|| block.known_text("duration_seconds")?.parse().ok());
        role.policy = block.text("policy")?;
        role.policy_arns = block.texts("policy_arns")?;
        role.tags = block.known_map("tags");
        role.transitive_tag_keys = block.texts("transitive_tag_keys").unwrap_or_default();
        Ok(Some(role))
    }

    /// The parameters of `AssumeRole` and, as far as it has them, of `AssumeRoleWithWebIdentity`.
    pub(super) fn params(&self) -> Vec<(String, String)> {
        let mut params =
            vec![("RoleArn".to_owned(), self.arn.clone()), ("RoleSessionName".to_owned(), self.session_name.clone())];
        let mut add = |name: String, value: Option<String>| params.extend(value.map(|value| (name, value)));
        add("ExternalId".to_owned(), self.external_id.clone());
        add("SourceIdentity".to_owned(), self.source_identity.clone());
        add("DurationSeconds".to_owned(), self.duration.map(|seconds| seconds.to_string()));
        add("Policy".to_owned(), self.policy.clone());
        for (n, arn) in (1..).zip(&self.policy_arns) {
            add(format!("PolicyArns.member.{n}.arn"), Some(arn.clone()));
        }
        for (n, (key, value)) in (1..).zip(&self.tags) {
            add(format!("Tags.member.{n}.Key"), Some(key.clone()));
            add(format!("Tags.member.{n}.Value"), Some(value.clone()));
        }
        for (n, key) in (1..).zip(&self.transitive_tag_keys) {
            add(format!("TransitiveTagKeys.member.{n}"), Some(key.clone()));
        }
        params
    }
}

impl WebIdentity {
    pub(super) fn read(block: &Block<'_>, surroundings: &Surroundings) -> Result<Self, ConnectError> {
        let problem = |message: &str, help: &str| ConnectError::Problem(Problem::new(message).help(help));
        let role = Role::read(block)?.ok_or_else(|| {
            problem("`assume_role_with_web_identity` has no `role_arn`", "set it, or remove the block")
        })?;
        let in_block = (block.text("web_identity_token")?, block.text("web_identity_token_file")?);
        let variables = || {
            let token = surroundings.variable("TF_AWS_WEB_IDENTITY_TOKEN");
            (token, surroundings.variable("AWS_WEB_IDENTITY_TOKEN_FILE"))
        };
        let token = match if in_block == (None, None) { variables() } else { in_block } {
            (Some(token), None) => Token::Text(token),
            (None, Some(file)) => Token::File(surroundings.expand(&file)),
            _ => {
                return Err(problem(
                    "`assume_role_with_web_identity` needs one token",
                    "set either `web_identity_token` or `web_identity_token_file`, or `AWS_WEB_IDENTITY_TOKEN_FILE`",
                ));
            }
        };
        Ok(WebIdentity { role, token })
    }
}

/// A duration as Go writes it (`1h30m`, `900s`), in whole seconds.
fn seconds(text: &str) -> Option<u64> {
    let mut total = 0.0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(end);
        let units = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
        let (unit, factor) = units.into_iter().find(|(unit, _)| tail.starts_with(unit))?;
        total += number.parse::<f64>().ok()? * factor;
        rest = tail.strip_prefix(unit)?;
    }
    // AWS takes no session longer than twelve hours; more is no duration that anybody meant.
    (1.0..=1e6).contains(&total).then_some(total as u64)
}

/// The credentials in an answer of STS.
///
/// # Errors
/// When a part of them is missing.
pub(super) fn credentials(answer: &Node, operation: &str) -> Result<Credentials, Error> {
    let part = |name: &str| answer.child("Credentials").and_then(|c| c.text_of(name)).filter(|text| !text.is_empty());
    let missing = || Error::new(Kind::Garbage, operation, "the answer holds no complete credentials");
    let expiry: jiff::Timestamp = part("Expiration").and_then(|text| text.parse().ok()).ok_or_else(missing)?;
    Ok(Credentials::new(
        part("AccessKeyId").ok_or_else(missing)?,
        part("SecretAccessKey").ok_or_else(missing)?,
        Some(part("SessionToken").ok_or_else(missing)?.to_owned()),
        Some(expiry.into()),
        "sts",
    ))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_as_go_writes_them() {
        for (text, expected) in [
            ("1h", Some(3600)),
            ("1h30m", Some(5400)),
            ("900s", Some(900)),
            ("0.5h", Some(1800)),
            ("1500ms", Some(1)),
            ("", None),
            ("1", None),
            ("x", None),
            ("99999999999h", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
