"""Applies the root modules in testdata/instances with a real terraform or tofu, and compares the state that is left with
the recorded one.

    apply.py BINARY           compares; any difference is an error
    apply.py BINARY --record  writes down the states

They consist of what is built into the binary (`terraform_data`, `terraform_remote_state`), so that nothing is installed.
Where a root module has a directory `before`, that is applied first: what is recorded then stands in `before.tfstate`.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOTS = pathlib.Path("testdata/instances")
BEFORE = "before"


def environment(directory):
    """Nothing of who runs it: no settings, no other arguments, no workspace."""
    settings = directory / "settings.tfrc"
    settings.touch()
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "TOFU_"))}
    return theirs | {"TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}


def run(binary, directory, ours, *arguments):
    done = subprocess.run([binary, *arguments, "-no-color"], cwd=directory, env=ours, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{binary} {' '.join(arguments)} in {directory}: {done.stdout}{done.stderr}")


def applied(binary, root, before, directory):
    """The text of the state after `root` was applied, over the state `before` where there is one."""
    shutil.copytree(root, directory, ignore=shutil.ignore_patterns(BEFORE, "terraform.tfstate", "before.tfstate"))
    if before:
        (directory / "terraform.tfstate").write_text(before, encoding="utf-8")
    ours = environment(directory)
    run(binary, directory, ours, "init", "-input=false")
    run(binary, directory, ours, "apply", "-input=false", "-auto-approve")
    # A second apply has nothing to do, or the configuration says each time something else.
    run(binary, directory, ours, "plan", "-input=false", "-detailed-exitcode")
    return (directory / "terraform.tfstate").read_text(encoding="utf-8")


def states(binary, root, directory):
    """The states by the names of their files."""
    found = {}
    if (root / BEFORE).is_dir():
        found["before.tfstate"] = applied(binary, root / BEFORE, None, directory / BEFORE)
    found["terraform.tfstate"] = applied(binary, root, found.get("before.tfstate"), directory / "now")
    return found


def instances(state):
    """What the text of a state says of each instance, without the ids, which differ from run to run."""
    for own in ids(json.loads(state)):
        state = state.replace(own, "id")
    found = {}
    for resource in json.loads(state, parse_float=str)["resources"]:
        name = ".".join(filter(None, (resource.get("module"), resource["mode"], resource["type"], resource["name"])))
        for instance in resource["instances"]:
            found[name, json.dumps(instance.get("index_key"))] = instance["attributes"]
    return found


def ids(state):
    every = (instance for resource in state["resources"] for instance in resource["instances"])
    return {instance["attributes"].get("id") for instance in every} - {None}


def differences(recorded, answered):
    for key in sorted(recorded.keys() | answered.keys()):
        if recorded.get(key) != answered.get(key):
            yield f"{key[0]}[{key[1]}]: recorded {recorded.get(key)}, now {answered.get(key)}"


def main(binary, record):
    total = wrong = 0
    for root in sorted(path for path in ROOTS.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as directory:
            answered = states(binary, root, pathlib.Path(directory))
        for name, state in answered.items():
            path = root / name
            total += len(instances(state))
            if record:
                path.write_text(state, encoding="utf-8")
                continue
            for line in differences(instances(path.read_text(encoding="utf-8")), instances(state)):
                wrong += 1
                print(f"{path}: {line}")
    print(f"live suite instances: {total} instances, {wrong} differences, {binary}")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] == ["--record"]))
