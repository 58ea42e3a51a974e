"""What a run makes of plans, several states, other accounts, snapshots and permissions, and what it keeps to itself."""

import json
import re

import changes
import seed
from live import ACME, AUTHENTICATE_EVERYBODY, AUTHENTICATE_NOBODY, SECRET_OF_ENVIRONMENT
from table import allow, document, trust

CANARY = re.compile(r"canary-(secret|password)", re.IGNORECASE)


def told(report):
    """Change, status, kind, address and property of each finding."""
    return sorted(
        (one["change"], one["status"], one["kind"], one["address"] or "", one["property"] or "")
        for one in report["findings"]
    )


def plan(account, name="plan_drift"):
    """A recorded plan, in line with the account's ids."""
    path = account.work / f"{name}.json"
    path.write_text(account.own((ACME / f"recorded/{name}.json").read_text()))
    return path


def edit(path, change):
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    return path


def planned(document, address):
    (change,) = (one for one in document["resource_changes"] if one["address"] == address)
    return change["change"]


# ---- plans -------------------------------------------------------------------------------------------------------


def drifted(aws):
    """The changes by hand before which the plan was made."""
    aws.iam.attach_role_policy(RoleName="deploy", PolicyArn=changes.ADMIN)
    aws.iam.update_assume_role_policy(
        RoleName="shop-app-1",
        PolicyDocument=document(
            trust({"Service": "ec2.amazonaws.com"}),
            trust({"AWS": "arn:aws:iam::999988887777:root"}, Sid="Friend"),
        ),
    )
    aws.iam.delete_role_policy(RoleName="deploy", PolicyName="logs")


DRIFT = [
    ("added", "drift", "aws/iam/attachment", "aws_iam_role_policy_attachments_exclusive.deploy", ""),
    ("missing", "drift", "aws/iam/inline_policy", "aws_iam_role_policy.deploy_logs", ""),
    ("modified", "drift", "aws/iam/role", "aws_iam_role.app[1]", "assume_role_policy"),
]
MAX_AGE = ("aws/iam/password_policy", "aws_iam_account_password_policy.strict", "max_password_age")


def test_a_plan_without_changes_changes_nothing(account):
    report, status = account.check("--plan", str(plan(account, "plan_clean")))
    assert (report["verdict"], status, report["findings"], report["gaps"]) == ("in_sync", 0, [], [])
    assert "desired" in report["run"]["layers"]


def test_an_approved_change_is_pending_and_drift_stays_drift(account):
    drifted(account.aws)
    report, status = account.check("--plan", str(plan(account)))
    assert told(report) == sorted([*DRIFT, ("modified", "pending", *MAX_AGE)])
    assert report["gaps"] == [] and status == 3
    (pending,) = (one for one in report["findings"] if one["status"] == "pending")
    assert [pending[side] for side in ("desired", "recorded", "live")] == [60, 90, 90]
    assert pending["severity"] == "info"


def test_only_approved_changes_end_well(account):
    report, status = account.check("--plan", str(plan(account)))
    assert told(report) == [("modified", "pending", *MAX_AGE)]
    assert status == 0


def test_what_the_plan_wants_and_somebody_did_is_converged(account):
    changes.password_policy(account.aws, MaxPasswordAge=60)
    report, _ = account.check("--plan", str(plan(account)))
    assert told(report) == [("modified", "converged", *MAX_AGE)]


def test_drift_under_a_pending_change_is_a_conflict(account):
    changes.password_policy(account.aws, MaxPasswordAge=365)
    report, status = account.check("--plan", str(plan(account)))
    assert told(report) == [("modified", "conflict", *MAX_AGE)]
    assert status == 3


def test_what_the_plan_makes_and_is_there_already_is_adoptable(account):
    """A group is taken out of the state and its creation is planned: the live one is to be imported."""
    address = "aws_iam_group.guests"

    def creation(document):
        change = planned(document, address)
        change.update(actions=["create"], before=None, after_unknown={"arn": True, "id": True, "unique_id": True})
        for name in change["after_unknown"]:
            change["after"].pop(name)

    edit(account.work / "acme/terraform.tfstate", lambda state: state.update(resources=[
        one for one in state["resources"] if (one["type"], one["name"]) != ("aws_iam_group", "guests")
    ]))
    report, status = account.check("--plan", str(edit(plan(account, "plan_clean"), creation)))
    assert told(report) == [("unmanaged", "adoptable", "aws/iam/group", address, "")]
    assert report["gaps"] == [] and status == 3
    (finding,) = report["findings"]
    assert finding["location"]["path"] == "acme/people.tf"
    assert "import" in [step["action"] for step in finding["steps"]]


