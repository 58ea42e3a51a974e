//! Grants on databases.

use super::kind;
use crate::model::Kind;

pub static KIND: Kind = kind(
    "postgres/grant/database",
    "database grant",
    "grant on database `{database}` to `{grantee}`",
    &["database", "grantee"],
    &["postgresql_grant"],
    "What a role may do with a database, from pg_database: this is read of every database, looked into or not. Everybody \
     (`public`) may connect and make temporary tables where nothing is said, so that much is expected of nobody to declare, \
     nor are the rights of the owner. The provider sees neither grant options nor who granted; both are read.",
);
