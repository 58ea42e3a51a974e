"""What Terraform says of files: whether they are in the language."""

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 100
"""Files of one call: starting the program costs more than reading them."""


def find():
    return shutil.which("terraform")


def verdicts(terraform, paths):
    """Whether each file is valid. `terraform fmt` reads a file as driftline reads it, as syntax and nothing else."""
    with tempfile.NamedTemporaryFile() as settings:
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TF_CLI_CONFIG_FILE": settings.name}

        def valid(path):
            with open(path, "rb") as text:
                return asked([terraform, "fmt", "-check", "-list=false", "-"], env, stdin=text)

        def batch(some):
            # It takes paths with these endings alone; no other is written to or read.
            named = [path for path in some if path.suffix in (".tf", ".tfvars")]
            if len(named) == len(some) and asked(
                [terraform, "fmt", "-check", "-write=false", "-list=false", *map(str, named)], env
            ):
                return {path: True for path in some}
            if len(some) == 1:
                return {some[0]: valid(some[0])}
            middle = len(some) // 2
            return batch(some[:middle]) | batch(some[middle:])

        batches = [paths[at : at + AT_ONCE] for at in range(0, len(paths), AT_ONCE)]
        with ThreadPoolExecutor(2) as pool:
            return {path: valid for told in pool.map(batch, batches) for path, valid in told.items()}


def asked(command, env, **how):
    """0 is valid and in form, 3 is valid."""
    return subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how).returncode in (0, 3)
