//! Reads who has passwords and access keys: the credential report first, single users only where it leaves something
//! open.
//!
//! IAM makes a new report when the last one is older than four hours (IAM user guide, "Get credential reports"), so it
//! may not show what was made since. Small accounts close that by asking after every user; in large ones it is a gap,
//! unless every user is asked after on request.

use super::account::Account;
use super::client::AwsClient;
use super::endpoints::Service;
use super::iam::{claimed_users, users};
use super::kinds::{access_key, login_profile, user};
use super::seen::Seen;
use crate::http::{Error, Kind as Failure};
use crate::model::{Gap, Hides, Kind};
use crate::providers::Ask;
use aws_smithy_types::base64;
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Users of an account that is small enough to ask after each of them when the report is old.
const SMALL: usize = 200;

/// Times that an unfinished report is asked for again, with a second between.
const REPORT_ATTEMPTS: usize = 60;

/// How the report names the root user.
const ROOT: &str = "<root_account>";

static KINDS: [&Kind; 2] = [&access_key::KIND, &login_profile::KIND];

/// What the report says of one user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Reported {
    password: bool,
    keys: bool,
}

/// A credential report.
struct Report {
    /// When IAM made it.
    made: Option<Timestamp>,
    /// Whether IAM began to make it when it was asked for here: then it shows everything.
    made_now: bool,
    /// Access keys of the root user, by their number in the report.
    root_keys: Vec<u8>,
    users: BTreeMap<String, Reported>,
}

/// Access keys and login profiles of the users that `seen` holds.
pub(super) async fn read(client: &AwsClient, account: Account, ask: &Ask, seen: &Seen) -> Seen {
    let mut out = Seen::new(account.clone());
    if !ask.wants(&KINDS) {
        return out;
    }
    let started = Timestamp::now();
    ask.report("reading the credential report");
    let report = match report(client).await {
        Ok(report) => report,
        Err(error) => {
            out.lost(&error, &KINDS, &[]);
            return out;
        }
    };
    let mut everybody: BTreeSet<_> = users(seen).into_iter().collect();
    let all_known = !seen.gaps.iter().any(|gap| gap.hides_some_of(&user::KIND));
    if !all_known {
        everybody.extend(report.users.keys().cloned());
    }
    // Clocks agree well enough: AWS refuses requests that are signed more than five minutes off its own.
    let fresh = report.made_now || report.made.is_some_and(|made| made >= started);
    let ask_all = ask.fresh_credentials || (!fresh && everybody.len() <= SMALL);
    // Nobody can be asked after who was made since the report and did not show in the listing.
    let complete = fresh || (ask_all && all_known);
    if !complete {
        out.gaps.push(stale(&report, &out.account));
    }
    let open = Open::of(&report, &everybody, ask, ask_all);
    read_keys(client, ask, &open.keys, &mut out).await;
    read_passwords(client, ask, &open.passwords, &mut out).await;
    out.add(report.root_keys.iter().map(|number| access_key::of_root(*number, &account)).collect::<Vec<_>>());
    for user in &open.sure_of_password {
        let fact = login_profile::fact(user, &out.account);
        out.add([fact]);
    }
    out
}

/// Whom to ask after, one by one.
struct Open {
    keys: BTreeSet<String>,
    passwords: BTreeSet<String>,
    /// The report says so and somebody declares it: nothing is left to ask.
    sure_of_password: BTreeSet<String>,
}

impl Open {
    fn of(report: &Report, everybody: &BTreeSet<String>, ask: &Ask, ask_all: bool) -> Self {
        let claimed_keys: BTreeSet<_> = claimed_users(ask, &access_key::KIND).into_iter().collect();
        let claimed_passwords: BTreeSet<_> = claimed_users(ask, &login_profile::KIND).into_iter().collect();
        let mut open = Open { keys: claimed_keys, passwords: BTreeSet::new(), sure_of_password: BTreeSet::new() };
        for user in everybody {
            let Some(reported) = report.users.get(user).filter(|_| !ask_all) else {
                // Made since the report, or everybody is asked after.
                open.keys.insert(user.clone());
                open.passwords.insert(user.clone());
                continue;
            };
            if reported.keys {
                open.keys.insert(user.clone());
            }
            match (reported.password, claimed_passwords.contains(user)) {
                (true, true) => drop(open.sure_of_password.insert(user.clone())),
                // The report and the declaration disagree: the report may be old, so ask.
                (true, false) | (false, true) => drop(open.passwords.insert(user.clone())),
                (false, false) => {}
            }
        }
        open
    }
}

async fn read_keys(client: &AwsClient, ask: &Ask, users: &BTreeSet<String>, out: &mut Seen) {
    if !ask.wants(&[&access_key::KIND]) {
        return;
    }
    let answers = stream::iter(users.clone())
        .map(|user| async move {
            let mut pages = Vec::new();
            let listing =
                client.paged(Service::Iam, "ListAccessKeys", &[("UserName", &user)], |page| pages.push(page)).await;
            // A user who is not there any more has no keys.
            (user, pages, listing.error.filter(|_| !listing.absent))
        })
        .buffer_unordered(ask.jobs.max(1));
    let mut answers = std::pin::pin!(answers);
    let mut lost = Vec::new();
    while let Some((user, pages, error)) = answers.next().await {
        ask.report(&format!("reading access keys of {user}"));
        for page in &pages {
            let facts: Vec<_> =
                page.members("AccessKeyMetadata").filter_map(|entry| access_key::fact(entry, &out.account)).collect();
            out.add(facts);
        }
        lost.extend(error.map(|error| (user, error)));
    }
    out.lost_each(users.len(), lost, &access_key::KIND, "user");
}

