variable "name" {
  type = string
}

variable "members" {
  type = list(string)
}

# Names of policies that AWS keeps.
variable "policies" {
  type = list(string)
}

resource "aws_iam_group" "this" {
  name = "team-${var.name}"
  path = "/teams/"
}

# Everybody in the group is listed here; nobody else belongs to it.
resource "aws_iam_group_membership" "this" {
  name  = "team-${var.name}"
  group = aws_iam_group.this.name
  users = var.members
}

resource "aws_iam_group_policy_attachment" "this" {
  for_each = toset(var.policies)

  group      = aws_iam_group.this.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
