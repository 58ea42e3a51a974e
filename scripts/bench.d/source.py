"""Root modules: the one that an account's state belongs to, a few blocks with long literal collections that they range
over; and small ones that keep many people in data."""

import json

TEAM = '''
variable "people" {}

resource "aws_iam_group" "this" {
  name = var.name
  path = "/teams/"
}

resource "aws_iam_group_policy" "folder" {
  group  = aws_iam_group.this.name
  name   = "scratch-folder"
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_group_policy_attachment" "this" {
  count      = length(var.policies)
  group      = aws_iam_group.this.name
  policy_arn = var.policies[count.index]
}

resource "aws_iam_group_policy_attachments_exclusive" "this" {
  group_name  = aws_iam_group.this.name
  policy_arns = var.policies
}

resource "aws_iam_group_membership" "this" {
  name  = "${var.name}-members"
  group = aws_iam_group.this.name
  users = var.members
}

resource "aws_iam_user" "person" {
  for_each             = var.people
  name                 = each.key
  path                 = each.value.path
  permissions_boundary = each.value.boundary
  tags                 = each.value.tags
}

resource "aws_iam_user_policy" "own" {
  for_each = var.publishers
  user     = aws_iam_user.person[each.key].name
  name     = "publish"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_user_policy_attachment" "own" {
  for_each   = var.attachments
  user       = each.value.user
  policy_arn = each.value.policy_arn
}

resource "aws_iam_access_key" "robot" {
  for_each = var.keys
  user     = each.value
}

resource "aws_iam_user_login_profile" "console" {
  for_each = var.console
  user     = each.key
}
'''

SERVICE = '''
resource "aws_iam_role" "this" {
  name                 = var.name
  path                 = var.path
  description          = var.description
  max_session_duration = var.session
  permissions_boundary = var.boundary
  assume_role_policy   = var.trust
  tags                 = var.tags
}

resource "aws_iam_role_policy" "own" {
  for_each = var.inline
  role     = aws_iam_role.this.name
  name     = each.key
  policy   = each.value
}

resource "aws_iam_role_policy_attachment" "this" {
  count      = length(var.policies)
  role       = aws_iam_role.this.name
  policy_arn = var.policies[count.index]
}

resource "aws_iam_instance_profile" "this" {
  name = var.name
  role = aws_iam_role.this.name
}
'''

ACCESS = '''
resource "aws_iam_policy" "access" {
  name        = var.name
  path        = var.path
  description = var.description
  policy      = var.document
}
'''

BUCKET = '''
resource "aws_s3_bucket_policy" "this" {
  bucket = var.name
  policy = var.policy
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = var.name
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = var.name
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}
'''

ROOT = '''
resource "aws_iam_account_password_policy" "this" {
  minimum_password_length = 14
}

resource "aws_iam_account_alias" "this" {
  account_alias = "acme-workloads"
}

resource "aws_s3_account_public_access_block" "this" {
  block_public_acls = true
}
'''


def call(name, keys):
    entries = "".join(f"    {json.dumps(key)} = {{ name = {json.dumps(key)} }}\n" for key in keys)
    return f'module "{name}" {{\n  source   = "./modules/{name}"\n  name     = each.key\n  for_each = {{\n{entries}  }}\n}}\n'


def write(directory, account):
    """Writes the root module with its modules."""
    for name, text in {"team": TEAM, "service": SERVICE, "access": ACCESS, "bucket": BUCKET}.items():
        module = directory / "modules" / name
        module.mkdir(parents=True, exist_ok=True)
        (module / "main.tf").write_text(text.lstrip())
    closed = {group["name"] for group in account.groups if group["closed"]}
    joined = {user["name"]: [group for group in user["groups"] if group not in closed] for user in account.users}
    joined = "".join(f"    {json.dumps(user)} = {json.dumps(groups)}\n" for user, groups in joined.items() if groups)
    parts = [call("team", (group["name"] for group in account.groups)), call("service", (r["name"] for r in account.roles)),
             call("access", (p["name"] for p in account.policies)), call("bucket", (b["name"] for b in account.buckets)),
             f'resource "aws_iam_user_group_membership" "joined" {{\n  user     = each.key\n  groups   = each.value\n'
             f'  for_each = {{\n{joined}  }}\n}}\n', ROOT.lstrip()]
    (directory / "main.tf").write_text("\n".join(parts))


PEOPLE = '''
resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}
'''

ROLES = ["member", "admin", "máintainer"]


def people(directory, form, count):
    """Writes a root module that keeps so many people in data of one of these forms."""
    everyone = {f"zoë-{n}": {"role": ROLES[n % 3], "groups": ["é", f"team-{n % 50}"]} for n in range(count)}
    said = FORMS[form](directory, everyone)
    (directory / "main.tf").write_text(f"locals {{\n  people = {said}\n}}\n{PEOPLE}")


def native(_, everyone):
    lines = (f"    {json.dumps(name, ensure_ascii=False)} = {{ role = {json.dumps(one['role'], ensure_ascii=False)}, "
             f"groups = {json.dumps(one['groups'], ensure_ascii=False)} }}\n" for name, one in everyone.items())
    return "{\n" + "".join(lines) + "  }"


def yaml(directory, everyone):
    lines = (f"{name}:\n  role: {one['role']}\n  groups:\n" + "".join(f"    - {group}\n" for group in one["groups"])
             for name, one in everyone.items())
    (directory / "people.yaml").write_text("".join(lines))
    return 'yamldecode(file("people.yaml"))'


def one_line(directory, everyone):
    (directory / "people.json").write_text(json.dumps(everyone, ensure_ascii=False))
    return 'jsondecode(file("people.json"))'


FORMS = {"a map in the code": native, "a YAML file": yaml, "a JSON file of one line": one_line}
