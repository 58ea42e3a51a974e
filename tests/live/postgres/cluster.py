"""PostgreSQL servers as child processes, and driftline and Terraform run against them as a user would run them."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ACME = ROOT / "testdata/postgres/acme"
BINARY = Path(os.environ.get("DRIFTLINE_BIN") or ROOT / "target/debug/driftline").resolve()
PROGRAMS = Path(os.environ["DRIFTLINE_POSTGRES_PROGRAMS"])

# A binary of the provider cyrilgdn/postgresql; without one the recorded state stands in for an apply.
PROVIDER = os.environ.get("DRIFTLINE_POSTGRESQL_PROVIDER") or None

# Planted where driftline reads, and to be seen nowhere that it writes.
PASSWORD = "canary-password-" + secrets.token_hex(8)

OWN = ("PG", "TF_", "DRIFTLINE_", "AWS_")


def clean(environment):
    return {name: value for name, value in environment.items() if not name.startswith(OWN)}


class Server:
    """A cluster of its own, on loopback and a socket, run by a user who is not root: PostgreSQL refuses root."""

    def __init__(self):
        # A socket's path must be short.
        self.work = Path(tempfile.mkdtemp(prefix="driftline-pg-"))
        self.work.chmod(0o755)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.home = self.work / "server"
        self.home.mkdir()
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        if self.user:
            shutil.chown(self.home, "postgres", "postgres")
        (self.work / "password").write_text(PASSWORD)
        self.program(
            "initdb", "-D", self.home / "data", "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C",
            "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={self.work / 'password'}",
        )
        self.start()

    def program(self, name, *arguments):
        done = subprocess.run(
            [*self.user, PROGRAMS / name, *arguments],
            cwd=self.home, env=clean(os.environ), capture_output=True, text=True, timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        # Terraform records times in the server's zone: another one than UTC, so that it matters.
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.home} -c fsync=off"
        options += " -c timezone=Europe/Berlin"
        self.program(
            "pg_ctl", "-D", self.home / "data", "-o", options, "-l", self.home / "log", "-w", "-t", "60", "start"
        )

    def stop(self):
        self.program("pg_ctl", "-D", self.home / "data", "-m", "immediate", "-w", "stop")

    def remove(self):
        self.stop()
        shutil.rmtree(self.work)

    def sql(self, *statements):
        done = subprocess.run(
            [PROGRAMS / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-p", str(self.port),
             "-U", "postgres", "-d", "postgres"],
            input="\n".join(f"{statement};" for statement in statements),
            env=clean(os.environ), capture_output=True, text=True, timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def reset(self, *statements):
        """As `initdb` left it, and then these."""
        made = self.sql("SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384")
        drop = [text for role in made for text in (f"DROP OWNED BY {role}", f"DROP ROLE {role}")]
        self.sql("ALTER ROLE postgres RESET ALL", *drop, *statements)

    @property
    def environment(self):
        return {
            "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres", "PGPASSWORD": PASSWORD,
            "PGSSLMODE": "disable",
        }


class Root:
    """The root module, applied."""

    def __init__(self, server):
        self.server = server
        self.work = server.work / "work"
        self.directory = self.work / "acme"
        self.work.mkdir()
        shutil.copytree(ACME, self.directory)
        (self.work / "terraformrc").write_text(
            'provider_installation {\n  dev_overrides {\n    "cyrilgdn/postgresql" = '
            f"{json.dumps(str(Path(PROVIDER or '/').resolve().parent))}\n  }}\n  direct {{}}\n}}\n"
        )
        if PROVIDER:
            (self.directory / "terraform.tfstate").unlink()
            # Provider configurations write memberships side by side, and PostgreSQL 15 does not always bear that.
            self.terraform("apply", "-auto-approve", "-parallelism=1")
            # The state of a role shows memberships that were granted after it was made.
            self.terraform("apply", "-auto-approve", "-refresh-only")
            dump = subprocess.run(
                # With hashes: the provider looks at them.
                [PROGRAMS / "pg_dumpall", "--roles-only", "-h", server.home, "-p", str(server.port), "-U", "postgres"],
                env=clean(os.environ), capture_output=True, text=True, check=True, timeout=60,
            ).stdout
        else:
            dump = (ACME / "roles.sql").read_text()
        verbs = ("CREATE ", "ALTER ", "GRANT ")
        lines = (line.rstrip(";") for line in dump.splitlines() if line.startswith(verbs))
        self.applied = [line for line in lines if " ROLE postgres" not in line]

    def terraform(self, *arguments):
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self.directory, capture_output=True, text=True, timeout=300,
            env={**clean(os.environ), **self.server.environment, "TF_CLI_CONFIG_FILE": str(self.work / "terraformrc"),
                 "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "NO_COLOR": "1"},
        )
        if arguments[0] == "apply":
            assert done.returncode == 0, done.stdout + done.stderr
        return done

    def terraform_says(self):
        """What `terraform plan -refresh-only` makes of what is live: `drift`, `nothing`, or `fails`."""
        plan = self.work / "refresh.plan"
        if self.terraform("plan", "-refresh-only", f"-out={plan}").returncode != 0:
            return "fails"
        shown = subprocess.run(
            ["terraform", "show", "-json", plan], cwd=self.directory, capture_output=True, text=True, check=True,
            timeout=60, env={**clean(os.environ), "TF_CLI_CONFIG_FILE": str(self.work / "terraformrc")},
        )
        return "drift" if json.loads(shown.stdout).get("resource_drift") else "nothing"

    def restore(self):
        self.server.reset(*self.applied)

    def run(self, *arguments, env=None, cwd=None):
        """driftline in the directory that holds the root module."""
        environment = {
            **clean(os.environ), "HOME": str(self.work), "NO_COLOR": "1", **self.server.environment, **(env or {}),
        }
        environment = {name: value for name, value in environment.items() if value is not None}
        done = subprocess.run(
            [BINARY, *arguments], cwd=cwd or self.work, env=environment, capture_output=True, text=True, timeout=120
        )
        assert "canary" not in done.stdout + done.stderr
        return done

    def check(self, *arguments, env=None):
        """The JSON report of a check, and the exit status."""
        done = self.run("check", "acme", "--format", "json", *arguments, env=env)
        assert done.stdout, done.stderr
        return json.loads(done.stdout), done.returncode


def wait_until(holds):
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.1)
