"""Foreign data, replication, labels, and what spans everything."""

from .row import in_ledger, in_shop, missing, modified, removed, row, unmanaged

TABLE = [
    # ---- foreign ----------------------------------------------------------------------------------------------------
    row(
        "a role may not use a wrapper any more",
        in_ledger("REVOKE USAGE ON FOREIGN DATA WRAPPER postgres_fdw FROM deploy"),
        [
            missing(
                "grant/foreign_data_wrapper",
                "ledger|postgres_fdw|deploy",
                "postgresql_grant.wrapper_used",
                ("objects", "postgresql_extension.foreign.name"),
            ),
        ],
    ),
    row(
        "a program may use a wrapper",
        in_ledger("GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO app"),
        [
            unmanaged("grant/foreign_data_wrapper", "ledger|postgres_fdw|app"),
        ],
    ),
    row(
        "everybody may use a foreign server",
        in_ledger("GRANT USAGE ON FOREIGN SERVER warehouse TO PUBLIC"),
        [
            unmanaged("grant/foreign_server", "ledger|warehouse|public"),
        ],
    ),
    row(
        "a program may not use a foreign server any more",
        in_ledger("REVOKE USAGE ON FOREIGN SERVER warehouse FROM app"),
        [
            missing(
                "grant/foreign_server",
                "ledger|warehouse|app",
                "postgresql_grant.warehouse_used",
                ("objects", "postgresql_server.warehouse.server_name"),
            ),
        ],
    ),
    row(
        "a program may let others use a foreign server",
        in_ledger("GRANT USAGE ON FOREIGN SERVER warehouse TO app WITH GRANT OPTION"),
        [
            modified(
                "grant/foreign_server", "ledger|warehouse|app", "grant_options", "postgresql_grant.warehouse_used"
            ),
        ],
    ),
    row(
        "a foreign server changes hands",
        in_ledger("ALTER SERVER warehouse OWNER TO deploy"),
        [
            modified(
                "foreign_server",
                "ledger|warehouse",
                "owner",
                "postgresql_server.warehouse",
                ("server_owner", "postgresql_role.ledger_owner.name"),
            ),
        ],
    ),
    row(
        "a foreign server that nobody declares",
        in_ledger("CREATE SERVER other FOREIGN DATA WRAPPER postgres_fdw"),
        [
            unmanaged("foreign_server", "ledger|other", "low"),
        ],
    ),
    row(
        "a person is let in to a foreign server",
        in_ledger("CREATE USER MAPPING FOR bob SERVER warehouse OPTIONS (user 'root', password 'canary-password-bob')"),
        [
            unmanaged("user_mapping", "ledger|warehouse|bob", "high"),
        ],
    ),
    row(
        "everybody is let in to a foreign server",
        in_ledger("CREATE USER MAPPING FOR PUBLIC SERVER warehouse"),
        [
            unmanaged("user_mapping", "ledger|warehouse|public", "high"),
        ],
    ),
    row(
        "a program is not let in to a foreign server any more",
        in_ledger("DROP USER MAPPING FOR app SERVER warehouse"),
        [
            missing("user_mapping", "ledger|warehouse|app", "postgresql_user_mapping.app_in_warehouse"),
        ],
    ),
    row(
        "a program is let in as somebody else",
        in_ledger("ALTER USER MAPPING FOR app SERVER warehouse OPTIONS (SET user 'root')"),
        [],
    ),
    row(
        "a foreign server is dropped",
        in_ledger("DROP SERVER warehouse CASCADE"),
        [
            missing(
                "grant/foreign_server",
                "ledger|warehouse|app",
                "postgresql_grant.warehouse_used",
                ("objects", "postgresql_server.warehouse.server_name"),
            ),
            missing("foreign_server", "ledger|warehouse", "postgresql_server.warehouse"),
            missing("user_mapping", "ledger|warehouse|app", "postgresql_user_mapping.app_in_warehouse"),
        ],
    ),
    # ---- others -----------------------------------------------------------------------------------------------------
    row(
        "a person may use a type",
        in_shop("GRANT USAGE ON TYPE sales.status TO bob"),
        [
            unmanaged("grant/type", "shop|sales|status|bob"),
        ],
    ),
    row("everybody may use a type no more", in_shop("REVOKE USAGE ON TYPE sales.status FROM PUBLIC"), []),
    row(
        "a program may use an untrusted language",
        in_shop("UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'c'", "GRANT USAGE ON LANGUAGE c TO app"),
        [
            unmanaged("grant/language", "shop|c|app"),
        ],
    ),
    row(
        "a person may read a large object",
        in_shop("SELECT lo_create(4242)", "GRANT SELECT ON LARGE OBJECT 4242 TO bob"),
        [
            unmanaged("grant/large_object", "shop|4242|bob"),
        ],
    ),
    row(
        "one more table is published",
        in_shop("ALTER PUBLICATION orders ADD TABLE sales.customers"),
        [
            modified(
                "publication", "shop|orders", "tables", "postgresql_publication.orders", ("tables", '["sales.orders"]')
            ),
        ],
    ),
    row(
        "deletions are published, too",
        in_shop("ALTER PUBLICATION orders SET (publish = 'insert, update, delete')"),
        [
            modified(
                "publication",
                "shop|orders",
                "publish_param",
                "postgresql_publication.orders",
                ("publish_param", '["insert", "update"]'),
            ),
        ],
    ),
    row(
        "a publication changes hands",
        in_shop("ALTER PUBLICATION orders OWNER TO postgres"),
        [
            modified(
                "publication",
                "shop|orders",
                "owner",
                "postgresql_publication.orders",
                ("owner", "postgresql_role.dba.name"),
            ),
        ],
    ),
    row(
        "all tables are published",
        in_shop("CREATE PUBLICATION everything FOR ALL TABLES"),
        [
            unmanaged("publication", "shop|everything"),
        ],
    ),
    row(
        "a publication is dropped",
        in_shop("DROP PUBLICATION orders"),
        [
            missing("publication", "shop|orders", "postgresql_publication.orders"),
        ],
    ),
    row(
        "another publication is subscribed to",
        in_shop("ALTER SUBSCRIPTION heartbeat SET PUBLICATION other WITH (refresh = false)"),
        [
            modified(
                "subscription",
                "shop|heartbeat",
                "publications",
                "postgresql_subscription.heartbeat",
                ("publications", "postgresql_publication.heartbeat.name"),
            ),
        ],
    ),
    row("a subscription changes hands", in_shop("ALTER SUBSCRIPTION heartbeat OWNER TO dba"), []),
    row(
        "a subscription that nobody declares",
        in_ledger(
            "CREATE SUBSCRIPTION leak CONNECTION 'host=192.0.2.1 password=canary-password-leak' PUBLICATION x "
            "WITH (connect = false)",
        ),
        [
            unmanaged("subscription", "ledger|leak", "high"),
        ],
    ),
    row("a replication slot is dropped", "SELECT pg_drop_replication_slot('standby')", []),
    row("a replication slot that nobody declares", "SELECT pg_create_physical_replication_slot('leak')", []),
    row(
        "a label is changed",
        "UPDATE pg_shseclabel SET label = 'secret'",
        [
            modified(
                "security_label",
                "|acme|role|app",
                "label",
                "postgresql_security_label.app",
                ("label", '"trusted"'),
                severity="high",
            ),
        ],
    ),
    row(
        "a label is taken away",
        "DELETE FROM pg_shseclabel",
        [
            missing("security_label", "|acme|role|app", "postgresql_security_label.app", severity="high"),
        ],
    ),
    row(
        "a label that nobody declares",
        "INSERT INTO pg_shseclabel SELECT oid, 'pg_authid'::regclass, 'acme', 'trusted' FROM pg_authid "
        "WHERE rolname = 'bob'",
        [
            unmanaged("security_label", "|acme|role|bob", "low"),
        ],
    ),
    row(
        "an owner of everything hands it over",
        in_shop("REASSIGN OWNED BY shop_owner TO deploy"),
        [
            modified(
                "database",
                "shop",
                "owner",
                "postgresql_database.shop",
                ("owner", "postgresql_role.shop_owner.name"),
            ),
            modified(
                "schema",
                "shop|audit",
                "owner",
                "postgresql_schema.audit",
                ("owner", "postgresql_role.shop_owner.name"),
            ),
            modified(
                "schema",
                "shop|public",
                "owner",
                "postgresql_schema.shop_public",
                ("owner", "postgresql_role.shop_owner.name"),
            ),
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
        "a program is dropped with all that it has",
        in_ledger(
            "DROP OWNED BY app",
            "\\connect shop",
            "DROP OWNED BY app",
            "\\connect postgres",
            "DROP OWNED BY app",
            "DROP ROLE app",
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
                "grant/foreign_server",
                "ledger|warehouse|app",
                "postgresql_grant.warehouse_used",
                ("objects", "postgresql_server.warehouse.server_name"),
            ),
            missing("grant/database", "shop|app", 'postgresql_grant.shop_connects["app"]'),
            missing("grant/schema", "shop|sales|app", 'postgresql_grant.sales_used["app"]'),
            missing("membership", "app|writers", "postgresql_grant_role.app_writes"),
            missing("role", "app", "postgresql_role.app"),
            missing("security_label", "|acme|role|app", "postgresql_security_label.app", severity="high"),
            missing("user_mapping", "ledger|warehouse|app", "postgresql_user_mapping.app_in_warehouse"),
            removed(
                "grant/column",
                "shop|sales|customers|email|UPDATE|app",
                "postgresql_grant.names_written",
                ("columns", '"email"'),
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
            removed("grant/sequence", "shop|sales|order_numbers|app", "postgresql_grant.sales_counted"),
            removed("grant/table", "shop|sales|orders|app", "postgresql_grant.orders_written", ("objects", '"orders"')),
        ],
    ),
]
