import os
import pty
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from backend import Backend

ROOT = Path(__file__).resolve().parents[3]
DRIFTLINE = Path(os.environ["DRIFTLINE_BIN"]).resolve()
TERRAFORM = shutil.which(os.environ["DRIFTLINE_TERRAFORM"])
SNAPSHOT = ROOT / "testdata/quickstart/live.snapshot.json"

# Nobody in the snapshot has an account alias, and it has users that no plan here declares.
CLEAN = ["--live", str(SNAPSHOT), "--only", "aws/iam/account_alias"]
FINDINGS = ["--live", str(SNAPSHOT), "--only", "aws/iam/user"]

MAIN = """
terraform {
  backend "http" {
    address        = "%(url)s/state"
    lock_address   = "%(url)s/state"
    unlock_address = "%(url)s/state"
  }
}

variable "who" {
  type    = string
  default = "ada"
}

%(more)s
"""

SLOW = """
data "terraform_remote_state" "slow" {
  backend = "http"
  config  = { address = "%(url)s/slow" }
}
"""

NEW = """
resource "terraform_data" "one" {
  input = var.who
}
"""


class Run:
    """A run that has ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class Module:
    """A root module with a backend of its own."""

    def __init__(self, dir, backend):
        self.dir, self.backend = dir, backend
        self.environment = {
            "PATH": f"{Path(TERRAFORM).parent}:/usr/bin:/bin",
            "HOME": str(dir.parent),
            "TF_CLI_CONFIG_FILE": os.devnull,
            "DRIFTLINE_TF_BIN": TERRAFORM,
            "TMPDIR": str(dir / "tmp"),
        }
        (dir / "tmp").mkdir()

    def write(self, more):
        (self.dir / "main.tf").write_text(MAIN % {"url": self.backend.url, "more": more % {"url": self.backend.url}})
        subprocess.run([TERRAFORM, "init", "-input=false"], cwd=self.dir, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)
        return self

    def start(self, words, **more):
        return subprocess.Popen([DRIFTLINE, *words], cwd=self.dir, env={**self.environment, **more.pop("env", {})},
                                stdin=subprocess.DEVNULL, **more)

    def run(self, *words, env={}):
        """Without a terminal, as in CI."""
        process = self.start(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        out, err = process.communicate(timeout=60)
        return Run(process.returncode, out, err)

    def on_terminal(self, *words, keys=(), env={}):
        """On a terminal of its own; `keys` are functions that return what to type, or None as long as it is
        not their turn."""
        pid, master = pty.fork()
        self.pid = pid
        if pid == 0:
            os.chdir(self.dir)
            os.execve(DRIFTLINE, [str(DRIFTLINE), *words], {**self.environment, "TERM": "xterm", **env})
        shown, pending = b"", list(keys)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if pending and (typed := pending[0]()) is not None:
                os.write(master, typed)
                pending.pop(0)
            ready, _, _ = select.select([master], [], [], 0.05)
            if not ready:
                continue
            try:
                read = os.read(master, 65536)
            except OSError:
                break
            if not read:
                break
            shown += read
        _, status = os.waitpid(pid, 0)
        os.close(master)
        return Run(os.waitstatus_to_exitcode(status), shown.decode(), "")

    def left_behind(self):
        """What lies in the directory that the source did not put there."""
        known = {"main.tf", ".terraform", ".terraform.lock.hcl", "tmp"}
        return sorted({path.name for path in self.dir.iterdir()} - known) + sorted(
            path.name for path in (self.dir / "tmp").iterdir())


@pytest.fixture
def module(tmp_path):
    backend = Backend()
    (tmp_path / "module").mkdir()
    yield Module(tmp_path / "module", backend)
    backend.stop()
    # Whatever a test did: the lock is no one's any more.
    assert backend.lock is None, "the state is still locked"


