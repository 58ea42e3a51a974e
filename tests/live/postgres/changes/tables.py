"""Tables, their columns, and sequences."""

from .row import in_ledger, in_shop, missing, modified, removed, row, unmanaged

TABLE = [
    # ---- tables -----------------------------------------------------------------------------------------------------
    row(
        "a program may delete",
        in_shop("GRANT DELETE ON sales.orders TO app"),
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
        "a program may not update any more",
        in_shop("REVOKE UPDATE ON sales.order_lines FROM app"),
        [
            modified(
                "grant/table",
                "shop|sales|order_lines|app",
                "privileges",
                "postgresql_grant.orders_written",
                ("privileges", '"UPDATE"'),
            ),
        ],
    ),
    row(
        "a program may nothing any more",
        in_shop("REVOKE ALL ON sales.orders FROM app"),
        [
            removed("grant/table", "shop|sales|orders|app", "postgresql_grant.orders_written", ("objects", '"orders"')),
        ],
    ),
    row(
        "a program may read a table that it is not granted",
        in_shop("GRANT SELECT ON sales.customers TO app"),
        [
            unmanaged("grant/table", "shop|sales|customers|app"),
        ],
    ),
    row(
        "a person may read a table",
        in_shop("GRANT SELECT ON sales.orders TO bob"),
        [
            unmanaged("grant/table", "shop|sales|orders|bob"),
        ],
    ),
    row(
        "everybody may write a table",
        in_shop("GRANT INSERT ON sales.orders TO PUBLIC"),
        [
            unmanaged("grant/table", "shop|sales|orders|public"),
        ],
    ),
    row(
        "everybody may write what everybody may read",
        in_shop("GRANT UPDATE ON sales.prices TO PUBLIC"),
        [
            modified(
                "grant/table",
                "shop|sales|prices|public",
                "privileges",
                "postgresql_grant.prices_public",
                ("privileges", '["SELECT"]'),
            ),
        ],
    ),
    row(
        "a program may let others read",
        in_shop("GRANT SELECT ON sales.orders TO app WITH GRANT OPTION"),
        [
            modified("grant/table", "shop|sales|orders|app", "grant_options", "postgresql_grant.orders_written"),
        ],
    ),
    row(
        "a role may not hand reading on any more",
        in_ledger("REVOKE GRANT OPTION FOR SELECT ON books.entries FROM probe"),
        [
            modified(
                "grant/table",
                "ledger|books|entries|probe",
                "grant_options",
                "postgresql_grant.entries_probed",
                ("with_grant_option", "true"),
            ),
        ],
    ),
    row(
        "a grant is handed on",
        in_ledger("GRANT USAGE ON SCHEMA books TO probe", "SET ROLE probe", "GRANT SELECT ON books.entries TO bob"),
        [
            unmanaged("grant/schema", "ledger|books|probe"),
            unmanaged("grant/table", "ledger|books|entries|bob"),
        ],
    ),
    row(
        "a new table that a group may not read",
        in_shop("CREATE TABLE sales.returns (id bigint)"),
        [
            removed("grant/table", "shop|sales|returns|readers", "postgresql_grant.sales_read"),
        ],
    ),
    row(
        "a new table of the owner, which the defaults give to the group",
        in_shop("SET ROLE shop_owner", "CREATE TABLE sales.returns (id bigint)"),
        [],
    ),
    row(
        "a new table in a schema that one role has all of",
        in_shop("SET ROLE shop_owner", "CREATE TABLE audit.more (id bigint)"),
        [
            removed("grant/table", "shop|audit|more|breakglass", "postgresql_grant.audit_all"),
        ],
    ),
    row(
        "a group may not read one of all tables any more",
        in_shop("REVOKE SELECT ON sales.prices FROM readers"),
        [
            removed("grant/table", "shop|sales|prices|readers", "postgresql_grant.sales_read"),
        ],
    ),
    row(
        "a group may not read a view any more",
        in_shop("REVOKE SELECT ON sales.open_orders FROM readers"),
        [
            removed("grant/table", "shop|sales|open_orders|readers", "postgresql_grant.sales_read"),
        ],
    ),
    row(
        "a group may write one of all tables",
        in_shop("GRANT UPDATE ON sales.customers TO readers"),
        [
            modified(
                "grant/table",
                "shop|sales|customers|readers",
                "privileges",
                "postgresql_grant.sales_read",
                ("privileges", '["SELECT"]'),
            ),
        ],
    ),
    row(
        "a role has all but one privilege",
        in_shop("REVOKE TRUNCATE ON audit.events FROM breakglass"),
        [
            modified(
                "grant/table",
                "shop|audit|events|breakglass",
                "privileges",
                "postgresql_grant.audit_all",
                ("privileges", "privileges", "attribute"),
            ),
        ],
    ),
    row(
        "a table is dropped",
        in_shop("DROP TABLE sales.order_lines"),
        [
            removed(
                "grant/table",
                "shop|sales|order_lines|app",
                "postgresql_grant.orders_written",
                ("objects", '"order_lines"'),
            ),
        ],
    ),
    row(
        "a table that everybody may read is dropped",
        in_shop("DROP TABLE sales.prices"),
        [
            missing(
                "grant/table", "shop|sales|prices|public", "postgresql_grant.prices_public", ("objects", '"prices"')
            ),
        ],
    ),
    row(
        "a table is renamed",
        in_shop("ALTER TABLE sales.prices RENAME TO price_list"),
        [
            missing(
                "grant/table", "shop|sales|prices|public", "postgresql_grant.prices_public", ("objects", '"prices"')
            ),
            unmanaged("grant/table", "shop|sales|price_list|public"),
        ],
    ),
    row(
        "a table moves to another schema",
        in_shop("ALTER TABLE sales.prices SET SCHEMA public"),
        [
            missing(
                "grant/table", "shop|sales|prices|public", "postgresql_grant.prices_public", ("objects", '"prices"')
            ),
            unmanaged("grant/table", "shop|public|prices|public"),
            unmanaged("grant/table", "shop|public|prices|readers"),
        ],
    ),
    row(
        "everybody may read a table of a schema without grants",
        in_shop("CREATE TABLE public.dump (id bigint)", "GRANT SELECT ON public.dump TO PUBLIC"),
        [
            unmanaged("grant/table", "shop|public|dump|public"),
        ],
    ),
    row(
        "a program may read the password hashes",
        "GRANT SELECT ON pg_catalog.pg_authid TO app",
        [
            unmanaged("grant/table", "postgres|pg_catalog|pg_authid|app", "critical"),
        ],
    ),
    row(
        "a program may rewrite the catalogue of roles",
        in_shop("GRANT UPDATE ON pg_catalog.pg_authid TO app"),
        [
            unmanaged("grant/table", "shop|pg_catalog|pg_authid|app", "critical"),
        ],
    ),
    row(
        "a table in the server's own database",
        ("CREATE TABLE notes (id bigint)", "GRANT SELECT ON notes TO bob"),
        [
            unmanaged("grant/table", "postgres|public|notes|bob"),
        ],
    ),
    # ---- columns ----------------------------------------------------------------------------------------------------
    row(
        "a program may write one more column",
        in_shop("GRANT UPDATE (card) ON sales.customers TO app"),
        [
            unmanaged("grant/column", "shop|sales|customers|card|UPDATE|app"),
        ],
    ),
    row(
        "a program may write one column less",
        in_shop("REVOKE UPDATE (email) ON sales.customers FROM app"),
        [
            removed(
                "grant/column",
                "shop|sales|customers|email|UPDATE|app",
                "postgresql_grant.names_written",
                ("columns", '"email"'),
            ),
        ],
    ),
    row(
        "a program may read a column that it may write",
        in_shop("GRANT SELECT (card) ON sales.customers TO app"),
        [
            unmanaged("grant/column", "shop|sales|customers|card|SELECT|app"),
        ],
    ),
    row(
        "a person may read a column",
        in_shop("GRANT SELECT (card) ON sales.customers TO bob"),
        [
            unmanaged("grant/column", "shop|sales|customers|card|SELECT|bob"),
        ],
    ),
    row(
        "everybody may read a column",
        in_shop("GRANT SELECT (card) ON sales.customers TO PUBLIC"),
        [
            unmanaged("grant/column", "shop|sales|customers|card|SELECT|public"),
        ],
    ),
    row(
        "a role may let others read a column",
        in_shop("GRANT SELECT (id) ON sales.customers TO probe WITH GRANT OPTION"),
        [
            modified(
                "grant/column", "shop|sales|customers|id|SELECT|probe", "grant_option", "postgresql_grant.names_read"
            ),
        ],
    ),
    row(
        "a column is renamed",
        in_shop("ALTER TABLE sales.customers RENAME COLUMN email TO mail"),
        [
            removed(
                "grant/column",
                "shop|sales|customers|email|UPDATE|app",
                "postgresql_grant.names_written",
                ("columns", '"email"'),
            ),
            unmanaged("grant/column", "shop|sales|customers|mail|UPDATE|app"),
        ],
    ),
    row(
        "a column is dropped",
        in_shop("ALTER TABLE sales.customers DROP COLUMN name"),
        [
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
        ],
    ),
    row(
        "a role may read every column",
        in_shop("GRANT SELECT ON sales.customers TO probe"),
        [
            unmanaged("grant/table", "shop|sales|customers|probe"),
        ],
    ),
    # ---- sequences --------------------------------------------------------------------------------------------------
    row(
        "a program may set a sequence",
        in_shop("GRANT UPDATE ON SEQUENCE sales.order_numbers TO app"),
        [
            modified(
                "grant/sequence",
                "shop|sales|order_numbers|app",
                "privileges",
                "postgresql_grant.sales_counted",
                ("privileges", '["USAGE", "SELECT"]'),
            ),
        ],
    ),
    row(
        "a program has all but one privilege of a sequence",
        in_ledger("REVOKE UPDATE ON SEQUENCE books.entry_numbers FROM batch"),
        [
            modified(
                "grant/sequence",
                "ledger|books|entry_numbers|batch",
                "privileges",
                "postgresql_grant.entries_counted",
                ("privileges", "privileges", "attribute"),
            ),
        ],
    ),
    row(
        "a program may not count any more",
        in_shop("REVOKE ALL ON SEQUENCE sales.order_numbers FROM app"),
        [
            removed("grant/sequence", "shop|sales|order_numbers|app", "postgresql_grant.sales_counted"),
        ],
    ),
    row(
        "a new sequence that a program may not use",
        in_shop("CREATE SEQUENCE sales.invoice_numbers"),
        [
            removed("grant/sequence", "shop|sales|invoice_numbers|app", "postgresql_grant.sales_counted"),
        ],
    ),
    row(
        "a person may count",
        in_shop("GRANT USAGE ON SEQUENCE sales.order_numbers TO bob"),
        [
            unmanaged("grant/sequence", "shop|sales|order_numbers|bob"),
        ],
    ),
    row(
        "a program may let others count",
        in_ledger("GRANT USAGE ON SEQUENCE books.entry_numbers TO batch WITH GRANT OPTION"),
        [
            modified(
                "grant/sequence",
                "ledger|books|entry_numbers|batch",
                "grant_options",
                "postgresql_grant.entries_counted",
            ),
        ],
    ),
]
