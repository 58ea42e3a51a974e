//! The one way to ask a server: a session that begins as read-only, and that sends nothing but queries of the table.

use super::passfile;
use super::queries::Query;
use super::settings::{Encryption, Settings};
use super::tls;
use crate::http::{Error, Kind};
use crate::model::Problem;
use futures_util::TryStreamExt;
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls, Row};

/// The usual wait for a connection; the provider's own would be three minutes.
const CONNECT: Duration = Duration::from_secs(30);

/// The usual wait for one answer.
const ANSWER: Duration = Duration::from_secs(300);

/// How long after the server should have given up by itself we do.
const GRACE: Duration = Duration::from_secs(5);

/// How long the end of a session may take.
const GOOD_BYE: Duration = Duration::from_secs(1);

/// Why nobody can be asked.
pub(super) enum OpenError {
    Problem(Problem),
    Failed(Error),
}

/// A session with one server.
pub(super) struct Session {
    client: Client,
    driver: JoinHandle<()>,
    answer: Duration,
}

impl Session {
    /// # Errors
    /// When the server cannot be reached, does not take the credentials, or certificates cannot be read.
    pub(super) async fn open(
        settings: &Settings,
        database: &str,
        ca_file: Option<&Path>,
        timeout: Option<Duration>,
    ) -> Result<Session, OpenError> {
        let answer = timeout.unwrap_or(ANSWER);
        let connect = settings.connect_timeout.unwrap_or(CONNECT).min(answer);
        let config = config(settings, database, answer, connect);
        let tls = tls::connector(settings, ca_file).map_err(OpenError::Problem)?;
        let opening = async {
            if settings.encryption == Encryption::Disable {
                let (client, connection) = config.connect(NoTls).await?;
                return Ok((client, tokio::spawn(async { drop(connection.await) })));
            }
            let (client, connection) = config.connect(tls).await?;
            Ok((client, tokio::spawn(async { drop(connection.await) })))
        };
        let opened = tokio::time::timeout(connect, opening).await;
        let (client, driver) = opened
            .map_err(|_| OpenError::Failed(late("connect")))?
            .map_err(|error| OpenError::Failed(failure("connect", &error)))?;
        Ok(Session { client, driver, answer })
    }

    /// Says good-bye, so that the server has no lost connection to log.
    pub(super) async fn close(self) {
        drop(self.client);
        // A server that does not let go is left as it is: there is nothing more to read.
        let _ = tokio::time::timeout(GOOD_BYE, self.driver).await;
    }

    /// Asks one question of the table, and gives every row of the answer away as it comes.
    ///
    /// # Errors
    /// When the answer does not come, or not whole, or a row cannot be read: what came before says nothing then.
    pub(super) async fn each(
        &self,
        query: &'static Query,
        row: impl FnMut(&Row) -> Result<(), Unreadable>,
    ) -> Result<(), Error> {
        self.each_of(query, None, row).await
    }

    /// As [`Session::each`], for a query that has a text for `$1`.
    pub(super) async fn each_of(
        &self,
        query: &'static Query,
        parameter: Option<&str>,
        mut row: impl FnMut(&Row) -> Result<(), Unreadable>,
    ) -> Result<(), Error> {
        let wait = self.answer + GRACE;
        let parameters = parameter.into_iter().map(|text| (text, Type::TEXT)).collect::<Vec<_>>();
        let asked = tokio::time::timeout(wait, self.client.query_typed_raw(query.sql(), parameters));
        let rows = asked.await.map_err(|_| late(query.name()))?.map_err(|error| failure(query.name(), &error))?;
        let mut rows = std::pin::pin!(rows);
        loop {
            let next = tokio::time::timeout(wait, rows.try_next()).await.map_err(|_| late(query.name()))?;
            match next.map_err(|error| failure(query.name(), &error))? {
                None => return Ok(()),
                Some(found) => {
                    row(&found).map_err(|Unreadable(why)| Error::new(Kind::Garbage, query.name(), why))?;
                }
            }
        }
    }
}

/// Why a row is not what was asked for.
pub(super) struct Unreadable(pub(super) String);

impl From<tokio_postgres::Error> for Unreadable {
    fn from(error: tokio_postgres::Error) -> Self {
        Unreadable(error.to_string())
    }
}

/// What the session begins with goes along as startup options, so that nothing can run before it holds. A role's own
/// settings do not go before these (PostgreSQL documentation, "Setting Parameters").
fn config(settings: &Settings, database: &str, answer: Duration, connect: Duration) -> Config {
    let mut config = Config::new();
    let milliseconds = answer.as_millis();
    config
        .host(&settings.host)
        .port(settings.port)
        .dbname(database)
        .user(&settings.username)
        .application_name("driftline")
        .connect_timeout(connect)
        .ssl_mode(match settings.encryption {
            Encryption::Disable => SslMode::Disable,
            Encryption::Prefer => SslMode::Prefer,
            Encryption::Require | Encryption::VerifyCa | Encryption::VerifyFull => SslMode::Require,
        })
        .options(format!(
            "-c default_transaction_read_only=on -c statement_timeout={milliseconds} -c lock_timeout={milliseconds} \
             -c search_path={} -c TimeZone=UTC -c DateStyle=ISO",
            settings.schema.as_deref().map_or("pg_catalog".to_owned(), option)
        ));
    if let Some(password) = settings.password.clone().or_else(|| passfile::password(settings, database)) {
        config.password(password);
    }
    if let Some(address) = settings.address {
        config.hostaddr(address);
    }
    config
}

/// A name as a startup option takes it: quoted, with what would end an option escaped.
fn option(name: &str) -> String {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    let escape = |c: char| if c == '\\' || c.is_whitespace() { format!("\\{c}") } else { c.to_string() };
    quoted.chars().map(escape).collect()
}

fn late(operation: &str) -> Error {
    Error::new(Kind::Timeout, operation, "")
}

/// An error of the server or of the way there. The driver's own words hold no password.
fn failure(operation: &str, error: &tokio_postgres::Error) -> Error {
    if let Some(told) = error.as_db_error() {
        return Error::new(kind_of(told.code()), operation, told.message()).code(Some(told.code().code()));
    }
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    let kind = if operation == "connect" && words.contains("password missing") {
        Kind::Credentials
    } else if operation == "connect" {
        Kind::Connection
    } else if error.is_closed() {
        Kind::Cut
    } else {
        Kind::Garbage
    };
    Error::new(kind, operation, words)
}

/// PostgreSQL documentation, "PostgreSQL Error Codes".
fn kind_of(state: &SqlState) -> Kind {
    match state.code().get(..2).unwrap_or_default() {
        "28" => Kind::Credentials,
        "08" => Kind::Connection,
        "53" => Kind::Throttled,
        "57" if *state == SqlState::QUERY_CANCELED => Kind::Timeout,
        "57" => Kind::Cut,
        "XX" | "58" => Kind::Server,
        "42" if *state == SqlState::INSUFFICIENT_PRIVILEGE => Kind::Denied,
        _ => Kind::Rejected,
    }
}
