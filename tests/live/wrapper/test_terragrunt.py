"""A stack that the real Terragrunt planned, as it writes its tree of plans; where a `terragrunt` is on the path."""

import json
import shutil
import subprocess

import pytest

from conftest import TERRAFORM
from test_seen import MAIN, findings, people

TERRAGRUNT = shutil.which("terragrunt")

pytestmark = pytest.mark.skipif(TERRAGRUNT is None, reason="there is no terragrunt on the PATH")

STACK = """unit "people" {
  source = "../catalogue/people"
  path   = "people"
}
"""


def terragrunt(people, dir, *words):
    # `init` would ask a registry for the provider, which only `dev_overrides` name.
    command = [TERRAGRUNT, "run", "--all", "--non-interactive", "--no-auto-init", "--tf-path", TERRAFORM, *words]
    run = subprocess.run(command, cwd=dir, env=people.environment, capture_output=True, text=True,
                         stdin=subprocess.DEVNULL)
    assert run.returncode == 0, run.stdout + run.stderr


def write(people, path, who):
    unit = people.top / path
    unit.mkdir(parents=True)
    (unit / "main.tf").write_text(MAIN.replace("ada", who[0]).replace("bob", who[1]))
    (unit / "terragrunt.hcl").write_text("")


@pytest.fixture
def stack(people):
    """Two units with local states, applied by Terragrunt; then Eve was given more, and Bob was deleted."""
    write(people, "live/one", ("ada", "bob"))
    write(people, "live/team/two", ("eve", "dan"))
    terragrunt(people, people.top / "live", "apply")
    people.change("eve", admin=True)
    (people.records / "bob").unlink()
    return people


def judged(people, dir, *plans):
    run = people.driftline(people.top, "check", dir, *(word for tree in plans for word in ("--plan", tree)),
                           "--only", "terraform", "--format", "json")
    assert run.returncode == 3, run
    report = json.loads(run.stdout)
    return {one["address"]: one for one in findings(run)}, report


@pytest.mark.parametrize("words, trees", [
    (["--out-dir", "plans"], ["live/plans"]),
    (["--json-out-dir", "shown"], ["live/shown"]),
    (["--out-dir", "plans", "--json-out-dir", "shown"], ["live/plans", "live/shown"]),
])
def test_every_unit_that_terragrunt_planned_is_judged(stack, words, trees):
    write(stack, "live/three", ("kim", "lee"))
    terragrunt(stack, stack.top / "live", "plan", "--filter", "!./three", *words)
    found, report = judged(stack, "live", *trees)
    assert set(found) == {"directory_user.eve", "directory_user.bob"}
    assert found["directory_user.eve"]["location"]["path"] == "live/team/two/main.tf"
    assert found["directory_user.bob"]["steps"][0]["command"].startswith("terragrunt run --working-dir=live/one -- ")
    assert [gap["reason"] for gap in report["gaps"] if gap["code"] == "unit_without_plan"] == [
        "the directory of plans holds none of the unit `live/three`"]


def test_units_that_a_stack_file_describes_are_judged_where_terragrunt_writes_them(people):
    write(people, "catalogue/people", ("ada", "bob"))
    (people.top / "live").mkdir()
    (people.top / "live/terragrunt.stack.hcl").write_text(STACK)
    terragrunt(people, people.top / "live", "apply")
    people.change("ada", admin=True)
    terragrunt(people, people.top / "live", "plan", "--out-dir", "plans")
    found, report = judged(people, "live", "live/plans")
    [ada] = found.values()
    assert ada["location"]["path"] == "live/.terragrunt-stack/people/main.tf" and report["gaps"] == []
    assert ada["steps"][0]["command"].startswith("terragrunt run --working-dir=live/.terragrunt-stack/people -- ")


def test_a_unit_whose_module_lies_elsewhere_is_judged_by_the_source_in_its_plan(people):
    write(people, "modules/people", ("ada", "bob"))
    (people.top / "modules/people/terragrunt.hcl").unlink()
    (people.top / "live/one").mkdir(parents=True)
    (people.top / "live/one/terragrunt.hcl").write_text('terraform {\n  source = "../../modules//people"\n}\n')
    terragrunt(people, people.top / "live", "apply")
    people.change("ada", admin=True)
    terragrunt(people, people.top / "live", "plan", "--out-dir", "plans")
    found, report = judged(people, "live", "live/plans")
    [ada] = found.values()
    # The unit holds no source: the line is that of the source in the plan.
    assert (ada["key"]["directory"], ada["location"]["line"], report["gaps"]) == ("live/one", 12, [])
