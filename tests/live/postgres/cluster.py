"""PostgreSQL servers as child processes, and driftline and Terraform run against them as a user would run them."""

import json
import os
import re
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
told = subprocess.run([PROGRAMS / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
VERSION = int(re.search(r"(\d+)", told)[1])
# `psql` and its like: not every server comes with its own.
CLIENTS = Path(os.environ.get("DRIFTLINE_POSTGRES_CLIENTS") or PROGRAMS)

# A binary of the provider cyrilgdn/postgresql; without one the recorded state stands in for an apply.
PROVIDER = os.environ.get("DRIFTLINE_POSTGRESQL_PROVIDER") or None

# Things that the applied root module declares and that are live as declared.
IN_SYNC = 71

# Whether this run is the one that the recorded files come from.
RECORDING = "DRIFTLINE_RECORD" in os.environ

# Planted where driftline reads, and to be seen nowhere that it writes.
PASSWORD = "canary-password-" + ("recorded" if RECORDING else secrets.token_hex(8))

OWN = ("PG", "TF_", "DRIFTLINE_", "AWS_")


def clean(environment):
    return {name: value for name, value in environment.items() if not name.startswith(OWN)}


class Server:
    """A cluster of its own, on loopback and a socket, run by a user who is not root: PostgreSQL refuses root."""

    def __init__(self, settings=None):
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
        self.data, self.kept = self.home / "data", self.home / "kept"
        # Terraform records times in the server's zone: another one than UTC, so that it matters.
        self.settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": self.home, "fsync": "off",
            # Nothing changes but by the tests.
            "autovacuum": "off",
            "timezone": "Europe/Berlin", "wal_level": "logical", "shared_buffers": "16MB", **(settings or {}),
        }
        self.program(
            "initdb", "-D", self.data, "-U", "postgres", "--no-sync", "--encoding=UTF8", "--locale=C",
            "--wal-segsize=1", "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={self.work / 'password'}",
        )
        self.start()

    def program(self, name, *arguments):
        done = subprocess.run(
            [*self.user, PROGRAMS / name, *arguments],
            cwd=self.home, env=clean(os.environ), capture_output=True, text=True, timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        options = f"-p {self.port} " + " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        self.program("pg_ctl", "-D", self.data, "-o", options, "-l", self.home / "log", "-w", "-t", "60", "start")

    def stop(self, mode="immediate"):
        self.program("pg_ctl", "-D", self.data, "-m", mode, "-w", "stop")

    def remove(self):
        self.stop()
        shutil.rmtree(self.work)

    def sql(self, *statements, database="postgres"):
        return self.script("\n".join(f"{statement};" for statement in statements), database)

    def script(self, text, database="postgres", timeout=60):
        """What the statements show. `\\connect` leads to another database."""
        done = subprocess.run(
            [CLIENTS / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-p", str(self.port),
             "-U", "postgres", "-d", database],
            input=text, env=clean(os.environ), capture_output=True, text=True, timeout=timeout,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def dump(self, *arguments):
        return subprocess.run(
            [CLIENTS / "pg_dumpall", "-h", self.home, "-p", str(self.port), "-U", "postgres", *arguments],
            env=clean(os.environ), capture_output=True, text=True, check=True, timeout=60,
        ).stdout

    def keep(self):
        """Everything as it is now, for `restore`."""
        self.stop("fast")
        shutil.rmtree(self.kept, ignore_errors=True)
        self.copy(self.data, self.kept)
        self.start()

    def restore(self):
        """Everything as it was kept, to the last bit: roles, databases, what is in them, and the server's settings."""
        self.stop()
        self.copy(self.kept, self.data)
        self.start()

    def copy(self, source, target):
        """Makes one directory the same as the other; files that nothing wrote to since are left alone."""
        source, target = Path(source), Path(target)
        target.mkdir(exist_ok=True)
        shutil.copystat(source, target)
        there = {entry.name: entry for entry in os.scandir(target)}
        for entry in os.scandir(source):
            old, new = there.pop(entry.name, None), target / entry.name
            if entry.is_dir():
                self.copy(entry.path, new)
            elif old is None or written(entry) != written(old):
                shutil.copy2(entry.path, new)
            if self.user and old is None:
                shutil.chown(new, "postgres", "postgres")
        for entry in there.values():
            shutil.rmtree(entry.path) if entry.is_dir() else os.unlink(entry.path)
        if self.user:
            shutil.chown(target, "postgres", "postgres")

    def reset(self, *statements):
        """As `initdb` left it but for databases, and then these."""
        made = self.sql("SELECT quote_ident(rolname) FROM pg_roles WHERE oid >= 16384")
        drop = [text for role in made for text in (f"DROP OWNED BY {role}", f"DROP ROLE {role}")]
        self.sql("ALTER ROLE postgres RESET ALL", *drop, *statements)

    @property
    def environment(self):
        return {
            "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres", "PGPASSWORD": PASSWORD,
            "PGSSLMODE": "disable",
        }


def written(entry):
    stat = entry.stat()
    return stat.st_size, stat.st_mtime_ns


# The recorded contents were dumped from version 15; each row says it in the words of versions before the first.
OLDER_WORDS = [
    (15, " LOCALE_PROVIDER = libc", ""),
    (13, " LOCALE = 'C'", " LC_COLLATE = 'C' LC_CTYPE = 'C'"),
    # `initdb` gave everybody CREATE, too, and a dump says what is other than that.
    (15, "REVOKE USAGE ON SCHEMA public FROM PUBLIC", "REVOKE ALL ON SCHEMA public FROM PUBLIC"),
]


def contents():
    """What the server held once the root module was applied."""
    text = (ACME / "contents.sql").read_text()
    for first, word, older in OLDER_WORDS:
        assert word in text, word
        text = text.replace(word, older) if VERSION < first else text
    return text


class Root:
    """The root module, applied."""

    def __init__(self, server):
        self.server = server
        self.work = server.work / "work"
        self.directory = self.work / "acme"
        self.work.mkdir()
        shutil.copytree(ACME, self.directory)
        if PROVIDER:
            (self.directory / "terraform.tfstate").unlink()
            from terraform import Terraform

            self.terraform = Terraform(self)
            self.terraform.apply_everything()
        else:
            server.script(contents())
        server.keep()

    def restore(self):
        self.server.restore()

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
