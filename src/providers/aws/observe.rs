//! Reads whole accounts: one connection for each provider configuration, each account once.

use super::account::Account;
use super::auth::Surroundings;
use super::client::{AwsClient, ConnectError};
use super::seen::Seen;
use super::{credentials, iam, privilege, s3};
use crate::http::Options;
use crate::model::{Gap, Hides, Observation, Problem, ProviderUse, Scope};
use crate::providers::{Ask, Used};
use std::collections::BTreeMap;

/// Observes the accounts behind every provider configuration.
///
/// # Errors
/// When no account can be asked: no credentials, or accounts that nothing declared belongs to.
pub(super) async fn observe(ask: &Ask) -> Result<Observation, Problem> {
    let mut observation = Observation::default();
    for (client, meant_by) in connect(ask, &mut observation.gaps).await? {
        let before = observation.gaps.len();
        let seen = account(&client, ask).await;
        observation.facts.extend(seen.facts);
        observation.gaps.extend(seen.gaps);
        observation.scopes.push(Scope {
            system: "aws".to_owned(),
            id: seen.account.id.clone(),
            identity: seen.account.caller.clone(),
            facts: observation.facts.iter().filter(|fact| fact.scope == seen.account.id).count(),
            requests: client.requests(),
            complete: observation.gaps.len() == before,
            meant_by,
        });
    }
    Ok(observation)
}

/// A client for each account that something declared belongs to, with the provider configurations that mean it.
async fn connect(ask: &Ask, gaps: &mut Vec<Gap>) -> Result<Vec<(AwsClient, Vec<ProviderUse>)>, Problem> {
    let surroundings = Surroundings::of_process();
    let options = Options { ca_file: ask.ca_file.clone(), per_host: ask.jobs.max(1), ..Options::default() };
    let options = options.within(ask.timeout);
    let own = [Used::default()];
    let configurations = if ask.configurations.is_empty() { &own } else { ask.configurations.as_slice() };
    let mut clients: BTreeMap<String, (AwsClient, Vec<ProviderUse>)> = BTreeMap::new();
    let mut strangers = Vec::new();
    let mut failed = None;
    for used in configurations {
        ask.report("asking AWS who we are");
        let client = match AwsClient::connect(used.block.as_deref(), &surroundings, &options).await {
            Ok(client) => client,
            Err(ConnectError::Problem(problem)) => return Err(problem),
            Err(ConnectError::Unresolved { setting, text, place }) => {
                // What the environment gives may be the very account that the block means: its number tells.
                let other = AwsClient::connect(None, &surroundings, &options).await;
                match other {
                    Ok(client) if used.accounts.contains(&client.caller().account) => client,
                    other => {
                        gaps.push(unresolved(&setting, &text, &place));
                        match other {
                            Ok(client) => strangers.push(client.caller().account.clone()),
                            Err(ConnectError::Problem(problem)) => failed = failed.or(Some(problem)),
                            Err(ConnectError::Unresolved { .. }) => {}
                        }
                        continue;
                    }
                }
            }
        };
        let account = client.caller().account.clone();
        // Where nothing recorded names an account, Terraform goes where the configuration leads, and so do we.
        if used.accounts.is_empty() || used.accounts.contains(&account) {
            clients.entry(account).or_insert((client, Vec::new())).1.push(used.of.clone());
        } else {
            gaps.push(other_account(used, &account));
            strangers.push(account);
        }
    }
    // Nobody was asked: then nothing at all can be said, and a list of gaps would look like an outcome.
    if clients.is_empty() && !ask.claimed_scopes.is_empty() {
        if let Some(stranger) = strangers.first() {
            return Err(wrong_account(stranger, &ask.claimed_scopes));
        }
        if let Some(problem) = failed {
            return Err(problem);
        }
    }
    Ok(clients.into_values().collect())
}

fn wrong_account(stranger: &str, declared: &[String]) -> Problem {
    Problem::new(format!(
        "wrong account: the credentials are those of account `{stranger}`, and what is declared lives in `{}`",
        declared.join("`, `")
    ))
    .help("use credentials of the account that the state belongs to, for example with `AWS_PROFILE`")
}

/// Credentials that lead elsewhere than to where the things of their configuration live.
fn other_account(used: &Used, stranger: &str) -> Gap {
    let place = used.block.as_ref().map_or_else(|| "the environment".to_owned(), |block| block.place.clone());
    Gap {
        code: "wrong_account".into(),
        system: "aws".to_owned(),
        scope: None,
        hides: Hides::Unread(format!("what lives in account `{}`", used.accounts.join("`, `"))),
        reason: format!("the credentials of {place} are those of account `{stranger}`"),
        hint: "use credentials of that account".to_owned(),
        location: None,
    }
}

fn unresolved(setting: &str, text: &str, place: &str) -> Gap {
    Gap {
        code: "provider_unresolved".into(),
        system: "aws".to_owned(),
        scope: None,
        hides: Hides::Unread(format!("the account behind the provider block at {place}")),
        reason: format!(
            "`{setting}` is `{text}`, which is not followed yet, and the environment's own credentials are not those of an account that is declared"
        ),
        hint: "run with credentials of that account in the environment".to_owned(),
        location: None,
    }
}

/// Reads one account; what depends on nothing else is read at once.
async fn account(client: &AwsClient, ask: &Ask) -> Seen {
    let account = Account {
        id: client.caller().account.as_str().into(),
        partition: client.partition().id.to_owned(),
        caller: client.caller().arn.clone(),
    };
    let (mut seen, providers, settings, buckets) = tokio::join!(
        iam::details(client, account.clone(), ask),
        iam::identity_providers(client, account.clone(), ask),
        iam::account_settings(client, account.clone(), ask),
        s3::buckets(client, account.clone(), ask),
    );
    let credentials = credentials::read(client, account, ask, &seen).await;
    for part in [providers, settings, buckets, credentials] {
        seen.merge(part);
    }
    privilege::spread(&mut seen.facts);
    seen
}
