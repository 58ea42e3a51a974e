//! One row of a table that Terraform keeps: what the `pg` backend stores for a workspace.

use super::queries::STATE;
use super::session::{OpenError, Session};
use super::settings::Settings;
use crate::http::{Error, Kind};
use crate::model::{Problem, ProviderConfiguration};
use std::path::Path;
use std::time::Duration;

/// A state that is to be read.
pub struct Stored<'a> {
    pub schema: &'a str,
    /// The workspace.
    pub name: &'a str,
    pub ca_file: Option<&'a Path>,
    pub timeout: Option<Duration>,
}

/// Why a state was not read.
pub enum NoRow {
    /// A setting says what is not done here; in words.
    Undecided(String),
    Problem(Problem),
}

/// The state, by the settings of a `provider` block, and `host:port` of the server; `None` when there is no such row or
/// no such table.
///
/// # Errors
/// When the server cannot be reached, does not take the credentials, or refuses.
pub async fn stored(
    stored: &Stored<'_>,
    block: &ProviderConfiguration,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(Option<Vec<u8>>, String), NoRow> {
    let mut settings = Settings::read(Some(block), variable)
        .map_err(|undecided| NoRow::Undecided(format!("`{}` {}", undecided.setting, undecided.why)))?;
    settings.schema = Some(stored.schema.to_owned());
    let server = settings.server();
    let opened = Session::open(&settings, &settings.database, stored.ca_file, stored.timeout).await;
    let session = opened.map_err(|error| match error {
        OpenError::Problem(problem) => NoRow::Problem(problem),
        OpenError::Failed(error) => NoRow::Problem(refused(&server, &error)),
    })?;
    let mut found: Option<String> = None;
    let asked = session
        .each_of(&STATE, Some(stored.name), |row| {
            found = row.try_get(0)?;
            Ok(())
        })
        .await;
    session.close().await;
    match asked {
        Ok(()) => Ok((found.filter(|text| !text.is_empty()).map(String::into_bytes), server)),
        // No such table, or no such schema to look for it in.
        Err(error) if error.code.as_deref() == Some("42P01") => Ok((None, server)),
        Err(error) => Err(NoRow::Problem(refused(&server, &error))),
    }
}

fn refused(server: &str, error: &Error) -> Problem {
    let problem = Problem::new(format!("the state cannot be read from the PostgreSQL server `{server}`: {error}"));
    problem.help(match error.kind {
        Kind::Credentials => "correct user and password in `conn_str`, `PG_CONN_STR`, `PGUSER` and `PGPASSWORD`",
        Kind::Denied => "grant the role `USAGE` on the schema and `SELECT` on its table `states`",
        Kind::Connection | Kind::Timeout => "check `conn_str`, its `sslmode` and the network",
        _ => "try again, or give the state with `--state`",
    })
}
