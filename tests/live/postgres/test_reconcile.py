"""The reconcile plan carried out for real: Terraform, the provider and a server."""

import json
import re
import shutil

import pytest

from cluster import PASSWORD, PROVIDER
if PROVIDER:
    from terraform import PROGRAM

pytestmark = pytest.mark.skipif(PROVIDER is None, reason="needs Terraform and the provider")


class Copy:
    """The applied root module once more, so that what is changed here is nobody else's."""

    def __init__(self, acme):
        self.acme = acme
        self.directory = acme.work / "copy"
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(acme.directory, self.directory)
        publisher = f"host=127.0.0.1 port={acme.server.port} user=postgres password={PASSWORD} dbname=ledger"
        self.env = {"TF_CLI_CONFIG_FILE": str(acme.work / "terraformrc"), "DRIFTLINE_TF_BIN": PROGRAM,
                    "TF_VAR_publisher": publisher}

    def run(self, command, *arguments):
        return self.acme.run(command, "copy", *arguments, env=self.env)

    def findings(self):
        return json.loads(self.run("check", "--format", "json").stdout)["findings"]

    def applied(self, *arguments):
        """`--apply` as a script says it: the hash first, then the same again with it."""
        refused = self.run("reconcile", "--apply", *arguments)
        assert refused.returncode == 1, refused.stdout + refused.stderr
        assert "nobody is there to agree" in refused.stderr, refused.stderr
        plan_hash = re.search(r"PLAN-HASH ([0-9a-f]+)", refused.stderr)[1]
        return self.run("reconcile", "--apply", "--yes", "--expect", plan_hash, *arguments)


@pytest.fixture
def copy(acme):
    made = Copy(acme)
    assert made.findings() == []
    return made


def test_drift_is_reverted_and_nothing_else_is_touched(copy):
    copy.acme.server.sql("ALTER ROLE app SUPERUSER", "REVOKE writers FROM app", "ALTER ROLE breakglass CONNECTION LIMIT 7",
                         "DROP ROLE bob")
    assert len(copy.findings()) >= 4
    wrong = copy.run("reconcile", "--apply", "--yes", "--expect", "0" * 32)
    assert wrong.returncode == 1 and "nothing was applied" in wrong.stderr
    assert len(copy.findings()) >= 4
    done = copy.applied()
    assert done.returncode == 0, done.stdout + done.stderr
    assert copy.findings() == []
    journal = json.loads((copy.directory / ".terraform/driftline-apply.json").read_text())
    assert {step["state"] for step in journal["steps"]} == {"done"}


def test_variables_are_given_to_the_apply_and_secret_ones_are_not_told(copy):
    publisher = copy.env.pop("TF_VAR_publisher")
    given = ("--var", f"publisher={publisher}")
    copy.acme.server.sql("ALTER ROLE probe CONNECTION LIMIT 7")
    done = copy.applied(*given)
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout + done.stderr + (copy.directory / ".terraform/driftline-apply.json").read_text()
    assert "-var=publisher=${TF_VAR_publisher:?}" in told and PASSWORD not in told, told
    assert json.loads(copy.run("check", "--format", "json", *given).stdout)["findings"] == []


def test_one_finding_alone(copy):
    copy.acme.server.sql("ALTER ROLE deploy CONNECTION LIMIT 7", "ALTER ROLE probe CONNECTION LIMIT 7")
    one = next(one for one in copy.findings() if one["key"] == {"name": "probe"})
    done = copy.applied("--only", one["id"])
    assert done.returncode == 3, done.stderr
    assert [left["key"] for left in copy.findings()] == [{"name": "deploy"}]


KILLED = """#!/bin/sh
# Terraform itself is ended in the middle of the apply.
case "$1" in apply) {program} "$@" & sleep 0.4; kill -KILL $!; wait $!; exit 137;; esac
exec {program} "$@"
"""


def test_a_terraform_that_is_killed_is_told_of_and_what_it_left_is_done_next(copy):
    copy.acme.server.sql("ALTER ROLE breakglass CONNECTION LIMIT 7", "DROP ROLE bob")
    killed = copy.acme.work / "killed"
    killed.write_text(KILLED.format(program=shutil.which(PROGRAM)))
    killed.chmod(0o755)
    usual = copy.env
    copy.env = usual | {"DRIFTLINE_TF_BIN": str(killed)}
    ended = copy.applied()
    assert ended.returncode == 1, ended.stderr
    states = [step["state"] for step in json.loads((copy.directory / ".terraform/driftline-apply.json").read_text())["steps"]]
    assert states[0] == "failed" and set(states[1:]) <= {"not_done"}, states
    copy.env = usual
    if copy.findings():
        done = copy.applied()
        assert done.returncode == 0 and "did not get to its end" in done.stderr, done.stderr
    assert copy.findings() == []


