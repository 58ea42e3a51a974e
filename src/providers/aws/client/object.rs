//! One object of S3, read as the Terraform provider would find credentials: what the `s3` backend keeps.

use super::exchange::{Content, Question};
use super::{AwsClient, ConnectError};
use crate::http::{Error, Kind, Options, Policy};
use crate::model::{Problem, ProviderConfiguration};
use crate::providers::aws::auth::{self, Surroundings};
use crate::providers::aws::operations::READING_A_STATE;

/// An object that is to be read. A header may be a key, so there is no `Debug`.
pub struct Stored<'a> {
    pub bucket: &'a str,
    pub key: &'a str,
    pub headers: &'a [(&'static str, String)],
}

/// Why an object was not read.
pub enum NoObject {
    /// A setting has a value that is not known; its name.
    Unresolved(String),
    Problem(Problem),
}

impl From<ConnectError> for NoObject {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Unresolved { setting, .. } => NoObject::Unresolved(setting),
            ConnectError::Problem(problem) => NoObject::Problem(problem),
        }
    }
}

/// Reads an object by the settings of a `provider` block; `None` when there is no such object. Nothing else is asked, not
/// even who we are, unless the settings name accounts that may be read.
///
/// # Errors
/// When there are no credentials, the account is another, S3 refuses, cannot be reached, or there is no such bucket.
pub async fn stored(
    stored: &Stored<'_>,
    configuration: &ProviderConfiguration,
    options: &Options,
    policy: Policy,
) -> Result<Option<Vec<u8>>, NoObject> {
    let surroundings = Surroundings::of_process();
    let settings = auth::settings(Some(configuration), &surroundings).await?;
    let allowed = READING_A_STATE.iter().copied();
    let mut client = AwsClient::new(&settings, &surroundings, options, policy, allowed)?;
    if settings.guards_accounts() {
        client.introduce(&settings).await?;
    }
    let question = Question::Object { bucket: stored.bucket, key: stored.key, headers: stored.headers };
    match client.ask("s3:GetObject".to_owned(), question, &client.region).await {
        Ok((Content::Bytes(bytes), _)) => Ok(Some(bytes)),
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind, Kind::Credentials | Kind::Connection | Kind::Timeout) => {
            Err(auth::problem(&settings, error).into())
        }
        Err(error) => Err(NoObject::Problem(refused(stored, &error))),
    }
}

fn refused(stored: &Stored<'_>, error: &Error) -> Problem {
    let problem = Problem::new(format!("S3 does not give `{}` of bucket `{}`: {error}", stored.key, stored.bucket));
    problem.help(match error.code.as_deref() {
        Some("NoSuchBucket") => "correct the bucket's name, its region or the endpoint",
        // Who may not list a bucket is not told that an object is absent.
        _ if error.kind == Kind::Denied => {
            "allow `s3:GetObject` on it; without `s3:ListBucket` an object that does not exist is refused, too"
        }
        _ => "try again, or give the state with `--state`",
    })
}
