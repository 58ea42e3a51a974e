"""Roles, and who is a member of which."""

from cluster import VERSION
from table import added, missing, modified, removed, unmanaged

from . import row as rows
from .row import row, spot

ROLE, MEMBERSHIP = "postgres/role", "postgres/membership"

# Who makes roles may change every other until version 16 ties that to the roles that he administers.
MAKES_ROLES, MADE_AND_LET_IN = ("critical", "critical") if VERSION < 16 else ("medium", "high")


def role(name):
    return {"name": name}


def member(name, of):
    return {"member": name, "role": of}


def block(name):
    return rows.block(f"postgresql_role.{name}")


def argument(name, of):
    return rows.value(f"postgresql_role.{of}", name)


def changed(name, property, severity, place):
    return modified(ROLE, role(name), property, severity, f"postgresql_role.{name}", place)


APP_WRITES, DEPLOY_READS = (rows.block(f"postgresql_grant_role.{name}") for name in ("app_writes", "deploy_reads"))
ANN, BOB = 'postgresql_role.people["ann"]', 'postgresql_role.people["bob"]'
ANNS, ANN_READS = (spot("main.tf", '    ann = ["readers", "writers"]', text) for text in ("[", '"readers"'))
BOBS, BOB_READS = (spot("main.tf", '    bob = ["readers"]', text) for text in ("[", '"readers"'))