def test_a_planned_removal_is_pending(account):
    def removal(document):
        planned(document, "aws_iam_instance_profile.spare").update(actions=["delete"], after=None)

    report, status = account.check("--plan", str(edit(plan(account, "plan_clean"), removal)))
    assert told(report) == [("added", "pending", "aws/iam/instance_profile", "aws_iam_instance_profile.spare", "")]
    assert status == 0


# ---- states ------------------------------------------------------------------------------------------------------


def test_what_another_state_declares_is_not_unmanaged(account):
    of_storage = lambda one: one["type"].startswith("aws_s3_")  # noqa: E731
    state = account.state
    storage = {**state, "resources": [one for one in state["resources"] if of_storage(one)], "lineage": "storage"}
    people = {**state, "resources": [one for one in state["resources"] if not of_storage(one)]}
    (account.work / "people.tfstate").write_text(json.dumps(people))
    (account.work / "storage.tfstate").write_text(json.dumps(storage))
    report, status = account.check("--state", "people.tfstate")
    alone = {one["kind"] for one in report["findings"]}
    assert status == 3 and alone == {
        "aws/s3/bucket_policy", "aws/s3/bucket_acl", "aws/s3/public_access_block", "aws/s3/ownership_controls",
        "aws/s3/account_public_access_block",
    }, report
    assert {one["change"] for one in report["findings"]} == {"unmanaged"}
    report, status = account.check("--state", "people.tfstate", "--state", "storage.tfstate")
    assert (report["verdict"], status, report["findings"], report["gaps"]) == ("in_sync", 0, [], [])


def test_the_state_as_show_prints_it_is_as_good(account):
    shown = account.work / "show.json"
    shown.write_text(account.own((ACME / "recorded/show.json").read_text()))
    report, status = account.check("--state", str(shown))
    assert (report["verdict"], status, report["findings"], report["gaps"]) == ("in_sync", 0, [], [])


# ---- accounts ----------------------------------------------------------------------------------------------------


def test_the_state_of_another_account_is_one_error(account):
    path = account.work / "acme/terraform.tfstate"
    path.write_text(path.read_text().replace(seed.ACCOUNT, "210987654321"))
    done = account.run("check", "acme", "--format", "json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("error") == 1 and "wrong account" in done.stderr
    assert seed.ACCOUNT in done.stderr and "210987654321" in done.stderr


def test_credentials_of_another_account_are_one_error(account):
    # What a provider block says goes before the environment.
    without_keys(account.work / "acme/main.tf")
    role = account.aws.sts.assume_role(RoleArn="arn:aws:iam::210987654321:role/x", RoleSessionName="reads")
    there = role["Credentials"]
    done = account.run("check", "acme", "--format", "json", env={
        "AWS_ACCESS_KEY_ID": there["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": there["SecretAccessKey"],
        "AWS_SESSION_TOKEN": there["SessionToken"],
    })
    assert (done.returncode, done.stdout) == (1, "")
    assert "wrong account" in done.stderr and "210987654321" in done.stderr


def test_without_credentials_nothing_is_said_to_be_missing(account):
    # The keys in the provider block are those of the recorded run: without them only the environment is left.
    without_keys(account.work / "acme/main.tf")
    nobody = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
    done = account.run("check", "acme", "--format", "json", env=nobody)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert "credentials" in done.stderr


def without_keys(path):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not re.match(r"\s*(access_key|secret_key)\s*=", line)))


def test_the_provider_block_alone_leads_there(account):
    """Endpoint and keys written out in the provider blocks, and nothing in the environment."""
    path = account.work / "acme/main.tf"
    path.write_text(path.read_text().replace("= var.aws_endpoint", f'= "{account.moto.endpoint}"'))
    nothing = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_ENDPOINT_URL": None}
    report, status = account.check(env=nothing)
    assert (report["verdict"], status, report["findings"], report["gaps"]) == ("in_sync", 0, [], [])


# ---- secrets -----------------------------------------------------------------------------------------------------


