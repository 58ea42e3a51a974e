"""Applies testdata/demo, changes things past Terraform, and records the states and what is live then."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import seed
from cluster import PASSWORD, Server, clean
from live import BINARY, Moto

DEMO = Path(__file__).resolve().parents[2] / "testdata/demo"
MODULES = ("identity", "databases")
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"

# What was merged and not applied yet: file, what it says, what it said at the last apply.
MERGED_SINCE = [
    ("people.yaml", "  radia:\n    title: Network engineer\n    teams: [platform, on-call]\n    databases: []\n", ""),
    ("databases/main.tf", "connection_limit  = 40", "connection_limit  = 20"),
    ("databases/main.tf", "statement_timeout = 30000", "statement_timeout = 10000"),
]

# Tables that the shop's program makes for itself.
MIGRATIONS = """
SET ROLE shop_owner;
CREATE TABLE sales.orders (id bigint, customer bigint, total numeric);
CREATE TABLE sales.customers (id bigint, name text, mail text);
"""


def people_by_hand(iam):
    """A contractor made in the console, and a new colleague who was in a hurry."""
    iam.create_user(UserName="liam-contractor")
    iam.create_login_profile(UserName="liam-contractor", Password="canary-Password-1!")
    iam.create_access_key(UserName="liam-contractor")
    iam.add_user_to_group(GroupName="team-data", UserName="liam-contractor")
    iam.create_user(UserName="radia", Path="/people/", Tags=[{"Key": "title", "Value": "Network engineer"}])
    iam.remove_user_from_group(GroupName="team-on-call", UserName="grace")
    iam.update_account_password_policy(
        MinimumPasswordLength=8, RequireSymbols=True, RequireNumbers=True, RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True, AllowUsersToChangePassword=True, PasswordReusePrevention=24)


def roles_by_hand(iam):
    """A release that had to get out."""
    iam.attach_role_policy(RoleName="deploy", PolicyArn=ADMINISTRATOR)
    iam.update_role(RoleName="deploy", MaxSessionDuration=14400, Description="Rolls the shop out")
    trust = iam.get_role(RoleName="deploy")["Role"]["AssumeRolePolicyDocument"]
    wider = json.dumps(trust).replace("repo:northwind/shop:ref:refs/heads/main", "repo:northwind/*")
    iam.update_assume_role_policy(RoleName="deploy", PolicyDocument=wider)
    iam.detach_group_policy(GroupName="team-data", PolicyArn="arn:aws:iam::aws:policy/AmazonAthenaFullAccess")
    iam.put_role_policy(RoleName="break-glass", PolicyName="debug", PolicyDocument=json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}],
    }))


# A migration that failed at night.
DATABASE_BY_HAND = """
ALTER ROLE shop_app SET statement_timeout = 0;
ALTER ROLE shop_app CONNECTION LIMIT 40;
ALTER ROLE edsger VALID UNTIL 'infinity';
GRANT writer TO edsger;
CREATE ROLE liam LOGIN BYPASSRLS;
GRANT CONNECT ON DATABASE shop TO PUBLIC;
\\connect shop
GRANT DELETE ON sales.orders TO writer;
GRANT SELECT ON sales.customers TO liam;
REVOKE SELECT ON sales.customers FROM reader;
"""


class Run:
    """The repository as it was at the last apply, in a directory of its own."""

    def __init__(self, work, moto, server):
        self.repository, self.server = work / "demo", server
        shutil.copytree(DEMO, self.repository, ignore=shutil.ignore_patterns("*.tfstate", "*.snapshot.json"))
        for file, now, before in MERGED_SINCE:
            path = self.repository / file
            assert now in path.read_text(), now
            path.write_text(path.read_text().replace(now, before))
        (work / "terraformrc").write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ["DRIFTLINE_PROVIDERS"]}"\n  }}\n}}\n')
        self.environment = {
            **clean(os.environ), **server.environment, "HOME": str(work), "TF_CLI_CONFIG_FILE": str(work / "terraformrc"),
            "AWS_ENDPOINT_URL": moto.endpoint, "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": seed.REGION, "AWS_EC2_METADATA_DISABLED": "true", "TF_INPUT": "0",
        }

    def program(self, *words):
        subprocess.run(words, cwd=self.repository, env=self.environment, check=True)

    def terraform(self, module, *words):
        self.program("terraform", f"-chdir={module}", *words)

    def apply(self):
        for module in MODULES:
            self.terraform(module, "init")
        self.terraform("identity", "apply", "-auto-approve")
        # The provider writes memberships and access lists side by side, and PostgreSQL does not always bear that.
        apply = ("apply", "-auto-approve", "-parallelism=1")
        self.terraform("databases", *apply, "-target=postgresql_schema.sales")
        self.server.script(MIGRATIONS, "shop")
        self.terraform("databases", *apply)
        # The state of a role shows memberships that were granted after it was made.
        for module in MODULES:
            self.terraform(module, "apply", "-auto-approve", "-refresh-only")

    def record(self):
        for module in MODULES:
            shutil.copyfile(self.repository / module / "terraform.tfstate", DEMO / module / "terraform.tfstate")
        (self.repository / "driftline.toml").unlink()
        snapshot = DEMO / "live.snapshot.json"
        # That of another cluster would not be replaced.
        snapshot.unlink(missing_ok=True)
        self.program(BINARY, "snapshot", *MODULES, "-o", snapshot)
        cluster = next(one["id"] for one in json.loads(snapshot.read_text())["scopes"] if one["system"] == "postgres")
        settings = DEMO / "driftline.toml"
        settings.write_text(re.sub(r'cluster = "\d*"', f'cluster = "{cluster}"', settings.read_text()))


def main():
    work = Path(tempfile.mkdtemp(prefix="driftline-demo-"))
    moto, server = Moto(work), Server()
    try:
        run = Run(work, moto, server)
        run.apply()
        iam = seed.Clients(moto.endpoint).iam
        people_by_hand(iam)
        roles_by_hand(iam)
        server.script(DATABASE_BY_HAND)
        run.record()
    finally:
        moto.stop()
        server.remove()
    shutil.rmtree(work)


main()
