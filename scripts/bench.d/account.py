"""One AWS account of any size, the same in every run: what Terraform declares of it, and what is live after a few
changes by hand. `expected` names those changes as the report must."""

import copy
import hashlib
import json

NUMBER = "123456789012"
REGION = "eu-central-1"
OWNER = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
MADE = "2025-03-04T05:06:07"
DEFAULT_TAGS = {"company": "acme", "managed-by": "terraform"}
BUCKETS = 50
AWS_POLICIES = ["ReadOnlyAccess", "AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy", "AmazonSQSFullAccess"]
PASSWORD_POLICY = {
    "minimum_password_length": 14, "require_symbols": True, "require_numbers": True,
    "require_uppercase_characters": True, "require_lowercase_characters": True,
    "allow_users_to_change_password": True, "expire_passwords": True, "max_password_age": 90,
    "password_reuse_prevention": 12, "hard_expiry": False,
}
BLOCKS = ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"]


def compact(document):
    """A policy document as the provider's `jsonencode` writes it."""
    return json.dumps(document, separators=(",", ":"))


def unique(prefix, name, length=21):
    """An id such as AWS gives: the prefix of its sort and letters that only look random."""
    digest = hashlib.sha256(f"{prefix}{name}".encode()).hexdigest().upper()
    return (prefix + digest)[:length]


def iam_arn(sort, path, name):
    return f"arn:aws:iam::{NUMBER}:{sort}{path}{name}"


def grant(*actions, resource):
    return {"Statement": [{"Action": list(actions), "Effect": "Allow", "Resource": resource}], "Version": "2012-10-17"}


