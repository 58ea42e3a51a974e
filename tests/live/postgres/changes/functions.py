"""Functions and procedures."""

from .row import added, in_ledger, in_shop, missing, modified, removed, row, unmanaged

TABLE = [
    row(
        "everybody may call what nobody may",
        in_shop("GRANT EXECUTE ON FUNCTION audit.purge(integer) TO PUBLIC"),
        [
            added(
                "grant/function",
                "shop|audit|purge(integer)|public",
                "postgresql_grant.audit_called_by_nobody",
                ("privileges", "[]"),
            ),
        ],
    ),
    row(
        "a new function, which everybody may call by itself",
        in_shop("CREATE FUNCTION audit.peek() RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
        [
            added(
                "grant/function",
                "shop|audit|peek()|public",
                "postgresql_grant.audit_called_by_nobody",
                ("privileges", "[]"),
            ),
        ],
    ),
    row(
        "a new function of the owner, which the defaults keep from everybody",
        in_shop("SET ROLE shop_owner", "CREATE FUNCTION audit.peek() RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
        [],
    ),
    row(
        "a program may not call a function with arguments any more",
        in_shop("REVOKE EXECUTE ON FUNCTION audit.purge(integer) FROM batch"),
        [
            missing(
                "grant/function",
                "shop|audit|purge(integer)|batch",
                "postgresql_grant.purge_called",
                ("objects", '"purge(integer)"'),
            ),
        ],
    ),
    row(
        "a program may not call a procedure any more",
        in_shop("REVOKE EXECUTE ON PROCEDURE sales.close_day() FROM batch"),
        [
            missing(
                "grant/function",
                "shop|sales|close_day()|batch",
                "postgresql_grant.day_closed",
                ("objects", '"close_day"'),
            ),
        ],
    ),
    row(
        "a program may let others call a procedure",
        in_shop("GRANT EXECUTE ON PROCEDURE sales.close_day() TO batch WITH GRANT OPTION"),
        [
            modified("grant/function", "shop|sales|close_day()|batch", "grant_options", "postgresql_grant.day_closed"),
        ],
    ),
    row(
        "another program may call a function",
        in_shop("GRANT EXECUTE ON FUNCTION audit.purge(integer) TO app"),
        [
            unmanaged("grant/function", "shop|audit|purge(integer)|app"),
        ],
    ),
    row(
        "a person may call one of two functions of a name",
        in_shop("GRANT EXECUTE ON FUNCTION sales.total(bigint, text) TO bob"),
        [
            unmanaged("grant/function", "shop|sales|total(bigint, text)|bob"),
        ],
    ),
    row(
        "a role may not call one of all routines any more",
        in_ledger("REVOKE EXECUTE ON PROCEDURE books.close_year() FROM deploy"),
        [
            removed("grant/function", "ledger|books|close_year()|deploy", "postgresql_grant.books_called"),
        ],
    ),
    row(
        "a new routine that a role is not granted",
        in_ledger("CREATE FUNCTION books.extra() RETURNS integer LANGUAGE sql AS 'SELECT 1'"),
        [
            removed("grant/function", "ledger|books|extra()|deploy", "postgresql_grant.books_called"),
        ],
    ),
    row(
        "a function runs with its owner's rights",
        in_shop("ALTER FUNCTION sales.greeting() SECURITY DEFINER"),
        [
            modified("function", "shop|sales|greeting()", "security_definer", "postgresql_function.greeting"),
        ],
    ),
    row(
        "a function runs with its caller's rights",
        in_shop("ALTER FUNCTION audit.purge(integer) SECURITY INVOKER"),
        [
            modified(
                "function",
                "shop|audit|purge(integer)",
                "security_definer",
                "postgresql_function.purge",
                ("security_definer", "true"),
            ),
        ],
    ),
    row(
        "a function with a superuser's rights that nobody declares",
        in_shop("CREATE FUNCTION sales.backdoor() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"),
        [
            unmanaged("function", "shop|sales|backdoor()"),
        ],
    ),
    row(
        "a function with a program's rights that nobody declares",
        in_ledger(
            "GRANT CREATE ON SCHEMA public TO app",
            "SET ROLE app",
            "CREATE FUNCTION public.helper() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        ),
        [
            unmanaged("function", "ledger|public|helper()"),
            unmanaged("grant/schema", "ledger|public|app"),
        ],
    ),
    row(
        "a function does something else",
        in_shop("CREATE OR REPLACE FUNCTION sales.greeting() RETURNS text LANGUAGE sql AS $$SELECT 'bye'::text$$"),
        [],
    ),
    row(
        "a function is dropped",
        in_shop("DROP FUNCTION audit.purge(integer)"),
        [
            missing(
                "grant/function",
                "shop|audit|purge(integer)|batch",
                "postgresql_grant.purge_called",
                ("objects", '"purge(integer)"'),
            ),
            missing("function", "shop|audit|purge(integer)", "postgresql_function.purge"),
        ],
    ),
    row(
        "a program may read the server's files",
        in_shop("GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO app"),
        [
            unmanaged("grant/function", "shop|pg_catalog|pg_read_file(text)|app", "critical"),
        ],
    ),
    row(
        "everybody may have the server read its configuration again",
        in_ledger("GRANT EXECUTE ON FUNCTION pg_catalog.pg_reload_conf() TO PUBLIC"),
        [
            unmanaged("grant/function", "ledger|pg_catalog|pg_reload_conf()|public"),
        ],
    ),
    row("an extension that nobody declares", in_shop("CREATE EXTENSION hstore"), []),
]
