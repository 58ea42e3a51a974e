resource "aws_iam_user" "this" {
  for_each = local.people
  name     = each.key
}

resource "aws_iam_user_group_membership" "this" {
  for_each = local.people
  user     = aws_iam_user.this[each.key].name
  groups   = each.value.groups
}
