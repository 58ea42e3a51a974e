//! Everything that may be asked: a query that is not in this folder cannot be sent. All names are written in full, and the
//! session knows no other schema than `pg_catalog`, so that nothing a user made can stand in for the server's own.
//!
//! `shared` holds what any database of a cluster shows, `inside` what each shows of itself. `pg_authid` and `pg_shadow`,
//! which hold password hashes, are never read, nor are the options of user mappings and subscriptions.

pub(super) mod inside;
mod shared;

pub(super) use shared::{
    CLUSTER, DATABASES, MEMBERSHIPS, PARAMETERS, ROLES, SHARED_LABELS, SUBSCRIPTIONS, TABLESPACES,
};

/// A statement that only reads. Its fields are private, so that none can be made elsewhere.
pub struct Query {
    name: &'static str,
    /// The first version whose catalogues have it, as `server_version_num` writes it; 0 for all that are supported.
    since: i64,
    sql: &'static str,
}

impl Query {
    const fn new(name: &'static str, sql: &'static str) -> Query {
        Query { name, since: 0, sql }
    }

    /// What gaps and errors call it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn sql(&self) -> &'static str {
        self.sql
    }

    /// Whether a server of this version has what it reads.
    pub fn fits(&self, version: i64) -> bool {
        version >= self.since
    }
}
/// All that follows sees the same moment, and could not write if it tried.
pub(super) static BEGIN: Query = Query::new("begin", "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");

/// Where an error leads back to: the transaction goes on, at the same moment.
pub(super) static SAVE: Query = Query::new("savepoint", "SAVEPOINT well");
pub(super) static BACK: Query = Query::new("rollback", "ROLLBACK TO SAVEPOINT well");

/// As whom the server knows us, and its version.
pub(super) static SESSION: Query = Query::new(
    "session",
    "SELECT CURRENT_USER::pg_catalog.text, pg_catalog.current_setting('server_version_num')::pg_catalog.int8, \
     pg_catalog.current_database()::pg_catalog.text",
);

/// All of them.
pub static ALL: &[&Query] = &[
    &CLUSTER,
    &BEGIN,
    &SAVE,
    &BACK,
    &SESSION,
    &ROLES,
    &MEMBERSHIPS,
    &DATABASES,
    &TABLESPACES,
    &PARAMETERS,
    &SUBSCRIPTIONS,
    &SHARED_LABELS,
    &inside::DEFAULT_PRIVILEGES,
    &inside::SCHEMAS,
    &inside::RELATIONS,
    &inside::COLUMNS,
    &inside::FUNCTIONS,
    &inside::TYPES,
    &inside::LANGUAGES,
    &inside::WRAPPERS,
    &inside::SERVERS,
    &inside::LARGE_OBJECTS,
    &inside::USER_MAPPINGS,
    &inside::PUBLICATIONS,
    &inside::LABELS,
];

/// SQL for a role that may do all of the above and nothing else.
pub(super) fn permissions() -> String {
    "-- Every role that may log in can read roles and memberships: they stand in pg_roles and pg_auth_members.\n\
     -- No membership is needed, and none is asked for: password hashes are never read.\n\
     CREATE ROLE driftline LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 4;\n\
     ALTER ROLE driftline SET default_transaction_read_only = on;\n\
     \n\
     -- Only where it was taken from PUBLIC:\n\
     GRANT CONNECT ON DATABASE postgres TO driftline;\n\
     \n\
     -- Give it a password (in psql: \\password driftline), and declare it as a postgresql_role: as everything\n\
     -- else that nobody declares it would be reported.\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_query_only_reads() {
        for query in ALL {
            let sql = query.sql();
            let reads = sql.starts_with("SELECT ") || sql.ends_with(" READ ONLY") || sql.ends_with("SAVEPOINT well");
            assert!(reads, "{}", query.name());
            assert!(!sql.contains(';') && !sql.contains("--") && !sql.contains('$'), "{}", query.name());
            for word in ["pg_authid", "pg_shadow", "INTO ", "FOR UPDATE", "set_config", "lo_", "pg_read_", "dblink"] {
                assert!(!sql.contains(word), "{} has {word}", query.name());
            }
        }
    }

    /// Statements can reach a server through `Session::run` alone, which takes them from this file.
    #[test]
    fn nothing_else_sends_sql() {
        let ways = ["simple_query", "batch_execute", ".execute", ".prepare", "copy_in", "copy_out", ".transaction("];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/providers/postgres");
        let mut sending = 0;
        for entry in std::fs::read_dir(&folder).unwrap().chain(std::fs::read_dir(folder.join("kinds")).unwrap()) {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for way in ways {
                assert!(!text.contains(way), "{} uses {way}", path.display());
            }
            sending += text.matches(".query").count();
            let own = path.ends_with("queries.rs");
            assert!(own || !text.contains("Query {"), "{} makes a query of its own", path.display());
            let client = path.ends_with("session.rs");
            assert!(client || !text.contains("tokio_postgres::Client"), "{} holds a client", path.display());
        }
        assert_eq!(sending, 1, "one place sends");
    }
}
