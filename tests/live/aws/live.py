"""A moto server as a child process, and driftline run against it as a user would run it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import seed

ROOT = Path(__file__).resolve().parents[3]
ACME = ROOT / "testdata/aws/acme"
# The value of `aws_endpoint` that the recorded plans were made with.
RECORDED_ENDPOINT = "http://127.0.0.1:5611"
BINARY = Path(os.environ.get("DRIFTLINE_BIN") or ROOT / "target/debug/driftline").resolve()

# Planted where driftline reads, and to be seen nowhere that it writes.
SECRET_OF_ENVIRONMENT = "canary-secret-environment"


# How many requests moto answers before it looks at who asks.
AUTHENTICATE_NOBODY, AUTHENTICATE_EVERYBODY = b"inf", b"0"


class Moto:
    """One server. It keeps what it holds in memory, for all its accounts."""

    def __init__(self, logs):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{port}"
        # moto knows the policies that AWS makes only when asked to.
        environment = {**without(os.environ, "AWS_", "MOTO_"), "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
        self.log = open(logs / f"moto-{port}.log", "wb")
        server = Path(sys.executable).with_name("moto_server")
        self.process = subprocess.Popen(
            [server, "-H", "127.0.0.1", "-p", str(port)], env=environment, stdout=self.log, stderr=self.log
        )
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, f"moto_server ended with {self.process.returncode}"
            assert time.monotonic() < deadline, "moto_server does not answer"
            time.sleep(0.1)

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.endpoint}/moto-api/data.json", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def post(self, path, body=b""):
        request = urllib.request.Request(self.endpoint + path, data=body, method="POST")
        # As a form the body would not reach moto.
        request.add_header("Content-Type", "text/plain")
        urllib.request.urlopen(request, timeout=300).close()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


@dataclass
class Account:
    """A filled account, and a root module whose state is in line with it."""

    moto: Moto
    aws: seed.Clients
    # What the recorded ids are here.
    ids: dict
    # Holds the root module as `acme`.
    work: Path

    def own(self, text):
        return seed.rewritten(text, self.ids).replace(RECORDED_ENDPOINT, self.moto.endpoint)

    @property
    def state(self):
        return json.loads((self.work / "acme/terraform.tfstate").read_text())

    def run(self, *arguments, env=None):
        """driftline in the directory that holds the root module."""
        return run(*arguments, cwd=self.work, endpoint=self.moto.endpoint, env=env)

    def check(self, *arguments, env=None):
        """The JSON report of a check, and the exit status."""
        done = self.run("check", "acme", "--format", "json", *arguments, env=env)
        assert done.stdout, done.stderr
        return json.loads(done.stdout), done.returncode


def without(environment, *prefixes):
    return {name: value for name, value in environment.items() if not name.startswith(prefixes)}


def run(*arguments, cwd, endpoint, env=None):
    environment = {
        **without(os.environ, "AWS_", "TF_", "DRIFTLINE_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"),
        "HOME": str(cwd),
        "NO_COLOR": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        # What the provider blocks of the root module say.
        "TF_VAR_aws_endpoint": endpoint,
        "AWS_REGION": seed.REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": SECRET_OF_ENVIRONMENT,
        **(env or {}),
    }
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [BINARY, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=300
    )


class Accounts:
    """Freshly filled accounts, one after the other. While one is used the next is filled on a second server."""

    def __init__(self, work):
        self.recorded = (ACME / "terraform.tfstate").read_text()
        self.pool = ThreadPoolExecutor(max_workers=1)
        self.servers = [Moto(work), Moto(work)]
        self.clients = [seed.Clients(moto.endpoint) for moto in self.servers]
        for at in range(len(self.servers)):
            shutil.copytree(ACME, work / f"root-{at}" / "acme")
        self.work = work
        self.turn = 0
        self.filled = self.pool.submit(self.fill, 0)

    def fresh(self):
        filled = self.filled
        # Whether or not it went well: the next test gets another chance.
        self.turn = (self.turn + 1) % len(self.servers)
        self.filled = self.pool.submit(self.fill, self.turn)
        return filled.result()

    def fill(self, at):
        moto, aws, work = self.servers[at], self.clients[at], self.work / f"root-{at}"
        moto.post("/moto-api/reset-auth", AUTHENTICATE_NOBODY)
        moto.post("/moto-api/reset")
        ids = seed.fill(aws, json.loads(self.recorded))
        shutil.rmtree(work)
        shutil.copytree(ACME, work / "acme")
        (work / "acme/terraform.tfstate").write_text(seed.rewritten(self.recorded, ids))
        return Account(moto, aws, ids, work)

    def stop(self):
        self.pool.shutdown(cancel_futures=True)
        for moto in self.servers:
            moto.stop()
