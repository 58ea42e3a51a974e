"""A state that Terraform itself keeps in a bucket: driftline reads it from there, in a directory that was never initialised
and with no Terraform on the path."""

import json
import os
import shutil
import subprocess

import pytest

from live import BINARY, SECRET_OF_ENVIRONMENT, without

TERRAFORM = shutil.which("terraform")

needs_terraform = pytest.mark.skipif(
    TERRAFORM is None and os.environ.get("CI") != "true",
    reason="NOT RUN: there is no terraform on the path to write a state",
)

# The second resource says what only the state knows of the first.
SOURCE = """
terraform {
  backend "s3" {
    bucket         = "states"
    key            = "app/terraform.tfstate"
    region         = "eu-central-1"
    use_path_style = true
    use_lockfile   = true
    %(more)s

    skip_credentials_validation = true
    skip_requesting_account_id  = true
    skip_region_validation      = true

    endpoints = {
      s3  = "%(endpoint)s"
      sts = "%(endpoint)s"
      iam = "%(endpoint)s"
    }
  }
}

resource "terraform_data" "first" {
  input = terraform.workspace
}

resource "terraform_data" "second" {
  input = terraform_data.first.id
}
"""


def environment(home):
    (home / "terraformrc").write_text("disable_checkpoint = true\n")
    return {
        **without(os.environ, "AWS_", "TF_", "DRIFTLINE_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"),
        "HOME": str(home),
        "TF_CLI_CONFIG_FILE": str(home / "terraformrc"),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": SECRET_OF_ENVIRONMENT,
    }


def write(root, workspaces, variables):
    """The state of each workspace as `state pull` prints it."""

    def terraform(*arguments):
        return subprocess.run(
            [TERRAFORM, *arguments], cwd=root, env=variables, check=True, capture_output=True, text=True, timeout=120
        ).stdout

    terraform("init", "-no-color")
    states = {}
    for name in workspaces:
        if name != "default":
            terraform("workspace", "new", name)
        terraform("apply", "-auto-approve", "-no-color")
        states[name] = json.loads(terraform("state", "pull"))
    return states


def recorded(state):
    (first,) = (one for one in state["resources"] if one["name"] == "first")
    return first["instances"][0]["attributes"]["id"]


def explain(root, variables, workspace):
    done = subprocess.run(
        [BINARY, "explain", "terraform_data.second.input"],
        cwd=root, capture_output=True, text=True, timeout=120,
        env={**variables, "PATH": "/nowhere", "TF_WORKSPACE": workspace},
    )
    assert SECRET_OF_ENVIRONMENT not in done.stdout + done.stderr
    return done.stdout + done.stderr


@needs_terraform
@pytest.mark.parametrize("more", ["", 'workspace_key_prefix = "teams"'])
def test_a_state_in_a_bucket_is_read_where_nothing_was_initialised(account, tmp_path, more):
    variables = environment(tmp_path)
    account.aws.s3.create_bucket(
        Bucket="states", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    source = SOURCE % {"endpoint": account.moto.endpoint, "more": more}
    written, fresh = tmp_path / "written", tmp_path / "fresh"
    for root in (written, fresh):
        root.mkdir()
        (root / "main.tf").write_text(source)
    states = write(written, ["default", "dev"], variables)
    assert recorded(states["default"]) != recorded(states["dev"])
    for root in (fresh, written):
        for name, state in states.items():
            said = explain(root, variables, name)
            assert recorded(state) in said, said
    assert "has no state in the workspace `gone`" in explain(fresh, variables, "gone")
    assert not (fresh / ".terraform").exists()