async fn read_passwords(client: &AwsClient, ask: &Ask, users: &BTreeSet<String>, out: &mut Seen) {
    if !ask.wants(&[&login_profile::KIND]) {
        return;
    }
    let answers = stream::iter(users.clone())
        .map(|user| async move {
            let answer = client.query(Service::Iam, "GetLoginProfile", &[("UserName", &user)]).await;
            (user, answer)
        })
        .buffer_unordered(ask.jobs.max(1));
    let mut answers = std::pin::pin!(answers);
    let mut lost = Vec::new();
    while let Some((user, answer)) = answers.next().await {
        ask.report(&format!("reading the login profile of {user}"));
        match answer {
            Ok(Some(_)) => {
                let fact = login_profile::fact(&user, &out.account);
                out.add([fact]);
            }
            Ok(None) => {}
            Err(error) => lost.push((user, error)),
        }
    }
    out.lost_each(users.len(), lost, &login_profile::KIND, "user");
}

/// Has a report made and reads it.
async fn report(client: &AwsClient) -> Result<Report, Error> {
    let mut made_now = false;
    for _ in 0..REPORT_ATTEMPTS {
        let answer = client.query(Service::Iam, "GenerateCredentialReport", &[]).await?;
        let state = answer.as_ref().and_then(|answer| answer.text_of("State"));
        made_now |= state == Some("STARTED");
        if state == Some("COMPLETE") {
            let operation = "iam:GetCredentialReport";
            let garbage = |words: &str| Error::new(Failure::Garbage, operation, words);
            let answer = client.query(Service::Iam, "GetCredentialReport", &[]).await?;
            let answer = answer.ok_or_else(|| garbage("there is no report"))?;
            let content = answer.text_of("Content").ok_or_else(|| garbage("the answer has no content"))?;
            let table = base64::decode(content.trim()).map_err(|_| garbage("the content is not base64"))?;
            let made = answer.text_of("GeneratedTime").and_then(|time| time.parse().ok());
            let (users, root_keys) = parse(&table).map_err(|why| garbage(&why))?;
            return Ok(Report { made, made_now, root_keys, users });
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(Error::new(Failure::Timeout, "iam:GenerateCredentialReport", "the report was not finished within a minute"))
}

/// Users in the report's CSV, and the numbers of the root user's active keys: the root user is no IAM user.
fn parse(table: &[u8]) -> Result<(BTreeMap<String, Reported>, Vec<u8>), String> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(table);
    let headers = rows.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name).ok_or(format!("no column `{name}`"));
    let (user, password) = (column("user")?, column("password_enabled")?);
    let keys = ["access_key_1_active", "access_key_1_last_rotated", "access_key_2_active", "access_key_2_last_rotated"];
    let keys = keys.map(column).into_iter().collect::<Result<Vec<_>, _>>()?;
    let (mut users, mut root_keys) = (BTreeMap::new(), Vec::new());
    for row in rows.records() {
        let row = row.map_err(|error| error.to_string())?;
        // Names may hold commas: such a row does not tell what belongs to whom. Its user counts as not reported, and is
        // asked after alone; nobody else is lost by it.
        if row.len() != headers.len() {
            continue;
        }
        let name = row.get(user).unwrap_or_default();
        if name == ROOT {
            let active = |at: usize| row.get(at) == Some("true");
            root_keys
                .extend([(1, keys[0]), (2, keys[2])].iter().filter(|(_, at)| active(*at)).map(|(number, _)| *number));
            continue;
        }
        let there = |at: &usize| !matches!(row.get(*at), None | Some("" | "false" | "N/A" | "not_supported"));
        let reported = Reported { password: row.get(password) == Some("true"), keys: keys.iter().any(there) };
        users.insert(name.to_owned(), reported);
    }
    Ok((users, root_keys))
}

fn stale(report: &Report, account: &Account) -> Gap {
    let made = report.made.map_or_else(|| "at an unknown time".to_owned(), |made| format!("at {made}"));
    Gap {
        code: "stale_credential_report".into(),
        system: "aws".to_owned(),
        scope: Some(account.id.clone()),
        hides: Hides::Facts { kinds: KINDS.to_vec(), fixed: Vec::new() },
        reason: format!("the credential report was made {made}; what was made since does not show in it"),
        hint: "run with `--fresh-credentials` to ask after every user, or four hours after that time".to_owned(),
        location: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inactive_key_shows_by_the_time_it_was_made() {
        let table = "user,password_enabled,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n\
            <root_account>,not_supported,true,N/A,false,N/A\n\
            alice,true,false,N/A,false,N/A\n\
            ci,false,false,2024-05-01T00:00:00+00:00,false,N/A\n";
        let (users, root_keys) = parse(table.as_bytes()).expect("a report");
        assert_eq!(root_keys, [1]);
        assert_eq!(users["alice"], Reported { password: true, keys: false });
        assert_eq!(users["ci"], Reported { password: false, keys: true });
        assert_eq!(users.len(), 2);
        assert!(parse(b"user\nalice\n").is_err());
    }

    #[test]
    fn a_name_with_a_comma_takes_nobody_elses_place() {
        let table = "user,password_enabled,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated\n\
            alice,true,false,N/A,false,N/A\n\
            alice,false,true,false,N/A,false,N/A\n";
        let users = parse(table.as_bytes()).expect("a report");
        assert_eq!(
            users.0.into_iter().collect::<Vec<_>>(),
            [("alice".to_owned(), Reported { password: true, keys: false })]
        );
    }
}
