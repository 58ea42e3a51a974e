"""A state that Terraform itself keeps in PostgreSQL: driftline reads it from there, in a directory that was never
initialised and with no Terraform on the path."""

import json
import os
import shutil
import subprocess

import pytest

from cluster import BINARY, PASSWORD, clean

TERRAFORM = shutil.which("terraform")

needs_terraform = pytest.mark.skipif(
    TERRAFORM is None and os.environ.get("CI") != "true",
    reason="NOT RUN: there is no terraform on the path to write a state",
)

MADE = "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('public', 'information_schema')"


@pytest.fixture(autouse=True)
def nothing_is_left(second):
    """Other suites find the cluster as it was."""
    yield
    second.sql(*(f"DROP SCHEMA {name} CASCADE" for name in second.sql(MADE)))
    second.sql("DROP SEQUENCE IF EXISTS public.global_states_id_seq")


# The second resource says what only the state knows of the first.
SOURCE = """
terraform {
  backend "pg" {
    %s
  }
}

resource "terraform_data" "first" {
  input = terraform.workspace
}

resource "terraform_data" "second" {
  input = terraform_data.first.id
}
"""


def run(program, *arguments, cwd, env):
    return subprocess.run([program, *arguments], cwd=cwd, env=env, capture_output=True, text=True, timeout=120)


def write(root, variables):
    """The id that each workspace's state records."""

    def terraform(*arguments):
        done = run(TERRAFORM, *arguments, cwd=root, env=variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    terraform("init", "-no-color")
    ids = {}
    for name in ("default", "dev"):
        if name != "default":
            terraform("workspace", "new", name)
        terraform("apply", "-auto-approve", "-no-color")
        resources = json.loads(terraform("state", "pull"))["resources"]
        (ids[name],) = (one["instances"][0]["attributes"]["id"] for one in resources if one["name"] == "first")
    return ids


@needs_terraform
@pytest.mark.parametrize("settings", ["", 'schema_name = "my \\"own\\" states"'])
def test_a_state_in_a_database_is_read_where_nothing_was_initialised(second, tmp_path, settings):
    (tmp_path / "terraformrc").write_text("disable_checkpoint = true\n")
    address = f"postgres://postgres:{PASSWORD}@127.0.0.1:{second.port}/postgres?sslmode=disable"
    variables = {
        **clean(os.environ), "HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": str(tmp_path / "terraformrc"),
        "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "PG_CONN_STR": address,
    }
    written, fresh = tmp_path / "written", tmp_path / "fresh"
    for root in (written, fresh):
        root.mkdir()
        (root / "main.tf").write_text(SOURCE % settings)

    def explain(root, **more):
        variables_here = {**variables, "PATH": "/nowhere", **more}
        done = run(BINARY, "explain", "terraform_data.second.input", cwd=root, env=variables_here)
        assert PASSWORD not in done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "has no state in the workspace `default`" in explain(fresh)
    ids = write(written, variables)
    assert ids["default"] != ids["dev"]
    pairs = f"host=127.0.0.1 port={second.port} user=postgres password='{PASSWORD}' dbname=postgres sslmode=disable"
    for root in (fresh, written):
        for name, recorded in ids.items():
            for way in (address, pairs):
                said = explain(root, TF_WORKSPACE=name, PG_CONN_STR=way)
                assert recorded in said, said
    assert "has no state in the workspace `gone`" in explain(fresh, TF_WORKSPACE="gone")
    wrong = explain(fresh, PG_CONN_STR=address.replace(PASSWORD, "wrong"))
    assert "credentials not accepted" in wrong, wrong
    assert not (fresh / ".terraform").exists()