TABLE = [
    # ---- attributes of roles -------------------------------------------------------------------------------------
    row("a role may log in", "ALTER ROLE readers LOGIN", [changed("readers", "login", "medium", block("readers"))]),
    row(
        "a program is made superuser",
        "ALTER ROLE app SUPERUSER",
        [changed("app", "superuser", "critical", block("app"))],
    ),
    row(
        "a program may make databases",
        "ALTER ROLE app CREATEDB",
        [changed("app", "create_database", "medium", block("app"))],
    ),
    row(
        "a program may make roles",
        "ALTER ROLE app CREATEROLE",
        [changed("app", "create_role", MAKES_ROLES, block("app"))],
    ),
    row(
        "a role does not inherit any more",
        "ALTER ROLE app NOINHERIT",
        [changed("app", "inherit", "medium", block("app"))],
    ),
    row(
        "a role may replicate",
        "ALTER ROLE probe REPLICATION",
        [changed("probe", "replication", "medium", block("probe"))],
    ),
    row(
        "a role bypasses row security",
        "ALTER ROLE probe BYPASSRLS",
        [changed("probe", "bypass_row_level_security", "medium", block("probe"))],
    ),
    row(
        "a limit of connections is taken away",
        "ALTER ROLE app CONNECTION LIMIT -1",
        [changed("app", "connection_limit", "low", argument("connection_limit", "app"))],
    ),
    row(
        "a password does not run out any more",
        "ALTER ROLE deploy VALID UNTIL 'infinity'",
        [changed("deploy", "valid_until", "high", argument("valid_until", "deploy"))],
    ),
    row(
        "a password runs out a year later",
        "ALTER ROLE deploy VALID UNTIL '2032-01-01 00:00:00+00'",
        [changed("deploy", "valid_until", "high", argument("valid_until", "deploy"))],
    ),
    row(
        "the search path begins elsewhere",
        "ALTER ROLE app SET search_path TO public, app",
        [changed("app", "search_path", "medium", argument("search_path", "app"))],
    ),
    row(
        "the search path has another order",
        "ALTER ROLE app SET search_path TO \"$user\", app, public",
        [changed("app", "search_path", "medium", argument("search_path", "app"))],
    ),
    # The provider cannot read a time with a unit.
    row(
        "a time limit is written with a unit",
        "ALTER ROLE app SET statement_timeout = '10min'",
        [changed("app", "statement_timeout", "low", argument("statement_timeout", "app"))],
    ),
    row(
        "a time limit is taken away",
        "ALTER ROLE app RESET idle_in_transaction_session_timeout",
        [
            changed(
                "app", "idle_in_transaction_session_timeout", "low",
                argument("idle_in_transaction_session_timeout", "app"),
            )
        ],
    ),
    row(
        "another role is assumed at login",
        "ALTER ROLE batch SET role TO 'readers'",
        [changed("batch", "assume_role", "medium", argument("assume_role", "batch"))],
    ),
    # ---- roles that come and go ----------------------------------------------------------------------------------
    row("a role is dropped", "DROP ROLE replicator", [
        missing(ROLE, role("replicator"), "low", "postgresql_role.replicator", block("replicator")),
    ]),
    # With a role go its memberships.
    row("a person is dropped", "DROP ROLE bob", [
        missing(ROLE, role("bob"), "low", BOB, block("people")),
        removed(MEMBERSHIP, member("bob", "readers"), "low", BOB, BOB_READS),
    ]),
    # To Terraform a role is its name.
    row("a role is renamed", "ALTER ROLE replicator RENAME TO prober", [
        missing(ROLE, role("replicator"), "low", "postgresql_role.replicator", block("replicator")),
        unmanaged(ROLE, role("prober"), "high"),
    ]),
    row("a role that nobody declares", "CREATE ROLE contractor LOGIN", [
        unmanaged(ROLE, role("contractor"), "low"),
    ]),
    row("a superuser that nobody declares", "CREATE ROLE emergency SUPERUSER LOGIN", [
        unmanaged(ROLE, role("emergency"), "critical"),
    ]),
    row("a role that bypasses row security", "CREATE ROLE exporter LOGIN BYPASSRLS", [
        unmanaged(ROLE, role("exporter"), "high"),
    ]),
    # Names that look like a vendor's or like another's prove nothing.
    row("a role that is called as a cloud's own", "CREATE ROLE rdsadmin SUPERUSER", [
        unmanaged(ROLE, role("rdsadmin"), "critical"),
    ]),
    row("a role whose name differs in case", 'CREATE ROLE "App" LOGIN', [
        unmanaged(ROLE, role("App"), "low"),
    ]),
    row("a role whose name is to steer the terminal", "CREATE ROLE U&\"\\001B[2Jeve\" LOGIN", [
        unmanaged(ROLE, role("\x1b[2Jeve"), "low"),
    ]),
    # ---- memberships ---------------------------------------------------------------------------------------------
    row("a person joins a group", "GRANT writers TO bob", [
        added(MEMBERSHIP, member("bob", "writers"), "medium", BOB, BOBS),
    ]),
    row("a role that is declared to be in no group joins one", "GRANT writers TO probe", [
        added(MEMBERSHIP, member("probe", "writers"), "medium", "postgresql_role.probe",
              argument("roles", "probe")),
    ]),
    row("a person may read the server's files", "GRANT pg_read_server_files TO ann", [
        added(MEMBERSHIP, member("ann", "pg_read_server_files"), "critical", ANN, ANNS),
    ]),
    row("a program may run programs on the server", "GRANT pg_execute_server_program TO app", [
        unmanaged(MEMBERSHIP, member("app", "pg_execute_server_program"), "critical"),
    ]),
    row("a program may read everything", "GRANT pg_read_all_data TO deploy", [
        unmanaged(MEMBERSHIP, member("deploy", "pg_read_all_data"), "medium"),
    ], since=14),
    # Everybody in the group gets it, too; what was granted is one membership.
    row("a group may write everything", "GRANT pg_write_all_data TO writers", [
        unmanaged(MEMBERSHIP, member("writers", "pg_write_all_data"), "medium"),
    ], since=14),
    row("a group may become the role that makes roles", "GRANT breakglass TO readers", [
        unmanaged(MEMBERSHIP, member("readers", "breakglass"), MAKES_ROLES),
    ]),
    row("the server's superuser joins a group", "GRANT writers TO postgres", [
        unmanaged(MEMBERSHIP, member("postgres", "writers"), "medium"),
    ]),
    row("a program leaves its group", "REVOKE writers FROM app", [
        missing(MEMBERSHIP, member("app", "writers"), "low", "postgresql_grant_role.app_writes", APP_WRITES),
    ]),
    row("a person leaves a group", "REVOKE readers FROM ann", [
        removed(MEMBERSHIP, member("ann", "readers"), "low", ANN, ANN_READS),
    ]),
    row("a program leaves a predefined role", "REVOKE pg_monitor FROM batch", [
        removed(MEMBERSHIP, member("batch", "pg_monitor"), "low", "postgresql_role.batch",
                spot("main.tf", '    "pg_monitor",', '"pg_monitor"')),
    ]),
    row("a program may hand its membership on", "GRANT writers TO app WITH ADMIN OPTION", [
        modified(MEMBERSHIP, member("app", "writers"), "admin_option", "medium", "postgresql_grant_role.app_writes",
                 APP_WRITES),
    ]),
    # The provider does not look at the option of a membership in `roles`.
    row("a person may hand a membership on", "GRANT readers TO ann WITH ADMIN OPTION", [
        modified(MEMBERSHIP, member("ann", "readers"), "admin_option", "medium", ANN, ANN_READS),
    ]),
    row("a membership may not be handed on any more", "REVOKE ADMIN OPTION FOR readers FROM deploy", [
        modified(MEMBERSHIP, member("deploy", "readers"), "admin_option", "medium",
                 "postgresql_grant_role.deploy_reads",
                 rows.value("postgresql_grant_role.deploy_reads", "with_admin_option")),
    ]),
    # ---- several at once -----------------------------------------------------------------------------------------
    row("a contractor is made and let in", (
        "CREATE ROLE contractor LOGIN",
        "GRANT breakglass TO contractor",
    ), [
        unmanaged(ROLE, role("contractor"), MADE_AND_LET_IN),
        unmanaged(MEMBERSHIP, member("contractor", "breakglass"), MAKES_ROLES),
    ]),
    # ---- nothing to be found -------------------------------------------------------------------------------------
    row("the same time, written with a unit", "ALTER ROLE app SET statement_timeout = '30s'", []),
    row("the same point in time, in another zone", "ALTER ROLE deploy VALID UNTIL '2030-12-31 19:00:00-05'", []),
    row("a membership that is granted twice", "GRANT writers TO ann", []),
    row("a setting of the server's superuser", "ALTER ROLE postgres SET statement_timeout = 0", []),
    row("a setting that no resource type has", "ALTER ROLE app SET work_mem = '64MB'", []),
]
