variable "users" {
  type    = list(string)
  default = []
}

variable "robots" {
  type    = set(string)
  default = ["deploy", "scan"]
}

resource "aws_iam_user" "this" {
  for_each = toset(var.users)
  name     = each.value
  tags     = { Name = each.key }
}

resource "aws_iam_user" "robot" {
  for_each = var.robots
  name     = "robot-${each.key}"
  path     = "/robots/"
}

resource "aws_iam_group_membership" "all" {
  name  = "all"
  group = "all"
  users = toset(concat(var.users, ["root"]))
}

resource "aws_iam_group_membership" "robots" {
  name  = "robots"
  group = "robots"
  users = setunion(var.robots, ["scan"])
}
