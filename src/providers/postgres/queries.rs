//! Everything that may be asked: a query that is not in this file cannot be sent. All names are written in full, and the
//! session knows no other schema than `pg_catalog`, so that nothing a user made can stand in for the server's own.
//!
//! `pg_authid` and `pg_shadow`, which hold password hashes, are never read.

/// A statement that only reads. Its fields are private, so that none can be made elsewhere.
pub struct Query {
    name: &'static str,
    sql: &'static str,
}

impl Query {
    /// What gaps and errors call it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn sql(&self) -> &'static str {
        self.sql
    }
}

/// Which cluster answers: the identifier that `initdb` gave it and that its standbys share
/// (PostgreSQL documentation, "Control Data Functions"). A server may keep it from ordinary roles.
pub(super) static CLUSTER: Query = Query {
    name: "pg_control_system",
    sql: "SELECT control.system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system() AS control",
};

/// All that follows sees the same moment, and could not write if it tried.
pub(super) static BEGIN: Query =
    Query { name: "begin", sql: "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY" };

/// As whom the server knows us, and its version.
pub(super) static SESSION: Query = Query {
    name: "session",
    sql: "SELECT CURRENT_USER::pg_catalog.text, \
          pg_catalog.current_setting('server_version_num')::pg_catalog.int8",
};

/// Every role; `pg_roles` shows no password (PostgreSQL documentation, "pg_roles").
pub(super) static ROLES: Query = Query {
    name: "pg_roles",
    sql: "SELECT oid::pg_catalog.int8, rolname::pg_catalog.text, rolsuper, rolinherit, rolcreaterole, rolcreatedb, \
          rolcanlogin, rolreplication, rolbypassrls, rolconnlimit::pg_catalog.int8, \
          rolvaliduntil::pg_catalog.text, rolconfig \
          FROM pg_catalog.pg_roles ORDER BY oid",
};

/// Every membership, once for each pair: from version 16 on there is one row for each grantor, and the options of all of
/// them count. `by_server` marks what version 16 does when a role without SUPERUSER makes another: it lets the maker
/// administer the new role, neither inherit from it nor become it, and records the bootstrap superuser as grantor
/// (PostgreSQL documentation, "CREATE ROLE", and `createrole_self_grant`).
pub(super) static MEMBERSHIPS: Query = Query {
    name: "pg_auth_members",
    sql: "SELECT member.oid::pg_catalog.int8, member.rolname::pg_catalog.text, granted.oid::pg_catalog.int8, \
          granted.rolname::pg_catalog.text, pg_catalog.bool_or(link.admin_option), \
          pg_catalog.bool_and(link.grantor = 10 AND link.admin_option AND member.rolcreaterole \
          AND coalesce(NOT (pg_catalog.to_jsonb(link) ->> 'inherit_option')::pg_catalog.bool \
          AND NOT (pg_catalog.to_jsonb(link) ->> 'set_option')::pg_catalog.bool, false)) AS by_server \
          FROM pg_catalog.pg_auth_members AS link \
          JOIN pg_catalog.pg_roles AS member ON member.oid = link.member \
          JOIN pg_catalog.pg_roles AS granted ON granted.oid = link.roleid \
          GROUP BY 1, 2, 3, 4 ORDER BY 1, 3",
};

/// All of them.
pub static ALL: &[&Query] = &[&CLUSTER, &BEGIN, &SESSION, &ROLES, &MEMBERSHIPS];

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
            assert!(sql.starts_with("SELECT ") || sql.ends_with(" READ ONLY"), "{}", query.name());
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
