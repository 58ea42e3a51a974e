resource "aws_iam_user" "ada" {
  name = "ada"
}

resource "aws_iam_user" "person" {
  for_each = { grace = {}, linus = {} }
  name     = each.key
}

resource "aws_iam_group" "core" {
  name = "core"
}

resource "aws_iam_group_membership" "core" {
  name  = "core"
  group = aws_iam_group.core.name
  users = [
    aws_iam_user.ada.name,
    aws_iam_user.person["grace"].name,
  ]
}

resource "aws_iam_group_membership" "all" {
  name  = "all"
  group = "all"
  users = [for person in aws_iam_user.person : person.name]
}

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_policy" "boundary" {
  name   = "boundary"
  policy = "{}"
}

resource "aws_iam_user_group_membership" "own" {
  for_each = aws_iam_user.person
  user     = each.value.name
  groups   = ["everyone"]
}

resource "aws_iam_instance_profile" "own" {
  for_each = { grace = {} }
  name     = each.key
  role     = aws_iam_user.person[each.key].name
}

resource "aws_iam_user_group_membership" "readers" {
  for_each = local.readers
  user     = aws_iam_user.reader[each.key].name
  groups   = ["readers"]
}

resource "aws_iam_user" "reader" {
  for_each             = local.readers
  name                 = each.value.login
  permissions_boundary = aws_iam_policy.own[each.key].arn
}

resource "aws_iam_policy" "own" {
  for_each = local.readers
  policy   = "{}"
}

locals {
  readers = {
    grace = { login = "g.hopper" }
  }
}
