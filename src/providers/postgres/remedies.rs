//! How things of PostgreSQL are taken away past Terraform, and how they are written as resource blocks. The statements are
//! those of the PostgreSQL documentation, "SQL Commands".

use super::kinds::{
    default_privileges, foreign_server, function, grant, membership, owner, publication, role, schema, subscription,
    user_mapping,
};
use crate::model::Kind;
use crate::providers::remedy::Argument::{Named, Nowhere, Only};
use crate::providers::remedy::{Argument, Call, Remedy};

const fn inside(text: &'static str) -> Call {
    Call::Sql { database: Some("database"), text }
}

const fn of_cluster(text: &'static str) -> Call {
    Call::Sql { database: None, text }
}

/// What `postgresql_grant` calls the fields of all sorts of grants.
const GRANT: &[(&str, Argument)] = &[
    ("grantee", Named("role")),
    ("table", Only("objects")),
    ("sequence", Only("objects")),
    ("function", Only("objects")),
    ("foreign_server", Only("objects")),
    ("foreign_data_wrapper", Only("objects")),
    ("column", Only("columns")),
    ("privilege", Only("privileges")),
    ("grant_option", Named("with_grant_option")),
    ("grant_options", Nowhere),
    ("granted_by", Nowhere),
    ("owner", Nowhere),
    ("sort", Nowhere),
];

/// A sort of grants: what the provider calls its objects, and the statement that takes all of one back.
const fn grants(kind: &'static Kind, fixed: &'static [(&str, &str)], revoke: &'static [Call]) -> Remedy {
    Remedy { arguments: GRANT, fixed, delete: revoke, ..Remedy::of(kind) }
}

/// An owner of such objects, who is taken out by giving them back.
const fn owned(when: (&'static str, &'static str), give: &'static [Call]) -> Remedy {
    Remedy {
        when: Some(when),
        delete: give,
        before: Some("something always has an owner: this gives it to that of its schema or database"),
        ..Remedy::of(&owner::KIND)
    }
}

const GIVE_ROUTINE: &[Call] = &[inside("ALTER ROUTINE {schema}.{object:signature} OWNER TO {belongs_to}")];

