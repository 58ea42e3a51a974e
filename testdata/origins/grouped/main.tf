locals {
  memberships = [
    { team = "core", user = "ada" },
    { team = "core", user = "grace" },
    { team = "labs", user = "ada" },
  ]
}

resource "aws_iam_group_membership" "this" {
  for_each = { for m in local.memberships : m.team => m.user... }
  name     = each.key
  group    = each.key
  users    = each.value
}
