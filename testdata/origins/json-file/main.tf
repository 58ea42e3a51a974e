locals {
  people = jsondecode(file("${path.module}/people.json"))
}

resource "github_membership" "this" {
  for_each = { for person in local.people : person.login => person }
  username = each.key
  role     = each.value.role
}

resource "aws_iam_user_group_membership" "this" {
  for_each = { for person in local.people : person.login => person }
  user     = each.key
  groups   = each.value.groups
}
