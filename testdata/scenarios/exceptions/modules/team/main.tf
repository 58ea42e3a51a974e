variable "name" {
  type = string
}

variable "members" {
  type = list(string)
}

resource "aws_iam_group" "this" {
  name = "team-${var.name}"
}

# Everybody in the group is listed here; nobody else belongs to it.
resource "aws_iam_group_membership" "this" {
  name  = "team-${var.name}"
  group = aws_iam_group.this.name
  users = var.members
}

resource "aws_iam_group_policy_attachment" "read" {
  group      = aws_iam_group.this.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
