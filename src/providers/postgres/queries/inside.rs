//! What a database shows of itself. Access lists come as they hold where none is written (`acldefault`), beside what
//! `initdb` or an extension gave at the beginning (`pg_init_privs`). Of the server's own objects, those below the first
//! normal object id, only access lists that somebody changed are asked for. What `initdb` gives of `information_schema` is
//! not recorded there, since it is made last: everybody may use the schema and read what is in it.

use super::Query;

/// Privileges on what is made later, beside those that hold where nothing is written.
pub(in crate::providers::postgres) static DEFAULT_PRIVILEGES: Query = Query::new(
    "pg_default_acl",
    "SELECT coalesce(space.nspname, '')::pg_catalog.text, d.defaclobjtype::pg_catalog.text, \
     pg_catalog.pg_get_userbyid(d.defaclrole)::pg_catalog.text, d.defaclacl::pg_catalog.text[] \
     FROM pg_catalog.pg_default_acl AS d \
     LEFT JOIN pg_catalog.pg_namespace AS space ON space.oid = d.defaclnamespace ORDER BY d.oid",
);

/// Schemas but for those of sessions and of the server's storage.
pub(in crate::providers::postgres) static SCHEMAS: Query = Query::new(
    "pg_namespace",
    "SELECT n.nspname::pg_catalog.text, n.oid::pg_catalog.int8, made.objid IS NOT NULL, \
     pg_catalog.pg_get_userbyid(n.nspowner)::pg_catalog.text, \
     coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))::pg_catalog.text[], \
     coalesce(was.initprivs, CASE WHEN n.oid < 16384 AND n.nspname = 'information_schema' \
     THEN ARRAY[pg_catalog.makeaclitem(0, n.nspowner, 'USAGE', false)] END)::pg_catalog.text[] \
     FROM pg_catalog.pg_namespace AS n \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = n.oid \
     AND was.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND was.objsubid = 0 \
     LEFT JOIN pg_catalog.pg_depend AS made ON made.objid = n.oid \
     AND made.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND made.deptype = 'e' \
     WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' ORDER BY n.oid",
);

/// Tables, and what is granted as one: views and foreign tables; and sequences. Last whether the owner follows from
/// what it belongs to: whoever made the extension, or that of the table whose column the sequence counts for.
pub(in crate::providers::postgres) static RELATIONS: Query = Query::new(
    "pg_class",
    "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, c.relkind::pg_catalog.text, \
     pg_catalog.pg_get_userbyid(c.relowner)::pg_catalog.text, \
     coalesce(c.relacl, pg_catalog.acldefault( \
     (CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::pg_catalog.\"char\", c.relowner))::pg_catalog.text[], \
     coalesce(was.initprivs, usual.acl)::pg_catalog.text[], \
     c.relowner <> n.nspowner AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d \
     WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0 \
     AND (d.deptype = 'e' OR (c.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0))) \
     FROM pg_catalog.pg_class AS c \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = c.oid \
     AND was.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND was.objsubid = 0 \
     LEFT JOIN LATERAL (SELECT pg_catalog.array_append(pg_catalog.acldefault('r', c.relowner), \
     pg_catalog.makeaclitem(0, c.relowner, 'SELECT', false)) AS acl) AS usual \
     ON c.oid < 16384 AND n.nspname = 'information_schema' \
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' \
     AND (c.oid >= 16384 OR c.relowner <> 10 \
     OR (c.relacl IS NOT NULL AND c.relacl IS DISTINCT FROM coalesce(was.initprivs, usual.acl)))",
);

/// Columns that have an access list of their own.
pub(in crate::providers::postgres) static COLUMNS: Query = Query::new(
    "pg_attribute",
    "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, a.attname::pg_catalog.text, \
     pg_catalog.pg_get_userbyid(c.relowner)::pg_catalog.text, a.attacl::pg_catalog.text[], \
     was.initprivs::pg_catalog.text[] \
     FROM pg_catalog.pg_attribute AS a \
     JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = c.oid \
     AND was.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND was.objsubid = a.attnum \
     WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' \
     AND (c.oid >= 16384 OR a.attacl IS DISTINCT FROM was.initprivs)",
);

/// Functions, procedures and aggregates.
pub(in crate::providers::postgres) static FUNCTIONS: Query = Query::new(
    "pg_proc",
    "SELECT n.nspname::pg_catalog.text, p.proname::pg_catalog.text, pg_catalog.oidvectortypes(p.proargtypes), \
     p.prokind::pg_catalog.text, p.prosecdef, p.oid::pg_catalog.int8, made.objid IS NOT NULL, \
     coalesce(owner.rolsuper, false), pg_catalog.pg_get_userbyid(p.proowner)::pg_catalog.text, \
     coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))::pg_catalog.text[], \
     was.initprivs::pg_catalog.text[], p.proacl IS NULL \
     FROM pg_catalog.pg_proc AS p \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
     LEFT JOIN pg_catalog.pg_roles AS owner ON owner.oid = p.proowner \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = p.oid \
     AND was.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND was.objsubid = 0 \
     LEFT JOIN pg_catalog.pg_depend AS made ON made.objid = p.oid \
     AND made.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND made.deptype = 'e' \
     WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' \
     AND (p.oid >= 16384 OR p.proowner <> 10 OR p.proacl IS DISTINCT FROM was.initprivs)",
);

