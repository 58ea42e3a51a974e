//! Everything that may be asked: a query that is not in this folder cannot be sent. All names are written in full, and the
//! session knows no other schema than `pg_catalog`, so that nothing a user made can stand in for the server's own. The one
//! exception is `STATE`, which reads a table of Terraform's.
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

/// What the `pg` backend keeps for a workspace, in a session that knows its schema alone. Not of [`ALL`]: it is no part of
/// reading a cluster.
pub(super) static STATE: Query = Query::new(
    "state",
    "SELECT data::pg_catalog.text FROM states WHERE name::pg_catalog.text OPERATOR(pg_catalog.=) $1",
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
    "-- Every role that may log in can read who has which role, owns what and may do what: all of it stands in catalogues\n\
     -- that are open. No membership is needed, and none is asked for: neither tables nor password hashes are read.\n\
     CREATE ROLE driftline LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 10;\n\
     ALTER ROLE driftline SET default_transaction_read_only = on;\n\
     \n\
     -- Grants inside a database show in a session with it alone, and PUBLIC may CONNECT to every database until that is\n\
     -- taken away. Where it was, of each database that something declared is in, that --database names, or that the\n\
     -- provider logs in to:\n\
     -- GRANT CONNECT ON DATABASE app TO driftline;\n\
     -- Likewise, where it was taken from PUBLIC, what tells one cluster from another:\n\
     -- GRANT EXECUTE ON FUNCTION pg_control_system() TO driftline;\n\
     \n\
     -- Give it a password (in psql: \\password driftline), and declare it as a postgresql_role, and what it was granted as a\n\
     -- postgresql_grant: as everything else that nobody declares they would be reported.\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    #[test]
    fn every_query_only_reads() {
        assert!(STATE.sql().starts_with("SELECT ") && !STATE.sql().contains(';'));
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

    /// Rust sources below a folder.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
    }

    /// Statements can reach a server through `Session::each` alone, which takes them from this folder.
    #[test]
    fn nothing_else_sends_sql() {
        let ways = ["simple_query", "batch_execute", ".execute", ".prepare", "copy_in", "copy_out", ".transaction("];
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/providers/postgres");
        let mut sending = 0;
        for path in sources(&folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for way in ways {
                assert!(!text.contains(way), "{} uses {way}", path.display());
            }
            sending += text.matches("client.query").count();
            let own = path.starts_with(folder.join("queries"));
            assert!(own || !text.contains("Query {"), "{} makes a query of its own", path.display());
            let client = path.ends_with("session.rs");
            assert!(client || !text.contains("tokio_postgres::Client"), "{} holds a client", path.display());
        }
        assert_eq!(sending, 1, "one place sends");
    }

    /// What a server of a version does not have is not asked of it.
    #[test]
    fn each_version_is_asked_for_what_it_has() {
        let asked =
            |version| ALL.iter().filter(|query| query.fits(version)).map(|query| query.name()).collect::<Vec<_>>();
        let (old, new) = (asked(120_000), asked(180_000));
        assert!(!old.contains(&"pg_parameter_acl") && new.contains(&"pg_parameter_acl"));
        assert_eq!((old.len() + 1, new.len()), (new.len(), ALL.len()));
        // Columns and functions that came or went between versions 12 and 18 (release notes), each with the first that has
        // it: a query that names one must not be asked of an older server.
        let later = [
            ("pg_parameter_acl", 150_000),
            ("paracl", 150_000),
            ("inherit_option", 160_000),
            ("set_option", 160_000),
            ("subpasswordrequired", 160_000),
            ("datlocprovider", 150_000),
            ("pubgencols", 180_000),
            ("relhasoids", i64::MAX),
            ("proisagg", i64::MAX),
        ];
        for query in ALL {
            // By way of JSON a column that is not there is none.
            let sql = query.sql().replace("'inherit_option'", "").replace("'set_option'", "");
            for (name, since) in later {
                assert!(!sql.contains(name) || !query.fits(since - 1), "{} names {name}", query.name());
            }
        }
    }
}
