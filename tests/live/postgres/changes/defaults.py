"""Privileges on what is made later."""

from .row import added, in_ledger, in_shop, missing, modified, row, unmanaged

TABLE = [
    row(
        "a group will be able to write new tables",
        in_shop("ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT INSERT ON TABLES TO readers"),
        [
            modified(
                "default_privileges",
                "shop|shop_owner|sales|table|readers",
                "privileges",
                "postgresql_default_privileges.sales_read",
                ("privileges", '["SELECT"]'),
            ),
        ],
    ),
    row(
        "everybody will be able to read new tables",
        in_shop("ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT SELECT ON TABLES TO PUBLIC"),
        [
            unmanaged("default_privileges", "shop|shop_owner|sales|table|public"),
        ],
    ),
    row(
        "a group will not be able to read new tables",
        in_shop("ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales REVOKE SELECT ON TABLES FROM readers"),
        [
            missing(
                "default_privileges", "shop|shop_owner|sales|table|readers", "postgresql_default_privileges.sales_read"
            ),
        ],
    ),
    row(
        "everybody will be able to call new functions",
        in_shop("ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC"),
        [
            added(
                "default_privileges",
                "shop|shop_owner||function|public",
                "postgresql_default_privileges.called_by_nobody",
                ("privileges", "[]"),
            ),
        ],
    ),
    row(
        "a person will have all of a program's new tables",
        in_shop("ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA sales GRANT ALL ON TABLES TO bob"),
        [
            unmanaged("default_privileges", "shop|app|sales|table|bob"),
        ],
    ),
    row(
        "a person will be able to read new tables of any schema",
        in_shop("ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT SELECT ON TABLES TO bob"),
        [
            unmanaged("default_privileges", "shop|shop_owner||table|bob"),
        ],
    ),
    row(
        "a group will have half of new schemas",
        in_ledger("ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner REVOKE CREATE ON SCHEMAS FROM writers"),
        [
            modified(
                "default_privileges",
                "ledger|ledger_owner||schema|writers",
                "privileges",
                "postgresql_default_privileges.schemas_used",
                ("privileges", "privileges", "attribute"),
            ),
        ],
    ),
    row(
        "a group will not be able to hand new types on",
        in_ledger("ALTER DEFAULT PRIVILEGES FOR ROLE ledger_owner REVOKE GRANT OPTION FOR USAGE ON TYPES FROM writers"),
        [
            modified(
                "default_privileges",
                "ledger|ledger_owner||type|writers",
                "grant_options",
                "postgresql_default_privileges.types_used",
                ("with_grant_option", "true"),
            ),
        ],
    ),
    row(
        "a program will be able to hand new sequences on",
        in_shop(
            "ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales "
            "GRANT USAGE, SELECT ON SEQUENCES TO app WITH GRANT OPTION",
        ),
        [
            modified(
                "default_privileges",
                "shop|shop_owner|sales|sequence|app",
                "grant_options",
                "postgresql_default_privileges.sales_counted",
            ),
        ],
    ),
    row(
        "a program will be able to call new functions of the server's superuser",
        in_shop("ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT EXECUTE ON FUNCTIONS TO app"),
        [
            unmanaged("default_privileges", "shop|postgres|sales|function|app"),
        ],
    ),
]
