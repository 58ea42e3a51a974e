//! What any database of a cluster shows: who answers, roles, and the objects that belong to the cluster as a whole.

use super::Query;

/// Which cluster answers: the identifier that `initdb` gave it and that its standbys share
/// (PostgreSQL documentation, "Control Data Functions"). A server may keep it from ordinary roles.
pub(in crate::providers::postgres) static CLUSTER: Query = Query::new(
    "pg_control_system",
    "SELECT control.system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system() AS control",
);

/// Every role; `pg_roles` shows no password (PostgreSQL documentation, "pg_roles").
pub(in crate::providers::postgres) static ROLES: Query = Query::new(
    "pg_roles",
    "SELECT oid::pg_catalog.int8, rolname::pg_catalog.text, rolsuper, rolinherit, rolcreaterole, rolcreatedb, \
     rolcanlogin, rolreplication, rolbypassrls, rolconnlimit::pg_catalog.int8, \
     rolvaliduntil::pg_catalog.text, rolconfig \
     FROM pg_catalog.pg_roles ORDER BY oid",
);

/// Every membership, once for each pair: from version 16 on there is one row for each grantor, and the options of all of
/// them count. `by_server` marks what version 16 does when a role without SUPERUSER makes another: it lets the maker
/// administer the new role, neither inherit from it nor become it, and records the bootstrap superuser as grantor
/// (PostgreSQL documentation, "CREATE ROLE", and `createrole_self_grant`).
pub(in crate::providers::postgres) static MEMBERSHIPS: Query = Query::new(
    "pg_auth_members",
    "SELECT member.oid::pg_catalog.int8, member.rolname::pg_catalog.text, granted.oid::pg_catalog.int8, \
     granted.rolname::pg_catalog.text, pg_catalog.bool_or(link.admin_option), \
     pg_catalog.bool_and(link.grantor = 10 AND link.admin_option AND member.rolcreaterole \
     AND coalesce(NOT (pg_catalog.to_jsonb(link) ->> 'inherit_option')::pg_catalog.bool \
     AND NOT (pg_catalog.to_jsonb(link) ->> 'set_option')::pg_catalog.bool, false)) AS by_server \
     FROM pg_catalog.pg_auth_members AS link \
     JOIN pg_catalog.pg_roles AS member ON member.oid = link.member \
     JOIN pg_catalog.pg_roles AS granted ON granted.oid = link.roleid \
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 3",
);

/// Every database, with its access list as it holds where none is written (PostgreSQL documentation, "Privileges").
pub(in crate::providers::postgres) static DATABASES: Query = Query::new(
    "pg_database",
    "SELECT d.datname::pg_catalog.text, d.oid::pg_catalog.int8, d.datallowconn, d.datistemplate, \
     d.datconnlimit::pg_catalog.int8, space.spcname::pg_catalog.text, \
     pg_catalog.pg_get_userbyid(d.datdba)::pg_catalog.text, \
     coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))::pg_catalog.text[], NULL::pg_catalog.text[] \
     FROM pg_catalog.pg_database AS d \
     JOIN pg_catalog.pg_tablespace AS space ON space.oid = d.dattablespace ORDER BY d.oid",
);

/// Tablespaces whose access list is written.
pub(in crate::providers::postgres) static TABLESPACES: Query = Query::new(
    "pg_tablespace",
    "SELECT t.spcname::pg_catalog.text, pg_catalog.pg_get_userbyid(t.spcowner)::pg_catalog.text, \
     t.spcacl::pg_catalog.text[], NULL::pg_catalog.text[] \
     FROM pg_catalog.pg_tablespace AS t WHERE t.spcacl IS NOT NULL ORDER BY t.oid",
);

/// Settings of the server that others may change; they are the bootstrap superuser's.
pub(in crate::providers::postgres) static PARAMETERS: Query = Query {
    name: "pg_parameter_acl",
    since: 150_000,
    sql: "SELECT p.parname::pg_catalog.text, pg_catalog.pg_get_userbyid(10)::pg_catalog.text, \
          p.paracl::pg_catalog.text[], NULL::pg_catalog.text[] \
          FROM pg_catalog.pg_parameter_acl AS p WHERE p.paracl IS NOT NULL ORDER BY p.oid",
};

/// Subscriptions of all databases. The connection string holds a password and is kept from ordinary roles: it is not
/// asked for.
pub(in crate::providers::postgres) static SUBSCRIPTIONS: Query = Query::new(
    "pg_subscription",
    "SELECT d.datname::pg_catalog.text, s.subname::pg_catalog.text, \
     pg_catalog.pg_get_userbyid(s.subowner)::pg_catalog.text, s.subenabled, s.subpublications \
     FROM pg_catalog.pg_subscription AS s JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid ORDER BY 1, 2",
);

/// Security labels of roles, databases and tablespaces.
pub(in crate::providers::postgres) static SHARED_LABELS: Query = Query::new(
    "pg_shseclabel",
    "SELECT named.type, named.identity, l.provider, l.label FROM pg_catalog.pg_shseclabel AS l, \
     LATERAL pg_catalog.pg_identify_object(l.classoid, l.objoid, 0) AS named ORDER BY 1, 2, 3",
);
