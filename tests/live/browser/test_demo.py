"""The demonstration repository's workflow files, by the schemas and readers of those who run them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from browser import ROOT

DEMO = ROOT / "testdata/demo"
PROGRAMS = Path(sys.executable).parent
WORKFLOWS = sorted(DEMO.glob(".github/workflows/*.yml"))


def holds(*words):
    done = subprocess.run([PROGRAMS / words[0], *words[1:]], cwd=DEMO, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def steps():
    for file in WORKFLOWS:
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            yield from job["steps"]


def test_github_reads_its_workflows():
    assert len(WORKFLOWS) == 2
    holds("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    holds("check-jsonschema", "--builtin-schema", "custom.github-workflows-require-timeout", *WORKFLOWS)


def test_gitlab_reads_its_pipeline():
    holds("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", ".gitlab-ci.yml")


def test_pre_commit_reads_its_hooks():
    holds("pre-commit", "validate-config", ".pre-commit-config.yaml")


def test_a_schema_refuses_what_is_wrong(tmp_path):
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "run-on:"))
    with pytest.raises(AssertionError, match="runs-on|run-on"):
        holds("check-jsonschema", "--builtin-schema", "vendor.github-workflows", wrong)


def test_every_action_is_pinned():
    for step in steps():
        if "uses" in step:
            assert len(step["uses"].split("@")[1]) == 40, step["uses"]


def test_its_action_takes_what_it_is_given_and_gives_what_is_asked():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    ours = [step for step in steps() if step.get("uses", "").startswith("driftline/driftline@")]
    assert len(ours) == len(WORKFLOWS)
    for step in ours:
        assert set(step["with"]) <= set(action["inputs"])
    asked = {name for file in WORKFLOWS for name in re.findall(r"steps\.driftline\.outputs\.([\w-]+)", file.read_text())}
    assert asked and asked <= set(action["outputs"])


def test_its_hooks_and_its_template_are_there():
    known = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    repositories = yaml.safe_load((DEMO / ".pre-commit-config.yaml").read_text())["repos"]
    assert {hook["id"] for repository in repositories for hook in repository["hooks"]} <= known
    pipeline = yaml.safe_load((DEMO / ".gitlab-ci.yml").read_text())
    template = yaml.safe_load((ROOT / pipeline["include"][0]["file"]).read_text())
    assert set(template["variables"]) >= {name for name in pipeline["variables"] if name.startswith("DRIFTLINE_")}
