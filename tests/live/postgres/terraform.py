"""Terraform or OpenTofu with the real provider, run on the root module as a user would run it."""

import json
import os
import re
import subprocess
from pathlib import Path

from cluster import ACME, PASSWORD, PROVIDER, clean

PROGRAM = os.environ.get("DRIFTLINE_TERRAFORM") or "terraform"

HEADERS = os.environ["DRIFTLINE_POSTGRES_HEADERS"]

# What has to be there before the programs' own migrations can run.
FIRST = ("postgresql_schema.sales", "postgresql_schema.audit", "postgresql_schema.books", "postgresql_role.app")


COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Terraform:
    def __init__(self, root):
        self.root = root
        self.server = root.server
        (root.work / "terraformrc").write_text(
            'provider_installation {\n  dev_overrides {\n    "cyrilgdn/postgresql" = '
            f"{json.dumps(str(Path(PROVIDER).resolve().parent))}\n  }}\n  direct {{}}\n}}\n"
        )

    def run(self, *arguments, wanted=(0,)):
        done = subprocess.run(
            [PROGRAM, *arguments],
            cwd=self.root.directory, capture_output=True, text=True, timeout=300,
            env={**clean(os.environ), **self.server.environment, "TF_CLI_CONFIG_FILE": str(self.root.work / "terraformrc"),
                 "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "NO_COLOR": "1", "TF_VAR_publisher":
                 f"host=127.0.0.1 port={self.server.port} user=postgres password={PASSWORD} dbname=ledger"},
        )
        assert done.returncode in wanted, done.stdout + done.stderr
        return done

    def apply_everything(self):
        self.load_labels()
        # Provider configurations write memberships and access lists side by side, and PostgreSQL does not always bear that.
        apply = ("apply", "-auto-approve", "-parallelism=1")
        self.run(*apply, *(f"-target={address}" for address in FIRST))
        self.server.script((ACME / "migrations.sql").read_text())
        self.run(*apply)
        # The state of a role shows memberships that were granted after it was made.
        self.run("apply", "-auto-approve", "-refresh-only")

    def load_labels(self):
        """PostgreSQL comes with no provider of security labels that works everywhere: one is built and loaded."""
        library = self.server.home / "labels.so"
        source = Path(__file__).parent / "labels.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-I", HEADERS, "-o", library, source], check=True)
        self.server.settings["shared_preload_libraries"] = library
        self.server.stop("fast")
        self.server.start()

    def says(self):
        """What `plan -refresh-only` makes of what is live: the addresses that drifted, or how it failed."""
        plan = self.root.work / "refresh.plan"
        done = self.run("plan", "-refresh-only", f"-out={plan}", wanted=(0, 1))
        if done.returncode:
            return "fails: " + COLOUR.sub("", re.search(r"Error: (.*)", done.stdout + done.stderr)[1])
        shown = json.loads(self.run("show", "-json", plan).stdout)
        return sorted(one["address"] for one in shown.get("resource_drift", []))