def test_an_imported_role_shows_no_change(copy):
    copy.acme.server.sql("CREATE ROLE eve LOGIN CONNECTION LIMIT 3",
                         "ALTER ROLE eve SET search_path = app, public", "GRANT readers TO eve")
    role = next(one for one in copy.findings() if one["kind"] == "postgres/role")
    choice = ("--only", role["id"], "--action", "import")
    written = copy.run("reconcile", "--write", *choice)
    assert "written: copy/imported_postgresql_role_eve.tf" in written.stderr, written.stderr
    again = copy.run("reconcile", "--write", *choice)
    assert again.returncode == 1, "what is written is not written over"
    fmt = copy.acme.terraform.run("fmt", "-check", "-diff", str(copy.directory))
    assert fmt.returncode == 0
    done = copy.applied("--only", "postgres/role")
    assert "1 imported" in done.stderr, done.stderr
    plan = copy.acme.terraform.run(f"-chdir={copy.directory}", "plan", "-detailed-exitcode", "-target=postgresql_role.eve",
                                   wanted=(0, 1, 2))
    assert plan.returncode == 0, plan.stdout + plan.stderr
    assert copy.findings() == []


def test_an_import_that_is_listed_beside_others_shows_no_change(copy):
    copy.acme.server.sql("CREATE ROLE eve LOGIN", "GRANT readers TO eve")
    role = next(one for one in copy.findings() if one["kind"] == "postgres/role")
    written = copy.run("reconcile", "--write", "--only", role["id"], "--action", "import")
    assert "written: copy/imported_postgresql_role_people__eve__.tf" in written.stderr, written.stderr
    assert '    eve = ["readers"]\n' in (copy.directory / "main.tf").read_text()
    fmt = copy.acme.terraform.run("fmt", "-check", "-diff", str(copy.directory))
    assert fmt.returncode == 0
    done = copy.applied("--only", "postgres")
    assert "1 imported" in done.stderr, done.stderr
    plan = copy.acme.terraform.run(f"-chdir={copy.directory}", "plan", "-detailed-exitcode",
                                   "-target=postgresql_role.people", wanted=(0, 1, 2))
    assert plan.returncode == 0, plan.stdout + plan.stderr
    assert copy.findings() == []


def test_what_the_run_stands_on_is_not_taken_away(copy):
    copy.acme.server.sql("CREATE ROLE operator SUPERUSER LOGIN PASSWORD 'canary-password-operator'")
    copy.env |= {"PGUSER": "operator", "PGPASSWORD": "canary-password-operator"}
    plan = json.loads(copy.run("reconcile", "--format", "json", "--action", "remove").stdout)
    assert [("operator" in one["step"].get("refused", ""), one["run"]) for one in plan["plan"]] == [(True, None)]


STOPPER = """#!/bin/sh
# Ends driftline at the step that STOP names, and does as Terraform does.
case "$1" in "$STOP") kill -"$SIGNAL" $PPID; sleep 1; exec {program} "$@" >"$OUT.$$" 2>&1;; esac
exec {program} "$@"
"""

KEPT = """#!/bin/sh
case "$1" in "$STOP") kill -"$SIGNAL" $PPID; sleep 1;; esac
exec {program} "$@"
"""


@pytest.mark.parametrize("stop, signal, state", [("plan", "KILL", None), ("show", "KILL", None),
                                                 ("apply", "KILL", "applying"), ("apply", "TERM", "interrupted"),
                                                 ("apply", "INT", "interrupted")])
def test_stopped_in_the_middle_it_says_so_and_goes_on_from_there(copy, stop, signal, state):
    import os
    import time

    copy.acme.server.sql("ALTER ROLE breakglass CONNECTION LIMIT 7", "DROP ROLE bob")
    shown = copy.run("reconcile", "--apply")
    agreed = re.search(r"PLAN-HASH ([0-9a-f]+)", shown.stderr)[1]
    stopper = copy.acme.work / "stopper"
    stopper.write_text((STOPPER if signal == "KILL" else KEPT).format(program=shutil.which(PROGRAM)))
    stopper.chmod(0o755)
    usual = copy.env
    copy.env = usual | {"DRIFTLINE_TF_BIN": str(stopper), "STOP": stop, "SIGNAL": signal, "OUT": str(copy.acme.work / "out")}
    stopped = copy.run("reconcile", "--apply", "--yes", "--expect", agreed)
    assert stopped.returncode == {"KILL": -9, "TERM": 143, "INT": 130}[signal], stopped.stderr
    # What was started goes on by itself: it holds the lock as long as it works.
    lock = copy.directory / ".terraform.tfstate.lock.info"
    time.sleep(2)
    deadline = time.monotonic() + 30
    while lock.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    journal = copy.directory / ".terraform/driftline-apply.json"
    if state is None:
        assert not journal.exists() and len(copy.findings()) >= 2
    else:
        states = [step["state"] for step in json.loads(journal.read_text())["steps"]]
        assert states[0] == state and set(states[1:]) <= {"not_done"}, states
        assert [name for name in os.listdir(journal.parent) if name.startswith(".tmp")] == []
    json.loads((copy.directory / "terraform.tfstate").read_text())
    copy.env = usual
    if copy.findings():
        done = copy.applied()
        assert done.returncode == 0, done.stderr
        if state:
            assert "did not get to its end" in done.stderr
    assert copy.findings() == []