class Account:
    def __init__(self, users):
        roles = policies = users // 2
        self.policies = [self._policy(i) for i in range(policies)]
        self.groups = [self._group(i) for i in range(max(4, users // 20))]
        self.users = [self._user(i) for i in range(users)]
        self.roles = [self._role(i) for i in range(roles)]
        self.buckets = [self._bucket(i) for i in range(BUCKETS)]
        self.password_policy = dict(PASSWORD_POLICY)
        self.account_block = {name: True for name in BLOCKS}
        self.alias = "acme-workloads"

    def _policy(self, i):
        name, path = f"service-{i:05}-access", "/services/" if i % 3 else "/"
        document = {
            "Statement": [
                {"Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Effect": "Allow",
                 "Resource": f"arn:aws:s3:::acme-service-{i:05}/*", "Sid": "Objects"},
                {"Action": ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"], "Effect": "Allow",
                 "Resource": [f"arn:aws:sqs:{REGION}:{NUMBER}:service-{i:05}",
                              f"arn:aws:sqs:{REGION}:{NUMBER}:service-{i:05}-dead"], "Sid": "Queues"},
                {"Action": "kms:Decrypt", "Condition": {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}},
                 "Effect": "Allow", "Resource": "*", "Sid": "Keys"},
            ],
            "Version": "2012-10-17",
        }
        return {"name": name, "path": path, "id": unique("ANPA", name), "arn": iam_arn("policy", path, name),
                "description": f"What service {i} may do", "document": compact(document), "tags": {"service": f"{i}"}}

    def _group(self, i):
        name = f"team-{i:04}"
        folder = compact(grant("s3:GetObject", "s3:PutObject", resource=f"arn:aws:s3:::acme-scratch/{name}/*"))
        return {"name": name, "path": "/teams/", "id": unique("AGPA", name), "arn": iam_arn("group", "/teams/", name),
                "attached": [f"arn:aws:iam::aws:policy/{AWS_POLICIES[i % 4]}"], "inline": {"scratch-folder": folder},
                # Every other group declares all its members, the rest is joined user by user.
                "closed": i % 2 == 0}

    def _user(self, i):
        name, path = f"person-{i:05}", "/people/" if i % 4 else "/external/"
        of_size = len(self.groups)
        groups = [self.groups[i % of_size]["name"]]
        if i % 10 == 0:
            groups.append(self.groups[(i + 1) % of_size]["name"])
        inline = {}
        if i % 5 == 0:
            inline["publish"] = compact(grant("s3:PutObject", resource=f"arn:aws:s3:::acme-releases/{name}/*"))
        keys = [{"id": unique("AKIA", name, 20), "status": "Active"}] if i % 50 == 0 else []
        return {"name": name, "path": path, "id": unique("AIDA", name), "arn": iam_arn("user", path, name),
                "boundary": self.policies[0]["arn"] if i % 10 == 3 else None, "groups": groups, "inline": inline,
                "attached": [self.policies[i % len(self.policies)]["arn"]] if i % 3 == 0 else [],
                "keys": keys, "password": i % 20 == 7,
                "tags": {"team": groups[0], "title": f"Engineer {i % 7}"}}

    def _role(self, i):
        name, path = f"service-{i:05}", "/services/" if i % 3 else "/"
        principal, action, condition = [
            ({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole", None),
            ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole", None),
            ({"AWS": f"arn:aws:iam::{NUMBER}:root"}, "sts:AssumeRole", {"StringEquals": {"sts:ExternalId": name}}),
            ({"Federated": f"arn:aws:iam::{NUMBER}:oidc-provider/token.actions.githubusercontent.com"},
             "sts:AssumeRoleWithWebIdentity",
             {"StringEquals": {"token.actions.githubusercontent.com:sub": f"repo:acme/service-{i:05}:ref:refs/heads/main",
                               "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}),
        ][i % 4]
        statement = {"Action": action, "Effect": "Allow", "Principal": principal}
        if condition:
            statement["Condition"] = condition
        inline = {}
        if i % 2 == 0:
            inline["logs"] = compact(grant(
                "logs:CreateLogStream", "logs:PutLogEvents",
                resource=f"arn:aws:logs:{REGION}:{NUMBER}:log-group:/acme/{name}:*"))
        return {"name": name, "path": path, "id": unique("AROA", name), "arn": iam_arn("role", path, name),
                "trust": compact({"Statement": [statement], "Version": "2012-10-17"}),
                "description": f"Runs service {i}", "session": 7200 if i % 8 == 0 else 3600,
                "boundary": self.policies[0]["arn"] if i % 4 == 1 else None, "inline": inline,
                "attached": [self.policies[i % len(self.policies)]["arn"],
                             f"arn:aws:iam::aws:policy/{AWS_POLICIES[i % 4]}"],
                "profile": unique("AIPA", name) if i % 5 == 0 else None, "tags": {"service": f"{i}", "tier": "production"}}

    def _bucket(self, i):
        name = f"acme-bucket-{i:02}"
        statement = {"Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}, "Effect": "Deny",
                     "Principal": "*", "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"], "Sid": "TlsOnly"}
        return {"name": name, "policy": compact({"Statement": [statement], "Version": "2012-10-17"}),
                "block": {flag: True for flag in BLOCKS}, "ownership": "BucketOwnerEnforced"}

    def members(self, group):
        return [user["name"] for user in self.users if group in user["groups"]]

    def things(self):
        """How many things are claimed when all of this is declared: users, attachments, memberships and so on."""
        holders = self.users + self.groups + self.roles
        return (len(holders) + len(self.policies) + sum(len(h["attached"]) + len(h["inline"]) for h in holders)
                + sum(len(u["groups"]) + len(u["keys"]) + u["password"] for u in self.users)
                + sum(r["profile"] is not None for r in self.roles) + 3 * len(self.buckets) + 3)


def drifted(declared):
    """The account as it is live: the declared one after ten changes by hand, and how the report must name them."""
    live = copy.copy(declared)
    for part in ("users", "groups", "roles", "policies", "buckets"):
        setattr(live, part, list(getattr(declared, part)))
    expected = set()

    def change(part, at, **fields):
        items = getattr(live, part)
        items[at] = {**items[at], **fields}
        return items[at]["name"]

    # Somebody made a user and gave it everything.
    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    live.users.append({"name": "mallory", "path": "/", "id": unique("AIDA", "mallory"),
                       "arn": iam_arn("user", "/", "mallory"), "boundary": None, "groups": [], "inline": {},
                       "attached": [everything], "keys": [], "password": False, "tags": {}, "by_hand": True})
    expected.add(("unmanaged", "aws/iam/user", ("mallory",), None))
    expected.add(("unmanaged", "aws/iam/attachment", ("user", "mallory", everything), None))
    # A trust policy was widened.
    role = declared.roles[9]
    trust = json.loads(role["trust"])
    trust["Statement"].append({"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"AWS": "999988887777"}})
    expected.add(("modified", "aws/iam/role", (change("roles", 9, trust=compact(trust)),), "assume_role_policy"))
    # An attachment was taken away.
    role = declared.roles[11]
    change("roles", 11, attached=role["attached"][:1])
    expected.add(("missing", "aws/iam/attachment", ("role", role["name"], role["attached"][1]), None))
    # A policy got another statement.
    document = json.loads(declared.policies[7]["document"])
    document["Statement"].append({"Action": "iam:PassRole", "Effect": "Allow", "Resource": "*"})
    expected.add(("modified", "aws/iam/policy", (change("policies", 7, document=compact(document)),), "policy"))
    # Somebody was put into a group whose members are all declared.
    closed = next(group["name"] for group in declared.groups if group["closed"] and group["name"] != "team-0000")
    user = next(user for user in declared.users[1:] if closed not in user["groups"])
    change("users", declared.users.index(user), groups=[*user["groups"], closed])
    expected.add(("added", "aws/iam/membership", (user["name"], closed), None))
    # An inline policy was deleted, a key switched off, a user's tag changed.
    user = declared.users[5]
    change("users", 5, inline={})
    expected.add(("missing", "aws/iam/inline_policy", ("user", user["name"], "publish"), None))
    user = declared.users[50]
    change("users", 50, keys=[{**user["keys"][0], "status": "Inactive"}], tags={**user["tags"], "title": "Director"})
    expected.add(("modified", "aws/iam/access_key", (user["name"], user["keys"][0]["id"]), "status"))
    expected.add(("modified", "aws/iam/user", (user["name"],), "tags"))
    # A bucket was opened.
    bucket = change("buckets", 3, block={**declared.buckets[3]["block"], "block_public_policy": False})
    expected.add(("modified", "aws/s3/public_access_block", (bucket,), "block_public_policy"))
    return live, expected


def in_sync(declared, expected):
    """How many of the declared things the changes left alone."""
    return declared.things() - sum(change in ("modified", "missing") for change, *_ in expected)
