"""What Terraform saw changed outside of it, of a type that driftline does not read: from a plan that driftline runs, a saved
plan with no Terraform at hand, what `show -json` prints of it, and a tree of plans."""

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import DRIFTLINE, SNAPSHOT, TERRAFORM

MAIN = """terraform {
  required_providers {
    directory = { source = "example/directory" }
  }
}

variable "admin" {
  type    = bool
  default = false
}

resource "directory_user" "ada" {
  login  = "ada"
  email  = "ada@example.com"
  admin  = var.admin
  pin    = "s3cr3t-pin"
  groups = ["eng"]
}

resource "directory_user" "bob" {
  login = "bob"
}
"""

SECRETS = ["s3cr3t-pin", "another-pin"]


class People:
    def __init__(self, top):
        self.top, self.records = top, top / "records"
        self.records.mkdir()
        overrides = top / "provider"
        overrides.mkdir()
        program = overrides / "terraform-provider-directory"
        program.write_text(f"#!/bin/sh\nexec {sys.executable} {Path(__file__).with_name('directory.py')} \"$@\"\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        settings = top / "settings.tfrc"
        settings.write_text(f'provider_installation {{\n  dev_overrides {{\n    "example/directory" = "{overrides}"\n  }}\n'
                            "  direct {}\n}\n")
        self.environment = {"PATH": f"{Path(TERRAFORM).parent}:/usr/bin:/bin", "HOME": str(top),
                            "TF_CLI_CONFIG_FILE": str(settings), "PEOPLE": str(self.records),
                            "DRIFTLINE_TF_BIN": TERRAFORM}

    def unit(self, name, text=MAIN):
        unit = self.top / name
        unit.mkdir(parents=True)
        (unit / "main.tf").write_text(text)
        self.terraform(unit, "apply", "-auto-approve", "-input=false")
        return unit

    def terraform(self, unit, *words):
        return subprocess.run([TERRAFORM, *words], cwd=unit, env=self.environment, check=True, capture_output=True).stdout

    def change(self, person, **more):
        record = self.records / person
        record.write_text(json.dumps({**json.loads(record.read_text()), **more}))

    def driftline(self, dir, *words, env=None):
        for _ in range(3):
            run = subprocess.run([DRIFTLINE, *words], cwd=dir, env=self.environment if env is None else env,
                                 capture_output=True, text=True, stdin=subprocess.DEVNULL)
            # A provider written in Python starts slowly, and on a busy machine too slowly for Terraform.
            if "Additional notes about plugin" not in run.stderr:
                break
        for secret in SECRETS:
            assert secret not in run.stdout + run.stderr
        return run


@pytest.fixture
def people(tmp_path):
    return People(tmp_path)


def tampered(people):
    """Ada was given more and another secret, and Bob was deleted."""
    unit = people.unit("live")
    people.change("ada", admin=True, pin="another-pin", groups=["eng", "root"])
    (people.records / "bob").unlink()
    return unit


def findings(run):
    report = json.loads(run.stdout[run.stdout.index('{\n  "schema_version"'):])
    return [finding for finding in report["findings"] if finding["seen_by"] == "terraform"]


def told(found):
    return [{name: finding[name] for name in ["id", "change", "status", "address", "severity", "recorded", "live"]}
            for finding in found]


def test_what_terraform_saw_is_told_once_with_its_line_and_without_its_secrets(people):
    unit = tampered(people)
    run = people.driftline(unit, "plan", "--only", "terraform", "--format", "json")
    assert run.returncode == 3, run
    found = findings(run)
    assert [(one["address"], one["change"], one["status"]) for one in found] == [
        ("directory_user.ada", "modified", "drift"), ("directory_user.bob", "missing", "drift")]
    ada, bob = found
    assert ada["live"] == {"admin": True, "groups": ["eng", "root"], "pin": {"sensitive": True}}
    assert ada["recorded"] == {"admin": False, "groups": ["eng"], "pin": {"sensitive": True}}
    assert (ada["location"]["path"], ada["location"]["line"]) == ("main.tf", 12)
    assert (bob["location"]["line"], bob["severity"], bob["kind"]) == (20, "medium", "terraform/access")
    for form in ["table", "sarif", "markdown", "github", "gitlab", "junit", "rdjson", "csv", "html"]:
        shown = people.driftline(unit, "plan", "--only", "terraform", "--format", form)
        assert "directory_user.ada" in shown.stdout, form


def test_one_attribute_is_shown_at_its_line_and_a_pending_change_over_it_is_a_conflict(people):
    unit = people.unit("live")
    people.change("ada", email="mallory@example.com")
    plan = ["plan", "--only", "terraform", "--format", "json", "--"]
    [one] = findings(people.driftline(unit, *plan))
    assert (one["status"], one["location"]["line"], one["location"]["precision"]) == ("drift", 14, "value")
    main = unit / "main.tf"
    main.write_text(main.read_text().replace('email  = "ada@', 'email  = "countess@'))
    [one] = findings(people.driftline(unit, *plan))
    assert one["status"] == "conflict" and one["desired"] == {"email": "countess@example.com"}
    main.write_text(main.read_text().replace('email  = "countess@', 'email  = "mallory@'))
    [one] = findings(people.driftline(unit, *plan))
    assert (one["status"], one["severity"]) == ("converged", "low")


def test_a_saved_plan_is_read_where_there_is_no_terraform(people, tmp_path):
    unit = tampered(people)
    people.terraform(unit, "plan", "-out=saved")
    shown = people.terraform(unit, "show", "-json", "saved")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(unit / "saved", elsewhere / "saved")
    (elsewhere / "shown.json").write_bytes(shown)
    nothing = {"PATH": "/nowhere", "HOME": str(elsewhere)}
    words = ["check", "--only", "terraform", "--format", "json", "--plan"]
    saved = people.driftline(elsewhere, *words, "saved", env=nothing)
    printed = people.driftline(elsewhere, *words, "shown.json", env=nothing)
    assert (saved.returncode, printed.returncode) == (3, 3), (saved, printed)
    assert told(findings(saved)) == told(findings(printed))
    # The source is in the saved plan.
    assert [one["location"]["line"] for one in findings(saved)] == [12, 20]
    assert [one["location"] for one in findings(printed)] == [None, None]
    cut = (unit / "saved").read_bytes()
    (elsewhere / "cut").write_bytes(cut[:len(cut) // 2])
    run = people.driftline(elsewhere, *words, "cut", env=nothing)
    assert run.returncode == 1 and "it breaks off" in run.stderr


def test_a_plan_that_did_not_look_shows_nothing(people):
    unit = tampered(people)
    run = people.driftline(unit, "plan", "--only", "terraform", "--format", "json", "--", "-refresh=false")
    assert run.returncode == 0 and findings(run) == []


def test_a_tree_of_plans_is_one_report(people):
    one, two = people.unit("stack/one"), people.unit("stack/team/two", MAIN.replace("ada", "eve").replace("bob", "dan"))
    for unit in [one, two]:
        (unit / "terragrunt.hcl").write_text("")
    (people.top / "stack/three").mkdir()
    (people.top / "stack/three/terragrunt.hcl").write_text("")
    people.change("eve", admin=True)
    (people.records / "bob").unlink()
    plans = people.top / "plans"
    for unit in [one, two]:
        out = plans / unit.relative_to(people.top / "stack")
        out.mkdir(parents=True)
        people.terraform(unit, "plan", f"-out={out / 'tfplan.tfplan'}")
    run = people.driftline(people.top, "check", "stack", "--plan", "plans", "--only", "terraform", "--format", "json")
    assert run.returncode == 3, run
    found = {one["address"]: one for one in findings(run)}
    assert set(found) == {"directory_user.eve", "directory_user.bob"}
    assert found["directory_user.eve"]["location"]["path"] == "stack/team/two/main.tf"
    assert found["directory_user.bob"]["key"]["directory"].endswith("stack/one")
    assert found["directory_user.bob"]["steps"][0]["command"].startswith("terragrunt run --working-dir=stack/one -- ")
    report = json.loads(run.stdout)
    assert [gap["reason"] for gap in report["gaps"] if gap["code"] == "unit_without_plan"] == [
        "the directory of plans holds none of the unit `stack/three`"]


def test_what_is_read_live_is_not_told_a_second_time(people):
    """A plan of the sample, in which Terraform saw a type that driftline reads, too."""
    entry = {"address": "aws_iam_user.ada", "mode": "managed", "type": "aws_iam_user", "name": "ada",
             "provider_name": "registry.terraform.io/hashicorp/aws",
             "change": {"actions": ["update"], "before": {"name": "ada", "path": "/"},
                        "after": {"name": "ada", "path": "/x/"}, "after_unknown": {}}}
    other = {**entry, "address": "aws_ssoadmin_permission_set.ada", "type": "aws_ssoadmin_permission_set"}
    plan = {"format_version": "1.2", "planned_values": {}, "resource_drift": [entry, other]}
    (people.top / "plan.json").write_text(json.dumps(plan))
    run = people.driftline(people.top, "check", "--live", str(SNAPSHOT), "--plan", "plan.json", "--format", "json")
    assert [one["address"] for one in findings(run)] == ["aws_ssoadmin_permission_set.ada"], run
