"""Taking over what is live: every patch that a check offers settles its finding and raises no other one."""

import os
import shutil
import subprocess

# What calls for an answer. What the source says by then, and the state does not yet, does not.
UNSETTLED = {"drift", "conflict", "unmanaged", "pending"}


def patched(report):
    """Each finding with a patch, and the step that has it."""
    for finding in report["findings"]:
        for step in finding["steps"]:
            if finding["status"] != "unmanaged" and step.get("patch"):
                yield finding, step


def settle(scene, report, *arguments):
    """Applies one patch after the other to the scene's root module, each by itself, and checks again. How many there were."""
    count = 0
    before = unsettled(report)
    for finding, step in patched(report):
        count += 1
        git(scene, step["patch"])
        try:
            after, _ = scene.check(*arguments)
            laid_out(scene)
        finally:
            git(scene, step["patch"], "--reverse")
        assert thing(finding) not in unsettled(after), f"{finding['title']} is still there after\n{step['patch']}"
        told = {thing(one) for one in after["findings"] if is_told(one, step["note"])}
        new = {id: title for id, title in unsettled(after).items() if id not in before and id not in told}
        assert new == {}, f"{new} came after\n{step['patch']}\n{step['note']}"
    return count


def is_told(one, note):
    """Whether a note names what changes along: only the first three are named. Whoever owns a thing is spoken of by itself
    once what the owner may do is as declared."""
    return f"`{one['address']}`" in note or one["title"] in note or " more too" in note or one["kind"] == "postgres/owner"


def unsettled(report):
    return {thing(one): one["title"] for one in report["findings"] if one["status"] in UNSETTLED}


def thing(finding):
    """What a finding is about, whether it is called missing or removed."""
    return finding["kind"], str(finding["key"]), finding["property"]


def git(scene, patch, *options):
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(scene.work.resolve().parent)}
    done = subprocess.run(["git", "apply", *options], cwd=scene.work, env=environment, input=patch, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr + patch


def laid_out(scene):
    if terraform := shutil.which("terraform"):
        done = subprocess.run([terraform, "fmt", "-check", "-diff", "-recursive", str(scene.work / "acme")], text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stdout
