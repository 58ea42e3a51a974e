//! As whom, and whom, we ask: what the Terraform provider would make of the `provider` block, the variables and the
//! shared files.

mod block;
mod chain;
mod files;
mod roles;
mod settings;
pub(crate) mod source;
#[cfg(test)]
mod tests;

use crate::http::{Error, Kind};
use crate::model::Problem;
use crate::model::ProviderConfiguration;
use aws_types::os_shim_internal::{Env, Fs};
use block::Block;
use files::Files;
use settings::Root;
pub(crate) use settings::Settings;
use std::fmt;

/// Why nobody can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ConnectError {
    /// A setting that decides as whom or whom we ask has a value that is not known. With another one we would look at
    /// the wrong account and take its things for drift, so nothing is asked.
    Unresolved {
        /// As in the block, for example `assume_role.role_arn`.
        setting: String,
        /// Its expression.
        text: String,
        /// `path:line` of the block.
        place: String,
    },
    Problem(Problem),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::Unresolved { setting, text, place } => {
                write!(f, "{place}: the value of `{setting}` is not known: `{text}`")
            }
            ConnectError::Problem(problem) => problem.fmt(f),
        }
    }
}

impl std::error::Error for ConnectError {}

/// Variables and files that settings are read from.
#[derive(Clone)]
pub(super) struct Surroundings {
    env: Env,
    fs: Fs,
}

impl fmt::Debug for Surroundings {
    // Variables hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Surroundings")
    }
}

impl Surroundings {
    /// Those of this process.
    pub(super) fn of_process() -> Self {
        Surroundings { env: Env::real(), fs: Fs::real() }
    }

    /// Made up, for tests: these variables and files and no others.
    #[cfg(test)]
    pub(crate) fn made_up(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Self {
        Surroundings { env: Env::from_slice(variables), fs: Fs::from_slice(files) }
    }

    /// Made-up variables over the real files, which `aws-config` cannot do without.
    #[cfg(test)]
    pub(crate) fn made_up_variables(variables: &[(&str, &str)]) -> Self {
        Surroundings { env: Env::from_slice(variables), fs: Fs::real() }
    }

    /// A variable that is set and not empty.
    fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).ok().filter(|value| !value.is_empty())
    }

    /// A path with `~/` and the provider's `$HOME` at its beginning replaced.
    fn expand(&self, path: &str) -> String {
        let rest = ["~/", "$HOME/", "${HOME}/"].iter().find_map(|prefix| path.strip_prefix(prefix));
        match (rest, self.variable("HOME")) {
            (Some(rest), Some(home)) => format!("{}/{rest}", home.trim_end_matches('/')),
            _ => path.to_owned(),
        }
    }
}

/// Variables that name credentials, or where they are.
const NAMING: [&str; 7] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
];

/// Whether variables or the usual files name credentials. That the machine may have a role of its own names nothing.
pub(super) fn in_environment(surroundings: &Surroundings) -> bool {
    let file = |path: &str| std::path::Path::new(&surroundings.expand(path)).is_file();
    NAMING.iter().any(|name| surroundings.variable(name).is_some())
        || file("~/.aws/credentials")
        || file("~/.aws/config")
}

/// Reads everything that decides as whom and whom we ask. Nothing is sent.
pub(crate) async fn settings(
    configuration: Option<&ProviderConfiguration>,
    surroundings: &Surroundings,
) -> Result<Settings, ConnectError> {
    let block = Block::new(configuration);
    let place = configuration.map_or("", |c| c.place.as_str());
    let read = async {
        let files = Files::choose(&block, surroundings)?;
        let profiles = files.load(surroundings).await?;
        settings::read(&block, place, files, &profiles, surroundings)
    };
    read.await.map_err(|error| match error {
        ConnectError::Problem(problem) => ConnectError::Problem(located(problem, place)),
        unresolved => unresolved,
    })
}

/// A first question that failed, as one problem with its way out.
pub(crate) fn problem(settings: &Settings, error: Error) -> ConnectError {
    let problem = match error.kind {
        Kind::Credentials if error.words == source::NONE_FOUND => {
            Problem::new("no AWS credentials found").help(where_looked(settings))
        }
        Kind::Credentials if error.operation == source::FINDING => {
            Problem::new(format!("cannot get AWS credentials: {}", error.words)).help(where_looked(settings))
        }
        Kind::Credentials => Problem::new(format!("AWS credentials cannot be used: {error}"))
            .help("check which ones are in use with `aws sts get-caller-identity`, and the machine's clock"),
        Kind::Denied => Problem::new(format!("AWS refuses these credentials: {error}"))
            .help("check the role's trust policy and the permission to assume it"),
        Kind::Connection | Kind::Timeout => Problem::new(format!("AWS cannot be reached: {error}"))
            .help("check the network, the proxy variables, `AWS_CA_BUNDLE` and any endpoint override"),
        _ => Problem::new(format!("AWS cannot be asked who we are: {error}"))
            .help("check any endpoint override and proxy in between"),
    };
    ConnectError::Problem(located(problem, &settings.place))
}

/// # Errors
/// When the account is not one that the configuration lets be worked on.
pub(crate) fn check_account(settings: &Settings, account: &str) -> Result<(), ConnectError> {
    let is = |ids: &[String]| ids.iter().any(|id| id == account);
    let rule = if is(&settings.forbidden_accounts) {
        format!("`forbidden_account_ids` names it: {}", settings.forbidden_accounts.join(", "))
    } else if !settings.allowed_accounts.is_empty() && !is(&settings.allowed_accounts) {
        format!("`allowed_account_ids` has only {}", settings.allowed_accounts.join(", "))
    } else {
        return Ok(());
    };
    let problem = Problem::new(format!("the credentials found are for AWS account {account}, and {rule}"))
        .help("use credentials for the account that this configuration is about");
    Err(ConnectError::Problem(located(problem, &settings.place)))
}

fn located(problem: Problem, place: &str) -> Problem {
    if place.is_empty() || problem.place.is_some() { problem } else { problem.at(place) }
}

fn where_looked(settings: &Settings) -> String {
    let mut looked = vec!["`access_key` in the provider block".to_owned()];
    let block_names_profile = settings.files.named_by.is_some_and(|by| !by.starts_with("AWS_"));
    if matches!(settings.root, Root::Chain) && !block_names_profile {
        looked.push("`AWS_ACCESS_KEY_ID`".to_owned());
        looked.push("`AWS_WEB_IDENTITY_TOKEN_FILE`".to_owned());
    }
    let files = match settings.files.named.as_slice() {
        [] => "the shared AWS files".to_owned(),
        named => named.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", "),
    };
    looked.push(format!("profile `{}` in {files}", settings.files.profile));
    looked.push("the container's credentials".to_owned());
    if settings.instance_metadata {
        looked.push("the instance's metadata service".to_owned());
    }
    format!("looked at {}; set one of them, or `AWS_PROFILE` to another profile", looked.join(", "))
}

/// An error and what it comes from, each only once.
fn in_words(error: &dyn std::error::Error) -> String {
    let mut words = vec![error.to_string()];
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if !words.iter().any(|known| known.contains(&text)) {
            words.push(text);
        }
        source = inner.source();
    }
    words.join(": ")
}
