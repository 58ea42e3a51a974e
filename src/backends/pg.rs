//! The `pg` backend: a row of a table for each workspace.
//!
//! Rules: `internal/backend/remote-state/pg` of Terraform 1.11, and the connection strings of its driver (lib/pq,
//! `connector.go`, `url.go`), which takes from the `PG…` variables what they do not say.

use super::settings::Settings;
use super::{Found, Sending, Unread};
use crate::model::{Problem, ProviderConfiguration, Setting, Value};
use crate::providers::postgres::{self, NoRow, Stored};
use std::collections::BTreeMap;
use url::Url;

const KNOWN: &[&str] =
    &["conn_str", "schema_name", "skip_index_creation", "skip_schema_creation", "skip_table_creation"];

/// Parts of a connection string that decide how to connect, with the provider's name for each.
const OF_PROVIDER: &[(&str, &str)] = &[
    ("connect_timeout", "connect_timeout"),
    ("dbname", "database"),
    ("host", "host"),
    ("password", "password"),
    ("port", "port"),
    ("sslmode", "sslmode"),
    ("sslrootcert", "sslrootcert"),
    ("user", "username"),
];

/// Parts that lead elsewhere in ways that are not followed. All others are settings of the session.
const UNSUPPORTED: &[&str] = &["hostaddr", "krbspn", "krbsrvname", "passfile", "service", "servicefile", "sslinline"];

/// The parts of a connection string. They may hold a password, so there is no `Debug`.
type Parts = BTreeMap<String, String>;

pub(super) async fn state(settings: &Settings<'_>, workspace: &str, sending: &Sending) -> Result<Found, Unread> {
    settings.refuse_others(|name| KNOWN.contains(&name))?;
    let schema = settings.text_or("schema_name", "PG_SCHEMA_NAME")?.unwrap_or("terraform_remote_state".to_owned());
    let text = settings.text_or("conn_str", "PG_CONN_STR")?.unwrap_or_default();
    let block = block(settings, parts(&text)?)?;
    let stored = Stored {
        schema: &schema,
        name: workspace,
        ca_file: sending.options.ca_file.as_deref(),
        timeout: Some(sending.options.timeout),
    };
    let answer = postgres::stored(&stored, &block, &|name| settings.variable(name)).await;
    let (bytes, server) = answer.map_err(|error| match error {
        NoRow::Undecided(why) => Unread::Unsupported(why),
        NoRow::Problem(problem) => Unread::Problem(problem),
    })?;
    Ok(Found { bytes, path: format!("pg://{server}/{schema}.states/{workspace}") })
}

/// The `provider` block that says the same.
fn block(settings: &Settings<'_>, mut parts: Parts) -> Result<ProviderConfiguration, Unread> {
    if let Some(name) = UNSUPPORTED.iter().find(|name| parts.contains_key(**name)) {
        return Err(Unread::Unsupported(format!("`{name}` stands in `conn_str`")));
    }
    if parts.get("host").is_some_and(|host| host.contains(',')) {
        return Err(Unread::Unsupported("`conn_str` names several hosts".to_owned()));
    }
    // The driver's defaults: the user who runs it, and the database of the user's name.
    let user = parts.remove("user").or_else(|| settings.variable("PGUSER")).or_else(|| settings.variable("USER"));
    let user = user.ok_or_else(|| Unread::Unsupported("`conn_str` names no user".to_owned()))?;
    let database = parts.remove("dbname").or_else(|| settings.variable("PGDATABASE")).unwrap_or_else(|| user.clone());
    parts.extend([("user".to_owned(), user), ("dbname".to_owned(), database)]);
    let known = |text: &String| Setting::Known(Value::String(text.clone()));
    let mut block = BTreeMap::new();
    for (own, of_provider) in OF_PROVIDER {
        block.extend(parts.get(*own).map(|text| ((*of_provider).to_owned(), known(text))));
    }
    if let (Some(certificate), Some(key)) = (parts.get("sslcert"), parts.get("sslkey")) {
        let pair = [("cert".to_owned(), known(certificate)), ("key".to_owned(), known(key))];
        block.insert("clientcert".to_owned(), Setting::Blocks(vec![pair.into()]));
    }
    Ok(ProviderConfiguration {
        place: settings.place().to_owned(),
        settings: block,
        ..ProviderConfiguration::default()
    })
}

