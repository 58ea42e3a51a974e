"""What a run with Terraform and the real provider left behind, for runs without them: the state, the server's contents as
SQL, and what `plan -refresh-only` said of every change.
"""

import json
import re
import subprocess
from datetime import date

from cluster import ACME, PROGRAMS
from terraform import PROGRAM

SAID = ACME / "refresh-only.json"


def said():
    """By a change's name: its SQL, and what was said."""
    return json.loads(SAID.read_text())["changes"]


def record(root, changes):
    """Writes all three; `changes` are rows, each with what was said of it."""
    (ACME / "terraform.tfstate").write_text((root.directory / "terraform.tfstate").read_text())
    (ACME / "contents.sql").write_text(contents(root.server))
    made_with = {
        "date": date.today().isoformat(),
        "program": subprocess.run([PROGRAM, "version"], capture_output=True, text=True, check=True).stdout.split("\n")[0],
        "provider": "cyrilgdn/postgresql",
        "server": subprocess.run([PROGRAMS / "postgres", "--version"], capture_output=True, text=True, check=True).stdout.strip(),
    }
    told = {row.name: {"sql": list(row.statements), "refresh-only": told} for row, told in changes}
    SAID.write_text(json.dumps({"made_with": made_with, "changes": told}, indent=2) + "\n")


def contents(server):
    """SQL that makes a new cluster show the same."""
    dump = server.dump("--schema-only", "--no-role-passwords", "--no-comments")
    kept = [line for line in dump.splitlines() if belongs(line)]
    # Only the provider of a label may say it; what it left in the catalogue is the same.
    kept += ["\\connect postgres", *(
        f"INSERT INTO pg_catalog.pg_shseclabel SELECT oid, 'pg_catalog.pg_authid'::regclass, '{provider}', '{label}' "
        f"FROM pg_catalog.pg_authid WHERE rolname = '{role}';"
        for provider, role, label in LABEL.findall(dump)
    )]
    # What `pg_dumpall` passes over: databases that nobody may log in to, and replication slots.
    kept += server.sql(CLOSED)
    kept += server.sql(SLOTS)
    return re.sub(r"\n{2,}", "\n", "\n".join(kept)).strip() + "\n"


LABEL = re.compile(r"^SECURITY LABEL FOR (\w+) ON ROLE (\w+) IS '(\w+)';$", re.MULTILINE)

CLOSED = """
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ALLOW_CONNECTIONS false IS_TEMPLATE %s;', datname,
datdba::regrole, datistemplate::text) FROM pg_database WHERE NOT datallowconn AND oid >= 16384 ORDER BY datname
"""

SLOTS = r"""
SELECT CASE WHEN database IS NULL THEN format('SELECT pg_create_physical_replication_slot(%L);', slot_name)
ELSE format(E'\\connect %I\nSELECT pg_create_logical_replication_slot(%L, %L);', database, slot_name, plugin) END
FROM pg_replication_slots ORDER BY database NULLS FIRST, slot_name
"""


def belongs(line):
    """Whether a line of the dump makes something that is not there from the beginning."""
    passed_over = ("--", "\\restrict", "\\unrestrict", "SECURITY LABEL ", "CREATE ROLE postgres;", "ALTER ROLE postgres ")
    return not line.startswith(passed_over)
