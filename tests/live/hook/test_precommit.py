"""pre-commit runs the hook, set up by what the README says to paste."""

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DRIFTLINE = Path(os.environ["DRIFTLINE_BIN"]).resolve()
QUICKSTART = ROOT / "testdata/quickstart"
FILES = 300

USER = """
resource "aws_iam_user" "n%(n)d" {
  name = "n%(n)d"
  path = "/%(path)s/"
}

resource "aws_iam_user_policy_attachment" "n%(n)d" {
  user       = aws_iam_user.n%(n)d.name
  policy_arn = "arn:aws:iam::aws:policy/%(policy)s"
}
"""


def pasted():
    """The blocks of the README for `.pre-commit-config.yaml`: by the repository of driftline, and without one."""
    blocks = re.findall(r"```yaml\n(repos:\n.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 2, blocks
    return {"published": blocks[0], "local": blocks[1]}


class Repository:
    def __init__(self, directory, hooks):
        self.directory = directory
        # Only driftline, git, pre-commit and what a shell needs: a terraform would not be found.
        tools = directory / "tools"
        tools.mkdir()
        (tools / "driftline").symlink_to(DRIFTLINE)
        path = [tools, Path(sys.executable).parent, Path(shutil.which("git")).parent, "/usr/bin", "/bin"]
        who = {f"GIT_{role}_{what}": "a@example.com" for role in ["AUTHOR", "COMMITTER"] for what in ["NAME", "EMAIL"]}
        self.environment = {
            "PATH": os.pathsep.join(map(str, path)), "HOME": str(directory), "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(directory / "cache"), "LC_ALL": "C.UTF-8", **who,
        }
        self.work = directory / "work"
        shutil.copytree(QUICKSTART, self.work / "infra")
        self.run("git", "init", "-q", "-b", "main")
        for n in range(FILES):
            self.user(n, "people", "ReadOnlyAccess")
        (self.work / ".pre-commit-config.yaml").write_text(hooks)
        (self.work / ".gitignore").write_text("driftline.report.json\ndriftline.snapshot.json\n")
        self.run("git", "add", ".")
        self.run("git", "commit", "-qm", "before")
        shutil.copy(QUICKSTART / "live.snapshot.json", self.work / "driftline.snapshot.json")
        told = self.run(
            "driftline", "check", "infra", "--live", "driftline.snapshot.json", "--format", "json=driftline.report.json",
            expected=3,
        )
        assert (self.work / "driftline.report.json").exists(), told.stderr
        self.run("pre-commit", "install")

    def user(self, n, path, policy):
        (self.work / f"infra/person_{n:03}.tf").write_text(USER % {"n": n, "path": path, "policy": policy})

    def change_all(self):
        for n in range(FILES):
            self.user(n, "staff", "ReadOnlyAccess")
        self.run("git", "add", ".")

    def run(self, *command, expected=0):
        done = subprocess.run(command, cwd=self.work, env=self.environment, capture_output=True, text=True)
        assert done.returncode == expected, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def commit(self, expected=0):
        done = self.run("git", "commit", "-m", "more", expected=expected)
        return done.stdout + done.stderr


@pytest.fixture(params=["published", "local"])
def repository(request, tmp_path):
    hooks = pasted()[request.param]
    if request.param == "published":
        # What pre-commit clones, with the manifest of this tree.
        published = tmp_path / "driftline"
        published.mkdir()
        shutil.copy(ROOT / ".pre-commit-hooks.yaml", published)
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        for command in [["init", "-q"], ["add", "."], [*who, "commit", "-qm", "published"], ["tag", "v0.1.0"]]:
            subprocess.run(["git", *command], cwd=published, check=True)
        hooks, count = re.subn(r"repo: \S+", f"repo: file://{published}", hooks)
        assert count == 1, hooks
        hooks = re.sub(r"rev: \S+", "rev: v0.1.0", hooks)
    return Repository(tmp_path, hooks)


def test_the_manifest_is_valid():
    program = Path(sys.executable).parent / "pre-commit"
    done = subprocess.run([program, "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def cpu():
    """Seconds of user and system time that children took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_300_changed_files_are_judged_in_one_run(repository):
    repository.change_all()
    # By itself, several times; then through pre-commit.
    times, spent = [], []
    for _ in range(5):
        start, before = time.perf_counter(), cpu()
        repository.run("driftline", "hook")
        times.append(time.perf_counter() - start)
        spent.append(cpu() - before)
    bare = statistics.median(times)
    start = time.perf_counter()
    said = repository.commit()
    whole = time.perf_counter() - start
    own = re.search(r"- duration: (\S+)s", said)
    print(f"\n{FILES} changed files: driftline hook {bare * 1000:.0f} ms (median of {len(times)}, CPU of it and "
          f"of its git {statistics.median(spent) * 1000:.0f} ms); by pre-commit's own clock {own and own[1]} s; the "
          f"whole commit {whole:.2f} s")
    verdict = [line for line in said.splitlines() if "driftline" in line or "warning" in line]
    print("verdict:", *verdict, sep="\n  ")
    assert said.count("- hook id: driftline") == 1, said
    assert "Passed" in said, said


def test_what_it_finds_stops_the_commit_and_warnings_are_seen(repository):
    repository.change_all()
    repository.user(7, "staff", "AdministratorAccess")
    delivery = repository.work / "infra/delivery.tf"
    delivery.write_text(delivery.read_text().replace("Rolls the shop out", "Rolls"))
    repository.run("git", "add", ".")
    # Not staged, and so not judged.
    repository.user(8, "staff", "AdministratorAccess")
    said = repository.commit(expected=1)
    assert "infra/person_007.tf:9: error: `AdministratorAccess` allows every action" in said, said
    assert "infra/delivery.tf:8: warning: `aws_iam_role.deploy` has drifted" in said, said
    assert "person_008" not in said, said
    repository.user(7, "staff", "ReadOnlyAccess")
    repository.run("git", "add", "infra/person_007.tf")
    said = repository.commit()
    assert "Passed" in said and "infra/delivery.tf:8: warning" in said, said


def test_a_commit_that_only_deletes_is_judged_too(repository):
    repository.run("git", "rm", "-q", "infra/delivery.tf")
    said = repository.commit()
    assert re.search(r"infra/delivery.tf: warning: `aws_iam_role.deploy` is deleted here", said), said


def test_a_push_is_judged_by_what_it_brings(repository):
    repository.user(7, "people", "AdministratorAccess")
    repository.run("git", "add", ".")
    repository.run("git", "commit", "-qnm", "past the hook")
    done = repository.run(
        "pre-commit", "run", "--hook-stage", "pre-push", "--from-ref", "HEAD~1", "--to-ref", "HEAD", expected=1
    )
    assert "infra/person_007.tf:9: error" in done.stdout, done.stdout