/// One row for each sort of thing.
pub(super) static ROWS: &[Remedy] = &[
    Remedy {
        disable: &[of_cluster("ALTER ROLE {name} NOLOGIN")],
        delete: &[of_cluster("DROP ROLE {name}")],
        before: Some(
            "what it owns has to be given to another role, and its grants taken back (`REASSIGN OWNED`, `DROP OWNED`, in \
             each database), before it can be dropped",
        ),
        ..Remedy::of(&role::KIND)
    },
    Remedy {
        arguments: &[
            ("member", Named("role")),
            ("role", Named("grant_role")),
            ("admin_option", Named("with_admin_option")),
        ],
        delete: &[of_cluster("REVOKE {role} FROM {member}")],
        ..Remedy::of(&membership::KIND)
    },
    grants(
        &grant::database::KIND,
        &[("object_type", "database")],
        &[of_cluster("REVOKE ALL ON DATABASE {database} FROM {grantee:role}")],
    ),
    grants(
        &grant::schema::KIND,
        &[("object_type", "schema")],
        &[inside("REVOKE ALL ON SCHEMA {schema} FROM {grantee:role}")],
    ),
    grants(
        &grant::table::KIND,
        &[("object_type", "table")],
        &[inside("REVOKE ALL ON TABLE {schema}.{table} FROM {grantee:role}")],
    ),
    grants(
        &grant::column::KIND,
        &[("object_type", "column")],
        &[inside("REVOKE {privilege:word} ({column}) ON TABLE {schema}.{table} FROM {grantee:role}")],
    ),
    grants(
        &grant::sequence::KIND,
        &[("object_type", "sequence")],
        &[inside("REVOKE ALL ON SEQUENCE {schema}.{sequence} FROM {grantee:role}")],
    ),
    grants(
        &grant::function::KIND,
        &[("object_type", "function")],
        &[inside("REVOKE ALL ON ROUTINE {schema}.{function:signature} FROM {grantee:role}")],
    ),
    grants(
        &grant::foreign_server::KIND,
        &[("object_type", "foreign_server")],
        &[inside("REVOKE ALL ON FOREIGN SERVER {foreign_server} FROM {grantee:role}")],
    ),
    grants(
        &grant::foreign_data_wrapper::KIND,
        &[("object_type", "foreign_data_wrapper")],
        &[inside("REVOKE ALL ON FOREIGN DATA WRAPPER {foreign_data_wrapper} FROM {grantee:role}")],
    ),
    grants(&grant::types::KIND, &[], &[inside("REVOKE ALL ON TYPE {schema}.{type} FROM {grantee:role}")]),
    grants(&grant::language::KIND, &[], &[inside("REVOKE ALL ON LANGUAGE {language} FROM {grantee:role}")]),
    grants(
        &grant::large_object::KIND,
        &[],
        &[inside("REVOKE ALL ON LARGE OBJECT {large_object:number} FROM {grantee:role}")],
    ),
    grants(&grant::tablespace::KIND, &[], &[of_cluster("REVOKE ALL ON TABLESPACE {tablespace} FROM {grantee:role}")]),
    grants(&grant::parameter::KIND, &[], &[of_cluster("REVOKE ALL ON PARAMETER {parameter} FROM {grantee:role}")]),
    Remedy {
        when: Some(("schema", "")),
        arguments: &[("grantee", Named("role")), ("grant_options", Nowhere)],
        delete: &[inside(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE ALL ON {object_type:word}S FROM {grantee:role}",
        )],
        ..Remedy::of(&default_privileges::KIND)
    },
    Remedy {
        arguments: &[("grantee", Named("role")), ("grant_options", Nowhere)],
        delete: &[inside(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} REVOKE ALL ON {object_type:word}S FROM \
             {grantee:role}",
        )],
        ..Remedy::of(&default_privileges::KIND)
    },
    Remedy {
        arguments: &[("server", Named("server_name")), ("user", Named("user_name"))],
        delete: &[inside("DROP USER MAPPING FOR {user:role} SERVER {server}")],
        ..Remedy::of(&user_mapping::KIND)
    },
    Remedy {
        arguments: &[("publication", Named("name"))],
        delete: &[inside("DROP PUBLICATION {publication}")],
        before: Some("subscriptions to it stop"),
        ..Remedy::of(&publication::KIND)
    },
    Remedy {
        arguments: &[("subscription", Named("name")), ("owner", Nowhere), ("enabled", Nowhere)],
        disable: &[inside("ALTER SUBSCRIPTION {subscription} DISABLE")],
        delete: &[inside("DROP SUBSCRIPTION {subscription}")],
        ..Remedy::of(&subscription::KIND)
    },
    Remedy {
        arguments: &[("function", Nowhere), ("owner", Nowhere)],
        disable: &[inside("ALTER ROUTINE {schema}.{function:signature} SECURITY INVOKER")],
        delete: &[inside("DROP ROUTINE {schema}.{function:signature}")],
        ..Remedy::of(&function::KIND)
    },
    Remedy { arguments: &[("schema", Named("name"))], ..Remedy::of(&schema::KIND) },
    owned(("schema", ""), &[inside("ALTER {object_type:word} {object} OWNER TO {belongs_to}")]),
    owned(("object_type", "function"), GIVE_ROUTINE),
    owned(("object_type", "procedure"), GIVE_ROUTINE),
    owned(("object_type", "aggregate"), GIVE_ROUTINE),
    owned(("object_type", "window function"), GIVE_ROUTINE),
    Remedy {
        when: None,
        ..owned(("", ""), &[inside("ALTER {object_type:word} {schema}.{object} OWNER TO {belongs_to}")])
    },
    Remedy {
        arguments: &[("server", Named("server_name")), ("owner", Named("server_owner")), ("database", Nowhere)],
        delete: &[inside("DROP SERVER {server}")],
        ..Remedy::of(&foreign_server::KIND)
    },
];
