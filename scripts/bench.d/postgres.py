"""A PostgreSQL cluster with n roles and 10n grants: what a check of it takes, and beside it what a refresh takes of the same
state by Terraform and the real provider, where both are at hand.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from measure import Usage, run
from table import Table, amount, megabytes, ratio, seconds

ROOT = Path(__file__).resolve().parent.parent.parent
EACH = 10
"""Roles that each table is granted to."""

NOT_REFRESHED = 5_000
"""Roles from which on a refresh is left out: the provider reads every table of the schema for each grant on one of them, so
that ten times the roles take a hundred times the work."""

PATIENCE = int(os.environ.get("DRIFTLINE_BENCH_PATIENCE") or 900)
"""Seconds after which a refresh is stopped; what it had done until then is less than what it takes."""


def table(bench, sizes):
    programs = subprocess.run([ROOT / "scripts/postgres-programs"], capture_output=True, text=True, check=True).stdout.strip()
    if not programs:
        print("bench: there is no PostgreSQL server, so none is measured", file=sys.stderr)
        return None
    os.environ["DRIFTLINE_POSTGRES_PROGRAMS"] = programs
    sys.path.insert(0, str(ROOT / "tests/live/postgres"))
    measured = [cluster(bench, roles) for roles in sizes]
    titles = [f"{amount(roles)} roles, {amount(EACH * roles)} grants" for roles in sizes]
    growth = [f"{amount(roles)} / {amount(fewer)} roles" for fewer, roles in zip(sizes, sizes[1:])][-1:]
    shown = Table("A PostgreSQL cluster", ["", *titles, *growth])

    def row(label, show, of, stopped=lambda m: False):
        values, less = [of(one) for one in measured], [stopped(one) for one in measured]
        cells = ["–" if value is None else ("> " if few else "") + show(value) for value, few in zip(values, less)]
        grown = ratio(values[-1], values[-2]) if growth and None not in values[-2:] and not any(less[-2:]) else ""
        shown.row(label, *cells, *([grown] if growth else []))

    def stopped(m):
        return m["refresh"] is not None and not m["refresh"]["ended"]

    row("roles, memberships, grants and what is around them", amount, lambda m: m["facts"])
    row("differences, each of them found and nothing else", amount, lambda m: m["findings"])
    row("bytes of state", megabytes, lambda m: m["state"])
    for name, of in (("`driftline check`", "check"), ("`plan -refresh-only`", "refresh")):
        def part(label, show, key, of=of):
            row(label, show, lambda m: m[of] and m[of][key], stopped if of == "refresh" else lambda m: False)

        part(f"{name}: statements", amount, "statements")
        part("– connections", amount, "connections")
        part("– bytes received", megabytes, "received")
        part("– CPU seconds", seconds, "cpu")
        part("– wall time", seconds, "wall")
        part("– peak memory", megabytes, "peak")
    for label, key in (("statements", "statements"), ("connections", "connections"), ("bytes received", "received"),
                       ("CPU", "cpu"), ("wall time", "wall"), ("peak memory", "peak")):
        row(f"refresh / check: {label}", lambda value: f"{value:,.0f}",
            lambda m, key=key: m["refresh"] and m["refresh"][key] and m["refresh"][key] / m["check"][key], stopped)
    shown.note(f"Each of n tables is granted to {EACH} roles, each role is in a group. `driftline check` reads the state "
               "and the source, asks the cluster, compares, and finds the line of each difference. Statements and bytes are "
               "counted by a relay in a run of its own.")
    if all(one["refresh"] is None for one in measured):
        shown.note("No provider was at hand (`DRIFTLINE_POSTGRESQL_PROVIDER`), so nothing was refreshed.")
    else:
        shown.note("The refresh is one run of `terraform plan -refresh-only` with its usual ten resources at a time, through "
                   "the relay; CPU seconds hold those of the provider. It sees the changes that concern what it manages. "
                   f"After {amount(PATIENCE)} seconds it is stopped, and what it had done until then stands behind `>`; from "
                   f"{amount(NOT_REFRESHED)} roles on it is left out.")
        bench.ratios += [f"refreshing takes {one['refresh']['statements'] / one['check']['statements']:,.0f} times the "
                         "statements of a check" for one in measured if one["refresh"] and one["refresh"]["ended"]]
    return shown


# ---- one cluster ----------------------------------------------------------------------------------------------------


def cluster(bench, roles):
    from cluster import Server
    from relay import Relay

    root = bench.files / f"postgres-{roles}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    (root / "main.tf").write_text(source(roles))
    at = root / "terraform.tfstate"
    at.write_text(json.dumps(state(roles)))
    report = bench.files / "report.json"
    server = Server(settings={"shared_buffers": "128MB", "max_locks_per_transaction": 1024})
    try:
        server.script("\n".join(f"{statement};" for statement in made(roles)), timeout=900)
        server.script("\n".join([*drifted(), "CHECKPOINT;"]))
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **server.environment}
        command = [bench.driftline, "check", root, "--format", "json"]
        check = Usage.typical([run(command, env=env, output=report, wanted=(3,)) for _ in range(bench.runs)])
        told = json.loads(report.read_text())
        with counting(Relay)(server.port) as relay:
            run(command, env={**env, **relay.environment}, output=report, wanted=(3,))
        counted = vars(check) | relay.counted()
        refresh = None
        if os.environ.get("DRIFTLINE_POSTGRESQL_PROVIDER") and roles < NOT_REFRESHED:
            refresh = refreshed(root, server, counting(Relay))
        return {"facts": right(told, roles), "findings": len(told["findings"]), "state": at.stat().st_size,
                "check": counted, "refresh": refresh}
    finally:
        server.remove()


def counting(relay):
    class Counting(relay):
        """Counts what passes: connections, bytes to the client, and statements, which are simple queries and executions."""

        statements = connections = received = 0

        def counted(self):
            return {name: getattr(self, name) for name in ("statements", "connections", "received")}

        def saw_asked(self, data, seen):
            seen += data
            # The first message of a connection has no type.
            while len(seen) >= 5:
                typed = bool(seen.begun)
                size = int.from_bytes(seen[typed:typed + 4], "big") + typed
                if len(seen) < size:
                    return
                self.statements += typed and seen[0:1] in (b"Q", b"E")
                self.connections += not typed
                seen.begun = True
                del seen[:size]

        def saw_answered(self, data):
            self.received += len(data)

    return Counting


def refreshed(root, server, relay):
    """`plan -refresh-only` of the same state."""
    provider = Path(os.environ["DRIFTLINE_POSTGRESQL_PROVIDER"]).resolve()
    program = os.environ.get("DRIFTLINE_TERRAFORM") or "terraform"
    settings = root / "terraformrc"
    settings.write_text('provider_installation {\n  dev_overrides {\n    "cyrilgdn/postgresql" = '
                        f"{json.dumps(str(provider.parent))}\n  }}\n  direct {{}}\n}}\n")
    with relay(server.port) as passing:
        env = {"PATH": os.environ["PATH"], "HOME": str(root), "TF_CLI_CONFIG_FILE": str(settings), "TF_INPUT": "0",
               **server.environment, **passing.environment}
        try:
            used = vars(run([program, f"-chdir={root}", "plan", "-refresh-only", "-lock=false"], env=env, seconds=PATIENCE))
            return used | passing.counted() | {"ended": True}
        except subprocess.TimeoutExpired:
            return {"cpu": None, "wall": PATIENCE, "peak": None, "ended": False} | passing.counted()


def right(report, roles):
    """Ends the run unless the report holds exactly what was expected; the number of live things."""
    found = {(one["change"], one["kind"]) for one in report["findings"]}
    expected = {
        ("modified", "postgres/role"), ("unmanaged", "postgres/role"), ("unmanaged", "postgres/membership"),
        ("missing", "postgres/membership"), ("missing", "postgres/grant/table"), ("modified", "postgres/grant/table"),
        ("unmanaged", "postgres/grant/table"), ("unmanaged", "postgres/grant/column"),
    }
    wrong = found ^ expected
    if wrong or len(report["findings"]) != len(drifted()) or report["gaps"] or report["summary"]["unknown"]:
        sys.exit(f"bench: the report on {roles} roles is wrong: {wrong} {report['summary']} {report['gaps'][:3]}")
    if unlocated := [one["address"] for one in report["findings"] if one["address"] and not one["location"]]:
        sys.exit(f"bench: no line: {unlocated}")
    return report["scopes"][0]["facts"]


# ---- what is there, and what is said to be there ------------------------------------------------------------------------


def names(roles):
    return [f"role_{number:05}" for number in range(roles)]


def grants(roles):
    """Each table with the roles that it is granted to."""
    every = names(roles)
    return {f"table_{number:05}": [every[(number + more) % roles] for more in range(EACH)] for number in range(roles)}


def made(roles):
    yield "CREATE ROLE team"
    yield from (f"CREATE ROLE {name} LOGIN" for name in names(roles))
    yield from (f"GRANT team TO {name}" for name in names(roles))
    yield "CREATE SCHEMA app"
    for table, to in grants(roles).items():
        yield f"CREATE TABLE app.{table} (id bigint)"
        yield f"GRANT SELECT, INSERT ON app.{table} TO {', '.join(to)}"


def drifted():
    """Each is one difference."""
    return [
        "ALTER ROLE role_00001 CREATEDB;",
        "CREATE ROLE stranger LOGIN;",
        "GRANT team TO stranger;",
        "REVOKE team FROM role_00002;",
        "REVOKE ALL ON app.table_00003 FROM role_00004;",
        "GRANT DELETE ON app.table_00003 TO role_00005;",
        "GRANT SELECT ON app.table_00006 TO stranger;",
        "GRANT UPDATE (id) ON app.table_00006 TO stranger;",
        "GRANT SELECT ON app.table_00007 TO PUBLIC;",
        "ALTER ROLE role_00008 VALID UNTIL '2030-01-01';",
    ]


def source(roles):
    people = "\n".join(f'    "{name}",' for name in names(roles))
    access = "\n".join(
        f'    "{table}/{role}" = {{ table = "{table}", role = "{role}" }}' for table, to in grants(roles).items() for role in to
    )
    return f"""terraform {{
  required_providers {{
    postgresql = {{
      source = "cyrilgdn/postgresql"
    }}
  }}
}}

