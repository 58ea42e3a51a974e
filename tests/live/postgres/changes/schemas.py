"""Schemas."""

from .row import added, in_ledger, in_shop, missing, modified, removed, row, unmanaged

TABLE = [
    row(
        "a schema changes hands",
        in_shop("ALTER SCHEMA sales OWNER TO deploy"),
        [
            modified(
                "schema",
                "shop|sales",
                "owner",
                "postgresql_schema.sales",
                ("owner", "postgresql_role.shop_owner.name"),
            ),
        ],
    ),
    row(
        "a schema is renamed",
        in_shop("ALTER SCHEMA audit RENAME TO audit_old"),
        [
            missing(
                "grant/function",
                "shop|audit|purge(integer)|batch",
                "postgresql_grant.purge_called",
                ("objects", '"purge(integer)"'),
            ),
            missing("function", "shop|audit|purge(integer)", "postgresql_function.purge"),
            missing("schema", "shop|audit", "postgresql_schema.audit"),
            removed(
                "grant/schema", "shop|audit|breakglass", "postgresql_schema.audit", ("policy", "policy {", "block", 2)
            ),
            removed("grant/schema", "shop|audit|readers", "postgresql_schema.audit", ("policy", "policy {", "block")),
            removed("grant/table", "shop|audit|*|breakglass", "postgresql_grant.audit_all"),
            unmanaged("function", "shop|audit_old|purge(integer)"),
            unmanaged("grant/function", "shop|audit_old|purge(integer)|batch"),
            unmanaged("grant/schema", "shop|audit_old|breakglass"),
            unmanaged("grant/schema", "shop|audit_old|readers"),
            unmanaged("grant/table", "shop|audit_old|events|breakglass"),
            unmanaged("schema", "shop|audit_old", "low"),
        ],
    ),
    row(
        "a schema is dropped with all that is in it",
        in_ledger("DROP SCHEMA books CASCADE"),
        [
            missing(
                "grant/sequence",
                "ledger|books|entry_numbers|batch",
                "postgresql_grant.entries_counted",
                ("objects", '"entry_numbers"'),
            ),
            missing(
                "grant/table", "ledger|books|entries|probe", "postgresql_grant.entries_probed", ("objects", '"entries"')
            ),
            missing("schema", "ledger|books", "postgresql_schema.books"),
            removed("grant/function", "ledger|books|*|deploy", "postgresql_grant.books_called"),
        ],
    ),
    row(
        "a schema that nobody declares",
        in_shop("CREATE SCHEMA scratch AUTHORIZATION app"),
        [
            unmanaged("schema", "shop|scratch", "low"),
        ],
    ),
    row(
        "a person may use a schema",
        in_shop("GRANT USAGE ON SCHEMA sales TO bob"),
        [
            unmanaged("grant/schema", "shop|sales|bob"),
        ],
    ),
    row(
        "a person may use a schema, by whom it was handed on to",
        in_shop("SET ROLE deploy", "GRANT USAGE ON SCHEMA sales TO bob"),
        [
            unmanaged("grant/schema", "shop|sales|bob"),
        ],
    ),
    row(
        "a program may use a schema by two grants",
        in_shop("SET ROLE deploy", "GRANT USAGE ON SCHEMA sales TO app"),
        [],
    ),
    row(
        "a program may make objects in a schema",
        in_shop("GRANT CREATE ON SCHEMA sales TO app"),
        [
            modified(
                "grant/schema",
                "shop|sales|app",
                "privileges",
                'postgresql_grant.sales_used["app"]',
                ("privileges", '["USAGE"]'),
            ),
        ],
    ),
    row(
        "a program may let others use a schema",
        in_shop("GRANT USAGE ON SCHEMA sales TO app WITH GRANT OPTION"),
        [
            modified("grant/schema", "shop|sales|app", "grant_options", 'postgresql_grant.sales_used["app"]'),
        ],
    ),
    row(
        "a group may not use a schema any more",
        in_shop("REVOKE USAGE ON SCHEMA sales FROM readers"),
        [
            missing("grant/schema", "shop|sales|readers", 'postgresql_grant.sales_used["readers"]'),
        ],
    ),
    row(
        "a role may not hand a schema on any more",
        in_shop("REVOKE GRANT OPTION FOR CREATE, USAGE ON SCHEMA sales FROM deploy"),
        [
            modified(
                "grant/schema",
                "shop|sales|deploy",
                "grant_options",
                "postgresql_grant.sales_deployed",
                ("with_grant_option", "true"),
            ),
        ],
    ),
    row(
        "everybody may use the public schema again",
        in_shop("GRANT USAGE ON SCHEMA public TO PUBLIC"),
        [
            added("grant/schema", "shop|public|public", "postgresql_grant.shop_public_closed", ("privileges", "[]")),
        ],
    ),
    row(
        "everybody may make objects in the public schema",
        in_shop("GRANT CREATE ON SCHEMA public TO PUBLIC"),
        [
            added("grant/schema", "shop|public|public", "postgresql_grant.shop_public_closed", ("privileges", "[]")),
        ],
    ),
    row(
        "a policy is widened",
        in_shop("GRANT CREATE ON SCHEMA audit TO readers"),
        [
            modified(
                "grant/schema",
                "shop|audit|readers",
                "privileges",
                "postgresql_schema.audit",
                ("policy", "policy {", "block"),
            ),
        ],
    ),
    row(
        "a policy is taken back",
        in_shop("REVOKE USAGE ON SCHEMA audit FROM readers"),
        [
            removed("grant/schema", "shop|audit|readers", "postgresql_schema.audit", ("policy", "policy {", "block")),
        ],
    ),
    row(
        "what a policy gives may not be handed on any more",
        in_shop("REVOKE GRANT OPTION FOR USAGE ON SCHEMA audit FROM breakglass"),
        [
            modified(
                "grant/schema",
                "shop|audit|breakglass",
                "grant_options",
                "postgresql_schema.audit",
                ("policy", "policy {", "block", 2),
            ),
        ],
    ),
    row(
        "a role that no policy names may use the schema",
        in_shop("GRANT USAGE ON SCHEMA audit TO app"),
        [
            unmanaged("grant/schema", "shop|audit|app"),
        ],
    ),
    row("an owner keeps nothing of its schema", in_shop("REVOKE ALL ON SCHEMA sales FROM shop_owner"), []),
]
