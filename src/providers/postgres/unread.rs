//! Types of the PostgreSQL provider that declare identities or access and that are not read yet.

/// Type and what it declares.
pub(super) static TYPES: &[(&str, &str)] = &[
    ("postgresql_grant", "privileges on databases, schemas, tables and other objects"),
    ("postgresql_default_privileges", "privileges on objects that are made later"),
    ("postgresql_database", "owners of databases"),
    ("postgresql_schema", "owners of schemas and privileges on them"),
    ("postgresql_function", "owners of functions, and whether they run with their owner's rights"),
    ("postgresql_server", "owners of foreign servers"),
    ("postgresql_user_mapping", "credentials for foreign servers"),
    ("postgresql_security_label", "security labels"),
    ("postgresql_publication", "tables that may be replicated"),
    ("postgresql_subscription", "credentials for the server that is replicated from"),
];
