"""`action.yml` and the templates: held against the schemas that are made for them, and run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import DRIFTLINE, QUICKSTART, ROOT

PROGRAMS = Path(sys.executable).parent


def holds(schema, path):
    run = subprocess.run([PROGRAMS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", path],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("schema, path", [
    ("github-actions", "action.yml"),
    ("gitlab-ci", "templates/driftline.gitlab-ci.yml"),
    ("github-workflows", "templates/driftline.github.yml"),
    ("github-workflows", "templates/driftline-forks.github.yml"),
])
def test_it_holds_to_its_schema(schema, path):
    holds(schema, ROOT / path)


@pytest.mark.parametrize("path", ["action.yml", "templates/driftline.github.yml", "templates/driftline-forks.github.yml"])
def test_the_auditor_finds_nothing(path, tmp_path):
    # Workflows are looked at where GitHub looks for them.
    place = tmp_path / (path if path == "action.yml" else f".github/workflows/{Path(path).name}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text((ROOT / path).read_text())
    run = subprocess.run([PROGRAMS / "zizmor", "--offline", "--no-progress", place], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture
def action(github, tmp_path):
    """Runs what the action runs, as on a pull request of ada's."""
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    for file in QUICKSTART.iterdir():
        if file.is_file():
            (repository / file.name).write_bytes(file.read_bytes())

    def run(pull, head_repository="ada/infra", **inputs):
        event = tmp_path / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": pull.number, "head": {"sha": pull.head}}}))
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": github.url, "GITHUB_SERVER_URL": "https://github.example.org",
            "GITHUB_REPOSITORY": "ada/infra", "GITHUB_RUN_ID": "17", "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
            "GITHUB_TOKEN": "bot-token", "INPUT_DRIFTLINE": str(DRIFTLINE),
            "INPUT_HEAD_REPOSITORY": head_repository, "INPUT_ARGUMENTS": "--live\nlive.snapshot.json",
            **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
        }
        run = subprocess.run([ROOT / "scripts/action"], cwd=repository, env=environment, capture_output=True, text=True)
        outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
        summary = tmp_path / "summary"
        return run, outputs, summary.read_text() if summary.exists() else ""
    return run


def test_the_action_checks_reports_and_comments(github, action):
    pull = github.pull()
    run, outputs, summary = action(pull, target="identity")
    assert run.returncode == 3, run.stderr
    report = json.loads(Path(outputs["report-path"]).read_text())
    assert report["verdict"] == "findings"
    assert (outputs["exit-code"], outputs["findings"]) == ("3", "14")
    assert outputs["incomplete"] == str(bool(report["gaps"])).lower()
    assert json.loads(Path(outputs["sarif-path"]).read_text())["version"] == "2.1.0"
    assert "::error " in run.stdout
    assert "## driftline: `identity`" in summary
    [made] = pull.comments()
    assert "## driftline: `identity`" in made["body"]
    assert made["body"].endswith("(<https://github.example.org/ada/infra/actions/runs/17>)\n")


def test_the_action_of_a_fork_says_it_in_the_summary_alone(github, action):
    pull = github.pull()
    run, outputs, summary = action(pull, head_repository="mallory/infra")
    assert (run.returncode, outputs["exit-code"]) == (3, "3"), run.stderr
    assert "## driftline" in summary
    assert pull.comments() == []


def test_the_action_ends_as_the_check_did(github, action):
    pull = github.pull()
    run, outputs, _ = action(pull, directories="nowhere")
    assert (run.returncode, outputs["exit-code"], outputs["findings"]) == (1, "1", ""), run.stderr
    assert pull.comments() == []


def test_atlantis_comments_for_its_project(github, tmp_path):
    pull = github.pull()
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    plan = ROOT / "testdata/scenarios/plan"
    for file in plan.iterdir():
        if file.is_file():
            (repository / file.name).write_bytes(file.read_bytes())
    words = [word for word in (plan / "args").read_text().splitlines() if word and word != "check"]
    at = words.index("--plan")
    show = words[at + 1]
    environment = {
        "PATH": f"{DRIFTLINE.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "DRIFTLINE_API_URL": github.url,
        "GITHUB_TOKEN": "bot-token", "BASE_REPO_OWNER": "ada", "BASE_REPO_NAME": "infra",
        "PULL_NUM": str(pull.number), "HEAD_COMMIT": pull.head, "REPO_REL_DIR": "identity", "SHOWFILE": show,
    }
    run = subprocess.run([ROOT / "scripts/atlantis", *words[:at], *words[at + 2:]], cwd=repository, env=environment,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    [made] = pull.comments()
    assert "## driftline: `identity`" in made["body"]