/// The parts of a connection string in either form; none of an empty one.
fn parts(text: &str) -> Result<Parts, Unread> {
    // Not shown: it may hold a password.
    let wrong = || {
        Unread::Problem(Problem::new("`conn_str` cannot be read").help("write it as `postgres://user@host/database`"))
    };
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        of_address(text).ok_or_else(wrong)
    } else {
        of_pairs(text).ok_or_else(wrong)
    }
}

fn of_address(text: &str) -> Option<Parts> {
    let url = Url::parse(text).ok()?;
    let decoded = |text: &str| Some(percent_encoding::percent_decode_str(text).decode_utf8().ok()?.into_owned());
    let mut parts = Parts::new();
    let own = [
        ("user", decoded(url.username())?),
        ("password", decoded(url.password().unwrap_or_default())?),
        ("host", decoded(url.host_str().unwrap_or_default())?.trim_matches(['[', ']']).to_owned()),
        ("port", url.port().map(|port| port.to_string()).unwrap_or_default()),
        ("dbname", decoded(url.path().trim_start_matches('/'))?),
    ];
    parts.extend(own.into_iter().filter(|(_, part)| !part.is_empty()).map(|(name, part)| (name.to_owned(), part)));
    parts.extend(url.query_pairs().map(|(name, part)| (name.into_owned(), part.into_owned())));
    Some(parts)
}

/// `name=value` pairs, with values in quotes where they hold spaces, and a backslash before a character taken as it is.
fn of_pairs(text: &str) -> Option<Parts> {
    let mut parts = Parts::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (quoted, after) = after.strip_prefix('\'').map_or((false, after), |inside| (true, inside));
        let (mut value, mut end) = (String::new(), None);
        let mut characters = after.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => value.push(characters.next()?.1),
                '\'' if quoted => {
                    end = Some(at + 1);
                    break;
                }
                space if !quoted && space.is_whitespace() => {
                    end = Some(at);
                    break;
                }
                other => value.push(other),
            }
        }
        if quoted && end.is_none() {
            return None;
        }
        parts.insert(name.trim().to_owned(), value);
        rest = after.get(end.unwrap_or(after.len())..)?.trim_start();
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, String)>> {
        parts(text).ok().map(|parts| parts.into_iter().collect())
    }

    fn pairs(pairs: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(pairs.iter().map(|(name, part)| ((*name).to_owned(), (*part).to_owned())).collect())
    }

    #[test]
    fn connection_strings_of_both_forms() {
        let whole = [("dbname", "tf"), ("host", "db"), ("password", "p@ 's"), ("port", "5433"), ("user", "me")];
        assert_eq!(read("postgres://me:p%40%20%27s@db:5433/tf"), pairs(&whole));
        assert_eq!(read(r"host=db port = 5433 user=me dbname=tf password='p@ \'s'"), pairs(&whole));
        assert_eq!(
            read("postgres:///tf?sslmode=disable&host=/run"),
            pairs(&[("dbname", "tf"), ("host", "/run"), ("sslmode", "disable")])
        );
        assert_eq!(read("postgres://[::1]/"), pairs(&[("host", "::1")]));
        assert_eq!(read(r"password=a\ b"), pairs(&[("password", "a b")]));
        assert_eq!(read(""), pairs(&[]));
        for wrong in ["host", "password='x", r"password=x\", "postgres://a:b:c:d/"] {
            let Err(Unread::Problem(problem)) = parts(wrong) else { panic!("{wrong}") };
            assert_eq!(problem.message, "`conn_str` cannot be read");
        }
    }
}