def test_no_secret_is_written_anywhere(account):
    aws, work = account.aws, account.work
    drifted(aws)
    key = changes.new_key(aws, "alice")["NEW_KEY"]
    for identifier in changes.keys_of_robot(aws).values():
        aws.iam.delete_access_key(UserName="release-robot", AccessKeyId=identifier)
    aws.iam.delete_login_profile(UserName="alice")
    aws.iam.create_login_profile(UserName="bruno", Password="Canary-password-1")
    # What the plan says of the deleted credentials is read, too.
    path = edit(plan(account), lambda document: planned(document, "aws_iam_access_key.robot_current").update(
        actions=["create"], before=None))
    planted = [path.read_text(), (work / "acme/terraform.tfstate").read_text()]
    assert all("canary-secret-1" in text for text in planted)
    outputs = []
    for arguments in (
        ["-v"], ["-v", "--plan", str(path)], ["-v", "--format", "json"], ["-v", "--format", "json", "--plan", str(path)],
    ):
        done = account.run("check", "acme", *arguments)
        assert done.returncode == 3, done.stderr
        assert key in done.stdout
        outputs += [done.stdout, done.stderr]
    done = account.run("snapshot", "acme", "-o", "facts.json")
    outputs += [done.stdout, done.stderr, (work / "facts.json").read_text()]
    # An error speaks of what it could not use.
    done = account.run("check", "acme", "-v", env={"TF_VAR_aws_endpoint": "http://127.0.0.1:1"})
    assert done.returncode in (1, 4)
    outputs += [done.stdout, done.stderr]
    for text in outputs:
        assert not CANARY.search(text), CANARY.search(text)
        assert SECRET_OF_ENVIRONMENT not in text


def test_hostile_names_do_nothing_to_a_terminal(account):
    for row in changes.HOSTILE:
        row.change(account.aws)
    done = account.run("check", "acme", "--color", "never")
    assert done.returncode == 3
    assert changes.HOSTILE_NAME in done.stdout
    odd = {character for character in done.stdout if not character.isprintable() and character != "\n"}
    assert odd <= {"\u00a0"}, odd
    assert not [line for line in done.stdout.splitlines() if line.startswith("::")]


# ---- snapshots ---------------------------------------------------------------------------------------------------


def test_a_snapshot_says_the_same_as_the_network(account):
    drifted(account.aws)
    account.aws.iam.create_user(UserName="mallory")
    changes.new_key(account.aws, "alice")
    done = account.run("snapshot", "acme", "-o", "facts.json")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    live, status = account.check()
    nobody = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "TF_VAR_aws_endpoint": "http://127.0.0.1:1"}
    saved, status_saved = account.check("--live", "facts.json", env=nobody)
    assert status == status_saved == 3
    for report in (live, saved):
        report.pop("run")
        for scope in report["scopes"]:
            scope.pop("requests")
    assert saved == live


# ---- permissions -------------------------------------------------------------------------------------------------

READER = "driftline-reader"

# moto asks for other permissions than AWS here (service authorization reference, "Actions, resources, and condition
# keys for Amazon S3"): one for two settings of buckets, and that of the account by its operation's name.
AS_MOTO_NAMES_IT = {
    "s3:GetBucketPublicAccessBlock": "s3:ListBucket",
    "s3:GetBucketOwnershipControls": "s3:ListBucket",
    "s3:GetAccountPublicAccessBlock": "s3:GetPublicAccessBlock",
}

IDENTITIES = {
    "aws/iam/user", "aws/iam/group", "aws/iam/membership", "aws/iam/role", "aws/iam/policy", "aws/iam/inline_policy",
    "aws/iam/attachment",
}
CREDENTIALS = {"aws/iam/access_key", "aws/iam/login_profile"}
BUCKETS = {"aws/s3/bucket_policy", "aws/s3/public_access_block", "aws/s3/bucket_acl", "aws/s3/ownership_controls"}

