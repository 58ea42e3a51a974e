locals {
  people = ["ada", "grace"]
  groups = ["readers", "deployers"]
  pairs  = { for pair in setproduct(local.people, local.groups) : join("-", pair) => pair }
}

resource "aws_iam_user_group_membership" "this" {
  for_each = local.pairs
  user     = each.value[0]
  groups   = [each.value[1]]
}
