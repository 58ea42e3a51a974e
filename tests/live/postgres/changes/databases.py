"""Databases, and what belongs to the cluster as a whole."""

from .row import added, in_shop, missing, modified, removed, row, unmanaged

TABLE = [
    row(
        "a database changes hands",
        "ALTER DATABASE shop OWNER TO deploy",
        [
            modified(
                "database",
                "shop",
                "owner",
                "postgresql_database.shop",
                ("owner", "postgresql_role.shop_owner.name"),
            ),
        ],
    ),
    row(
        "a database takes any number of sessions",
        "ALTER DATABASE shop CONNECTION LIMIT -1",
        [
            modified(
                "database",
                "shop",
                "connection_limit",
                "postgresql_database.shop",
                ("connection_limit", "50"),
                severity="low",
            ),
        ],
    ),
    row(
        "a closed database is opened",
        "ALTER DATABASE blank ALLOW_CONNECTIONS true",
        [
            modified(
                "database", "blank", "allow_connections", "postgresql_database.blank", ("allow_connections", "false")
            ),
        ],
    ),
    row(
        "whoever makes databases may copy this one",
        "ALTER DATABASE ledger IS_TEMPLATE true",
        [
            modified("database", "ledger", "is_template", "postgresql_database.ledger"),
        ],
    ),
    row(
        "a template is one no more",
        "ALTER DATABASE blank IS_TEMPLATE false",
        [
            modified("database", "blank", "is_template", "postgresql_database.blank", ("is_template", "true")),
        ],
    ),
    row(
        "a database that nobody declares",
        "CREATE DATABASE scratch",
        [
            unmanaged("database", "scratch", "low"),
        ],
    ),
    row(
        "a program has a database of its own",
        "CREATE DATABASE scratch OWNER app",
        [
            unmanaged("database", "scratch", "low"),
        ],
    ),
    row(
        "a database is renamed",
        "ALTER DATABASE blank RENAME TO empty",
        [
            missing("database", "blank", "postgresql_database.blank"),
            unmanaged("database", "empty", "low"),
        ],
    ),
    row(
        "a database is dropped",
        ("ALTER DATABASE blank IS_TEMPLATE false", "DROP DATABASE blank"),
        [
            missing("database", "blank", "postgresql_database.blank"),
        ],
    ),
    row(
        "a database is dropped with all that is in it",
        in_shop(
            "ALTER SUBSCRIPTION heartbeat DISABLE",
            "ALTER SUBSCRIPTION heartbeat SET (slot_name = NONE)",
            "DROP SUBSCRIPTION heartbeat",
            "\\connect postgres",
            "DROP DATABASE shop WITH (FORCE)",
        ),
        [
            missing(
                "default_privileges",
                "shop|shop_owner|sales|function|app",
                "postgresql_default_privileges.called_by_app",
            ),
            missing(
                "default_privileges",
                "shop|shop_owner|sales|sequence|app",
                "postgresql_default_privileges.sales_counted",
            ),
            missing(
                "default_privileges", "shop|shop_owner|sales|table|readers", "postgresql_default_privileges.sales_read"
            ),
            missing(
                "grant/function",
                "shop|audit|purge(integer)|batch",
                "postgresql_grant.purge_called",
                ("objects", '"purge(integer)"'),
            ),
            missing(
                "grant/function",
                "shop|sales|close_day|batch",
                "postgresql_grant.day_closed",
                ("objects", '"close_day"'),
            ),
            missing("database", "shop", "postgresql_database.shop"),
            missing("function", "shop|audit|purge(integer)", "postgresql_function.purge"),
            missing("function", "shop|sales|greeting()", "postgresql_function.greeting"),
            missing("grant/database", "shop|app", 'postgresql_grant.shop_connects["app"]'),
            missing("grant/database", "shop|readers", 'postgresql_grant.shop_connects["readers"]'),
            missing("grant/schema", "shop|sales|app", 'postgresql_grant.sales_used["app"]'),
            missing("grant/schema", "shop|sales|deploy", "postgresql_grant.sales_deployed"),
            missing("grant/schema", "shop|sales|readers", 'postgresql_grant.sales_used["readers"]'),
            missing("grant/schema", "shop|sales|writers", 'postgresql_grant.sales_used["writers"]'),
            missing(
                "grant/table", "shop|sales|prices|public", "postgresql_grant.prices_public", ("objects", '"prices"')
            ),
            missing("publication", "shop|orders", "postgresql_publication.orders"),
            missing("schema", "shop|audit", "postgresql_schema.audit"),
            missing("schema", "shop|public", "postgresql_schema.shop_public"),
            missing("schema", "shop|sales", "postgresql_schema.sales"),
            missing("subscription", "shop|heartbeat", "postgresql_subscription.heartbeat"),
            removed(
                "grant/column",
                "shop|sales|customers|email|UPDATE|app",
                "postgresql_grant.names_written",
                ("columns", '"email"'),
            ),
            removed(
                "grant/column",
                "shop|sales|customers|id|SELECT|probe",
                "postgresql_grant.names_read",
                ("columns", '"id"'),
            ),
            removed(
                "grant/column",
                "shop|sales|customers|name|SELECT|probe",
                "postgresql_grant.names_read",
                ("columns", '"name"'),
            ),
            removed(
                "grant/column",
                "shop|sales|customers|name|UPDATE|app",
                "postgresql_grant.names_written",
                ("columns", '"name"'),
            ),
            removed(
                "grant/table",
                "shop|sales|order_lines|app",
                "postgresql_grant.orders_written",
                ("objects", '"order_lines"'),
            ),
            removed(
                "grant/schema", "shop|audit|breakglass", "postgresql_schema.audit", ("policy", "policy {", "block", 2)
            ),
            removed("grant/schema", "shop|audit|readers", "postgresql_schema.audit", ("policy", "policy {", "block")),
            removed("grant/sequence", "shop|sales|*|app", "postgresql_grant.sales_counted"),
            removed("grant/table", "shop|audit|*|breakglass", "postgresql_grant.audit_all"),
            removed("grant/table", "shop|sales|*|readers", "postgresql_grant.sales_read"),
            removed("grant/table", "shop|sales|orders|app", "postgresql_grant.orders_written", ("objects", '"orders"')),
        ],
        since=13,
    ),
    row(
        "everybody may log in to a database again",
        "GRANT CONNECT ON DATABASE shop TO PUBLIC",
        [
            added("grant/database", "shop|public", 'postgresql_grant.nobody_connects["shop"]', ("privileges", "[]")),
        ],
    ),
    row(
        "everybody has all that a server gives by itself again",
        "GRANT CONNECT, TEMPORARY ON DATABASE ledger TO PUBLIC",
        [
            added(
                "grant/database", "ledger|public", 'postgresql_grant.nobody_connects["ledger"]', ("privileges", "[]")
            ),
        ],
    ),
    row(
        "a program may make schemas",
        "GRANT CREATE ON DATABASE shop TO app",
        [
            modified(
                "grant/database",
                "shop|app",
                "privileges",
                'postgresql_grant.shop_connects["app"]',
                ("app", '["CONNECT", "TEMPORARY"]'),
            ),
        ],
    ),
    row(
        "a person may log in to a database",
        "GRANT CONNECT ON DATABASE shop TO ann",
        [
            unmanaged("grant/database", "shop|ann"),
        ],
    ),
    row(
        "a program may make no temporary tables any more",
        "REVOKE TEMPORARY ON DATABASE shop FROM app",
        [
            modified(
                "grant/database",
                "shop|app",
                "privileges",
                'postgresql_grant.shop_connects["app"]',
                ("app", '"TEMPORARY"'),
            ),
        ],
    ),
    row(
        "a group may not log in to a database any more",
        "REVOKE CONNECT ON DATABASE shop FROM readers",
        [
            missing("grant/database", "shop|readers", 'postgresql_grant.shop_connects["readers"]'),
        ],
    ),
    row(
        "a program may let others log in",
        "GRANT CONNECT ON DATABASE shop TO app WITH GRANT OPTION",
        [
            modified("grant/database", "shop|app", "grant_options", 'postgresql_grant.shop_connects["app"]'),
        ],
    ),
    row(
        "a role may not hand a database on any more",
        "REVOKE GRANT OPTION FOR ALL ON DATABASE ledger FROM deploy",
        [
            modified(
                "grant/database",
                "ledger|deploy",
                "grant_options",
                "postgresql_grant.deploy_connects",
                ("with_grant_option", "true"),
            ),
        ],
    ),
    row(
        "a program may make schemas in the server's own database",
        "GRANT CREATE ON DATABASE postgres TO app",
        [
            unmanaged("grant/database", "postgres|app"),
        ],
    ),
    row(
        "nobody may log in to the server's own database but its owner",
        "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
        [],
    ),
    row("a setting of a database", "ALTER DATABASE shop SET work_mem = '64MB'", []),
    row("a setting of a role in one database", "ALTER ROLE app IN DATABASE shop SET search_path = public", []),
    row(
        "a program may fill a tablespace",
        "GRANT CREATE ON TABLESPACE pg_default TO app",
        [
            unmanaged("grant/tablespace", "pg_default|app"),
        ],
    ),
    row(
        "a program may change a setting of the server",
        "GRANT SET ON PARAMETER log_min_messages TO app",
        [
            unmanaged("grant/parameter", "log_min_messages|app"),
        ],
        since=15,
    ),
    row(
        "a program may change the server's configuration",
        "GRANT ALTER SYSTEM ON PARAMETER archive_command TO app",
        [
            unmanaged("grant/parameter", "archive_command|app", "critical"),
        ],
        since=15,
    ),
]