# What a gap hides when the permission is taken away.
HIDDEN = {
    # The first of these runs: moto makes the credential report then, and a report made just now names every user.
    "iam:GetAccountAuthorizationDetails": IDENTITIES,
    "iam:ListRoles": {"aws/iam/role"},
    "iam:ListInstanceProfiles": {"aws/iam/instance_profile"},
    "iam:GenerateCredentialReport": CREDENTIALS,
    "iam:GetCredentialReport": CREDENTIALS,
    "iam:ListAccessKeys": {"aws/iam/access_key"},
    "iam:GetLoginProfile": {"aws/iam/login_profile"},
    "iam:ListOpenIDConnectProviders": {"aws/iam/oidc_provider"},
    "iam:GetOpenIDConnectProvider": {"aws/iam/oidc_provider"},
    "iam:ListSAMLProviders": {"aws/iam/saml_provider"},
    "iam:GetSAMLProvider": {"aws/iam/saml_provider"},
    "iam:GetAccountPasswordPolicy": {"aws/iam/password_policy"},
    "iam:ListAccountAliases": {"aws/iam/account_alias"},
    "s3:ListAllMyBuckets": BUCKETS,
    "s3:GetBucketPolicy": {"aws/s3/bucket_policy"},
    "s3:GetBucketAcl": {"aws/s3/bucket_acl"},
    # One permission for moto.
    "s3:GetBucketOwnershipControls": {"aws/s3/ownership_controls", "aws/s3/public_access_block"},
    "s3:GetBucketPublicAccessBlock": {"aws/s3/ownership_controls", "aws/s3/public_access_block"},
    "s3:GetAccountPublicAccessBlock": {"aws/s3/account_public_access_block"},
}


class Reader:
    """A user who may do what `permissions` prints, declared in a state of its own, and an account that looks at who
    asks."""

    def __init__(self, account):
        printed = account.run("permissions", "aws")
        assert printed.returncode == 0, printed.stderr
        (statement,) = json.loads(printed.stdout)["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", "*")
        self.actions = statement["Action"]
        self.account = account
        without_keys(account.work / "acme/main.tf")
        self.user = account.aws.iam.create_user(UserName=READER)["User"]
        key = account.aws.iam.create_access_key(UserName=READER)["AccessKey"]
        self.keys = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def check(self, without=None, env=None):
        left = [AS_MOTO_NAMES_IT.get(action, action) for action in self.actions if action != without]
        left = [action for action in left if action != AS_MOTO_NAMES_IT.get(without)]
        policy = document(allow(left))
        account = self.account
        account.aws.iam.put_user_policy(UserName=READER, PolicyName="reads", PolicyDocument=policy)
        (account.work / "reader.tfstate").write_text(json.dumps(self.state(policy)))
        account.moto.post("/moto-api/reset-auth", AUTHENTICATE_EVERYBODY)
        try:
            states = ["--state", "acme/terraform.tfstate", "--state", "reader.tfstate"]
            done = account.run("check", "acme", "--format", "json", *states, env=env or self.keys)
        finally:
            account.moto.post("/moto-api/reset-auth", AUTHENTICATE_NOBODY)
        return done

    def state(self, policy):
        objects = {
            "aws_iam_user": {"name": READER, "path": "/", "arn": self.user["Arn"], "unique_id": self.user["UserId"]},
            "aws_iam_user_policy": {"user": READER, "name": "reads", "policy": policy},
            "aws_iam_access_key": {"user": READER, "id": self.keys["AWS_ACCESS_KEY_ID"], "status": "Active"},
        }
        resources = [{
            "mode": "managed",
            "type": name,
            "name": "reader",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}],
        } for name, attributes in objects.items()]
        return {
            "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "reader", "outputs": {},
            "resources": resources,
        }


def test_the_printed_permissions_are_enough(account):
    reader = Reader(account)
    done = reader.check()
    report = json.loads(done.stdout)
    assert (report["verdict"], done.returncode, report["findings"], report["gaps"]) == ("in_sync", 0, [], [])
    assert [scope["identity"] for scope in report["scopes"]] == [reader.user["Arn"]]


def test_what_a_missing_permission_hides_is_a_gap_and_never_missing(account):
    reader = Reader(account)
    assert set(reader.actions) == set(HIDDEN)
    for permission, hidden in HIDDEN.items():
        done = reader.check(without=permission)
        report = json.loads(done.stdout)
        assert report["findings"] == [], permission
        assert {kind for gap in report["gaps"] for kind in gap["kinds"]} == hidden, permission
        assert {gap["code"] for gap in report["gaps"]} == {"denied"}, permission
        assert (report["verdict"], done.returncode) == ("incomplete", 4), permission


def test_a_wrong_signature_is_one_error(account):
    reader = Reader(account)
    done = reader.check(env={**reader.keys, "AWS_SECRET_ACCESS_KEY": "wrong"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "SignatureDoesNotMatch" in done.stderr or "credentials" in done.stderr
