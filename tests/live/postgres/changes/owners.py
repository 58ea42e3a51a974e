"""Who owns what programs made for themselves: no resource type says it."""

from .row import added, in_ledger, in_shop, modified, removed, row, unmanaged

TABLE = [
    # ---- somebody who may make nothing there ------------------------------------------------------------------------
    row(
        "a table changes hands",
        in_shop("ALTER TABLE audit.events OWNER TO deploy"),
        [
            unmanaged("owner", "shop|audit|table|events|deploy"),
        ],
    ),
    row(
        "a person owns a table of which columns are granted",
        in_shop("ALTER TABLE sales.customers OWNER TO bob"),
        [
            unmanaged("owner", "shop|sales|table|customers|bob"),
        ],
    ),
    row(
        "a person owns a view",
        in_shop("ALTER VIEW sales.open_orders OWNER TO bob"),
        [
            unmanaged("owner", "shop|sales|view|open_orders|bob"),
        ],
    ),
    row(
        "a program owns a sequence",
        in_shop("ALTER SEQUENCE sales.order_numbers OWNER TO probe"),
        [
            unmanaged("owner", "shop|sales|sequence|order_numbers|probe"),
        ],
    ),
    row(
        "a person owns one of two functions of a name",
        in_shop("ALTER FUNCTION sales.total(bigint, text) OWNER TO bob"),
        [
            unmanaged("owner", "shop|sales|function|total(bigint, text)|bob"),
        ],
    ),
    row(
        "a function with its owner's rights changes hands",
        in_shop("ALTER FUNCTION audit.purge(integer) OWNER TO deploy"),
        [
            unmanaged("owner", "shop|audit|function|purge(integer)|deploy"),
        ],
    ),
    row(
        "a person owns a procedure",
        in_shop("ALTER PROCEDURE sales.close_day() OWNER TO bob"),
        [
            unmanaged("owner", "shop|sales|procedure|close_day()|bob"),
        ],
    ),
    row(
        "a person owns a type",
        in_shop("ALTER TYPE sales.status OWNER TO bob"),
        [
            unmanaged("owner", "shop|sales|type|status|bob"),
        ],
    ),
    row(
        "a person owns a language",
        in_shop("ALTER LANGUAGE plpgsql OWNER TO bob"),
        [
            unmanaged("owner", "shop||language|plpgsql|bob"),
        ],
    ),
    row(
        "a person owns a table whose column counts for itself",
        in_ledger("CREATE TABLE public.log (id serial)", "ALTER TABLE public.log OWNER TO bob"),
        [
            unmanaged("owner", "ledger|public|table|log|bob"),
        ],
        since=15,
    ),
    row(
        "an owner of another database owns a table",
        in_ledger("ALTER TABLE books.entries OWNER TO shop_owner"),
        [
            unmanaged("owner", "ledger|books|table|entries|shop_owner"),
        ],
    ),
    row(
        "a person owns a function that default privileges give to a program",
        in_shop(
            "SET ROLE shop_owner",
            "CREATE FUNCTION sales.fresh() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "RESET ROLE",
            "ALTER FUNCTION sales.fresh() OWNER TO bob",
        ),
        [
            unmanaged("owner", "shop|sales|function|fresh()|bob"),
        ],
    ),
    row(
        "a person owns the table of the password hashes",
        in_shop("SET allow_system_table_mods = on", "ALTER TABLE pg_catalog.pg_authid OWNER TO bob"),
        [
            unmanaged("owner", "shop|pg_catalog|table|pg_authid|bob", "critical"),
        ],
        since=13,
    ),
    row(
        "a person owns the server's own database",
        "ALTER DATABASE postgres OWNER TO bob",
        [
            unmanaged("owner", "postgres||database|postgres|bob"),
        ],
    ),
    row(
        "a person owns the public schema of a database",
        in_ledger("ALTER SCHEMA public OWNER TO bob"),
        [
            unmanaged("owner", "ledger||schema|public|bob"),
        ],
    ),
    row(
        "a person owns a subscription",
        # Before version 16 only a superuser can be given one, but he may stop being one.
        in_shop("ALTER ROLE bob SUPERUSER", "ALTER SUBSCRIPTION heartbeat OWNER TO bob", "ALTER ROLE bob NOSUPERUSER"),
        [
            unmanaged("owner", "shop||subscription|heartbeat|bob"),
        ],
    ),
    row(
        "the owner of the database owns a subscription",
        in_shop(
            "ALTER ROLE shop_owner SUPERUSER",
            "ALTER SUBSCRIPTION heartbeat OWNER TO shop_owner",
            "ALTER ROLE shop_owner NOSUPERUSER",
        ),
        [
            unmanaged("owner", "shop||subscription|heartbeat|shop_owner"),
        ],
    ),
    # ---- somebody who is granted some of it -------------------------------------------------------------------------
    row(
        "a program owns the table that it may write",
        in_shop("ALTER TABLE sales.orders OWNER TO app"),
        [
            modified(
                "grant/table",
                "shop|sales|orders|app",
                "privileges",
                "postgresql_grant.orders_written",
                ("privileges", '["SELECT", "INSERT", "UPDATE"]'),
            ),
        ],
    ),
    row(
        "a program owns the sequence of which it has everything",
        in_ledger("ALTER SEQUENCE books.entry_numbers OWNER TO batch"),
        [
            added(
                "owner",
                "ledger|books|sequence|entry_numbers|batch",
                "postgresql_grant.entries_counted",
                ("role", "postgresql_role.batch.name"),
            ),
        ],
    ),
    row(
        "a program owns the function that it may call",
        in_shop("ALTER FUNCTION audit.purge(integer) OWNER TO batch"),
        [
            added(
                "owner",
                "shop|audit|function|purge(integer)|batch",
                "postgresql_grant.purge_called",
                ("role", "postgresql_role.batch.name"),
            ),
        ],
    ),
    # ---- somebody who might have made it ----------------------------------------------------------------------------
    row("a table is a superuser's", in_shop("ALTER TABLE audit.events OWNER TO postgres"), []),
    row("a function is another superuser's", in_shop("ALTER FUNCTION audit.purge(integer) OWNER TO dba"), []),
    row("a role owns a table of a schema that it may fill", in_shop("ALTER TABLE sales.orders OWNER TO deploy"), []),
    row(
        "a role owns a table of a schema that a policy lets it fill",
        in_shop("ALTER TABLE audit.events OWNER TO breakglass"),
        [],
    ),
    row(
        "a person owns a table as a member of the owner of its schema",
        in_shop("GRANT shop_owner TO deploy", "ALTER TABLE audit.events OWNER TO deploy"),
        [
            unmanaged("membership", "deploy|shop_owner"),
        ],
    ),
    row(
        "a program has a table of its own where it may make some",
        in_ledger("GRANT CREATE ON SCHEMA public TO app", "SET ROLE app", "CREATE TABLE public.mine (id serial)"),
        [
            unmanaged("grant/schema", "ledger|public|app"),
        ],
    ),
    row(
        "a role may make nothing any more where it made something",
        in_shop(
            "SET ROLE deploy",
            "CREATE TABLE sales.returns (id bigint)",
            "RESET ROLE",
            "REVOKE CREATE ON SCHEMA sales FROM deploy",
        ),
        [
            modified(
                "grant/schema",
                "shop|sales|deploy",
                "grant_options",
                "postgresql_grant.sales_deployed",
                ("with_grant_option", "true"),
            ),
            modified(
                "grant/schema",
                "shop|sales|deploy",
                "privileges",
                "postgresql_grant.sales_deployed",
                ("privileges", '"CREATE"'),
            ),
            removed("grant/table", "shop|sales|returns|readers", "postgresql_grant.sales_read"),
        ],
    ),
    row(
        "a schema whose owner owns its tables changes hands",
        in_ledger("ALTER SCHEMA books OWNER TO deploy", "ALTER DATABASE ledger OWNER TO deploy"),
        [
            modified(
                "database",
                "ledger",
                "owner",
                "postgresql_database.ledger",
                ("owner", "postgresql_role.ledger_owner.name"),
            ),
            modified(
                "schema",
                "ledger|books",
                "owner",
                "postgresql_schema.books",
                ("owner", "postgresql_role.ledger_owner.name"),
            ),
        ],
    ),
]