/// Types and domains, and whether nothing is written of who may use them; of arrays, row types and what else comes with
/// something, those whose access list is written. Last whether the owner follows from what it belongs to.
pub(in crate::providers::postgres) static TYPES: Query = Query::new(
    "pg_type",
    "SELECT n.nspname::pg_catalog.text, t.typname::pg_catalog.text, \
     pg_catalog.pg_get_userbyid(t.typowner)::pg_catalog.text, \
     coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))::pg_catalog.text[], \
     was.initprivs::pg_catalog.text[], t.typacl IS NULL, \
     NOT own.is_made OR (t.typowner <> n.nspowner AND EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d \
     WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')) \
     FROM pg_catalog.pg_type AS t \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace \
     LEFT JOIN pg_catalog.pg_class AS fields ON fields.oid = t.typrelid \
     CROSS JOIN LATERAL (SELECT t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'b' AND t.typelem = 0) \
     OR (t.typtype = 'c' AND fields.relkind = 'c') AS is_made) AS own \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = t.oid \
     AND was.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass AND was.objsubid = 0 \
     WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)' \
     AND CASE WHEN t.oid >= 16384 THEN own.is_made OR t.typacl IS NOT NULL \
     ELSE t.typowner <> 10 OR (t.typacl IS NOT NULL AND t.typacl IS DISTINCT FROM was.initprivs) END",
);

/// Languages whose access list is written, or whose owner is another one than at the beginning.
pub(in crate::providers::postgres) static LANGUAGES: Query = Query::new(
    "pg_language",
    "SELECT l.lanname::pg_catalog.text, pg_catalog.pg_get_userbyid(l.lanowner)::pg_catalog.text, \
     coalesce(l.lanacl, pg_catalog.acldefault('l', l.lanowner))::pg_catalog.text[], \
     was.initprivs::pg_catalog.text[] \
     FROM pg_catalog.pg_language AS l \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = l.oid \
     AND was.classoid = 'pg_catalog.pg_language'::pg_catalog.regclass AND was.objsubid = 0 \
     WHERE l.lanowner <> 10 \
     OR (l.lanacl IS NOT NULL AND (l.oid >= 16384 OR l.lanacl IS DISTINCT FROM was.initprivs))",
);

/// Foreign data wrappers.
pub(in crate::providers::postgres) static WRAPPERS: Query = Query::new(
    "pg_foreign_data_wrapper",
    "SELECT w.fdwname::pg_catalog.text, pg_catalog.pg_get_userbyid(w.fdwowner)::pg_catalog.text, \
     coalesce(w.fdwacl, pg_catalog.acldefault('F', w.fdwowner))::pg_catalog.text[], \
     was.initprivs::pg_catalog.text[] \
     FROM pg_catalog.pg_foreign_data_wrapper AS w \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = w.oid \
     AND was.classoid = 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass AND was.objsubid = 0",
);

/// Foreign servers. Their options are for the wrapper to know, and may hold keys: they are not read.
pub(in crate::providers::postgres) static SERVERS: Query = Query::new(
    "pg_foreign_server",
    "SELECT s.srvname::pg_catalog.text, w.fdwname::pg_catalog.text, made.objid IS NOT NULL, \
     pg_catalog.pg_get_userbyid(s.srvowner)::pg_catalog.text, \
     coalesce(s.srvacl, pg_catalog.acldefault('S', s.srvowner))::pg_catalog.text[], \
     was.initprivs::pg_catalog.text[] \
     FROM pg_catalog.pg_foreign_server AS s \
     JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw \
     LEFT JOIN pg_catalog.pg_init_privs AS was ON was.objoid = s.oid \
     AND was.classoid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass AND was.objsubid = 0 \
     LEFT JOIN pg_catalog.pg_depend AS made ON made.objid = s.oid \
     AND made.classid = 'pg_catalog.pg_foreign_server'::pg_catalog.regclass AND made.deptype = 'e'",
);

/// Large objects whose access list is written; a database may hold millions of others.
pub(in crate::providers::postgres) static LARGE_OBJECTS: Query = Query::new(
    "pg_largeobject_metadata",
    "SELECT l.oid::pg_catalog.text, pg_catalog.pg_get_userbyid(l.lomowner)::pg_catalog.text, \
     l.lomacl::pg_catalog.text[], NULL::pg_catalog.text[] \
     FROM pg_catalog.pg_largeobject_metadata AS l WHERE l.lomacl IS NOT NULL",
);

/// Who is logged in to which foreign server as somebody else. The view holds options, passwords among them; they are not
/// asked for.
pub(in crate::providers::postgres) static USER_MAPPINGS: Query = Query::new(
    "pg_user_mappings",
    "SELECT m.srvname::pg_catalog.text, m.usename::pg_catalog.text FROM pg_catalog.pg_user_mappings AS m",
);

/// Publications, with the tables of those that do not publish all.
pub(in crate::providers::postgres) static PUBLICATIONS: Query = Query::new(
    "pg_publication",
    "SELECT p.pubname::pg_catalog.text, pg_catalog.pg_get_userbyid(p.pubowner)::pg_catalog.text, p.puballtables, \
     p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, \
     CASE WHEN p.puballtables THEN NULL ELSE ARRAY( \
     SELECT t.schemaname::pg_catalog.text || '.' || t.tablename::pg_catalog.text \
     FROM pg_catalog.pg_publication_tables AS t WHERE t.pubname = p.pubname) END \
     FROM pg_catalog.pg_publication AS p",
);

/// Security labels of what is in the database.
pub(in crate::providers::postgres) static LABELS: Query = Query::new(
    "pg_seclabel",
    "SELECT named.type, named.identity, l.provider, l.label FROM pg_catalog.pg_seclabel AS l, \
     LATERAL pg_catalog.pg_identify_object(l.classoid, l.objoid, l.objsubid) AS named",
);
