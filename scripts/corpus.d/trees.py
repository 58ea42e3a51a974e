"""Trees of Terraform code: their files, which directories are root modules, and what driftline says of them."""

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ENDINGS = (".tf", ".tofu", ".tfvars", ".tf.json", ".tofu.json", ".tfvars.json")
CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")
SECONDS = 60
"""Longest time for one root module."""


def files(tree):
    found = []
    for directory, inner, names in os.walk(tree):
        inner[:] = sorted(name for name in inner if name not in (".git", ".terraform"))
        found += [Path(directory, name) for name in sorted(names) if name.endswith(ENDINGS) and not name.startswith(".")]
    return [path for path in found if path.is_file()]


def parse(program, paths):
    """What driftline reads of each file, and how much in how many seconds. An encrypted file is not among them."""
    names = "".join(f"{path}\n" for path in paths)
    told = subprocess.run([program, "parse"], input=names, stdout=subprocess.PIPE, text=True, check=True, timeout=10 * SECONDS)
    *lines, total = map(json.loads, told.stdout.splitlines())
    return {Path(line["path"]): line for line in lines}, total


def called(read, path):
    """The directories that the modules called in a file are in, as far as they are in the tree."""
    local = (source for source in read[path]["calls"] if source.startswith(("./", "../")))
    return [Path(os.path.normpath(path.parent / source)) for source in local]


def roots(read):
    """The directories with code that no other directory calls."""
    code = [path for path in read if path.name.endswith(CODE)]
    calls = {directory for path in code for directory in called(read, path) if directory != path.parent}
    return sorted({path.parent for path in code} - calls)


def size(read, root):
    """The bytes of code of a root module and all that it calls."""
    by_directory = {}
    for path in read:
        if path.name.endswith(CODE):
            by_directory.setdefault(path.parent, []).append(path)
    seen, left, total = set(), [root], 0
    while left:
        directory = left.pop()
        if directory in seen:
            continue
        seen.add(directory)
        for path in by_directory.get(directory, []):
            total += read[path]["bytes"]
            left += called(read, path)
    return total


def evaluate(program, directories, run):
    """What driftline knows of each root module; two at a time. The answer is its lines with what was used up, or the words
    it ended with."""

    def one(directory):
        with tempfile.NamedTemporaryFile() as answer:
            try:
                usage = run([program, "evaluate", directory], output=answer.name, seconds=SECONDS)
            except subprocess.TimeoutExpired:
                return directory, f"takes more than {SECONDS} s"
            except SystemExit as problem:
                return directory, str(problem)
            with open(answer.name) as lines:
                return directory, (usage, [json.loads(line) for line in lines])

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(one, directories)