provider "postgresql" {{}}

locals {{
  people = toset([
{people}
  ])
  access = {{
{access}
  }}
}}

resource "postgresql_role" "team" {{
  name = "team"
}}

resource "postgresql_schema" "app" {{
  name = "app"
}}

resource "postgresql_role" "this" {{
  for_each = local.people
  name     = each.value
  login    = true

  lifecycle {{
    ignore_changes = [roles]
  }}
}}

resource "postgresql_grant_role" "this" {{
  for_each   = local.people
  role       = each.value
  grant_role = postgresql_role.team.name
}}

resource "postgresql_grant" "this" {{
  for_each    = local.access
  database    = "postgres"
  schema      = postgresql_schema.app.name
  role        = each.value.role
  object_type = "table"
  objects     = [each.value.table]
  privileges  = ["SELECT", "INSERT"]
}}
"""


PROVIDER = 'provider["registry.terraform.io/cyrilgdn/postgresql"]'

ROLE = {
    "assume_role": "", "bypass_row_level_security": False, "connection_limit": -1, "create_database": False,
    "create_role": False, "encrypted": None, "encrypted_password": True, "idle_in_transaction_session_timeout": 0,
    "inherit": True, "password": None, "password_wo": None, "password_wo_version": None, "replication": False,
    "search_path": [], "skip_drop_role": False, "skip_reassign_owned": False, "statement_timeout": 0, "superuser": False,
    "valid_until": "infinity",
}


def state(roles):
    """As Terraform and the provider write it."""
    def resource(type, name, instances):
        secret = [[{"type": "get_attr", "value": name}] for name in ("password", "password_wo")]
        return {"mode": "managed", "type": type, "name": name, "provider": PROVIDER, "instances": [
            {**({"index_key": key} if key else {}), "schema_version": 0, "attributes": attributes, "private": "bnVsbA==",
             "sensitive_attributes": secret if type == "postgresql_role" else []} for key, attributes in instances
        ]}

    def role(name, login, of):
        return {**ROLE, "id": name, "name": name, "login": login, "roles": of}

    return {
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "0f1b8f2a-6a35-4b43-b0cb-2f9d1c8a7e55",
        "outputs": {}, "check_results": None, "resources": [
            resource("postgresql_role", "team", [(None, role("team", False, []))]),
            resource("postgresql_schema", "app", [(None, {
                "database": "postgres", "drop_cascade": False, "id": "postgres.app", "if_not_exists": True, "name": "app",
                "owner": "postgres", "policy": [],
            })]),
            resource("postgresql_role", "this", ((name, role(name, True, ["team"])) for name in names(roles))),
            resource("postgresql_grant_role", "this", ((name, {
                "grant_role": "team", "id": f"{name}_team_false", "role": name, "with_admin_option": False,
            }) for name in names(roles))),
            resource("postgresql_grant", "this", ((f"{table}/{name}", {
                "columns": None, "database": "postgres", "id": f"{name}_postgres_app_table_{table}", "object_type": "table",
                "objects": [table], "privileges": ["INSERT", "SELECT"], "role": name, "schema": "app",
                "with_grant_option": False,
            }) for table, to in grants(roles).items() for name in to)),
        ],
    }
