locals {
  core = ["ada", "grace"]
  labs = [
    "linus",
  ]
  none = []
}

resource "aws_iam_group_membership" "core" {
  name  = "core"
  group = "core"
  users = local.core
}

resource "aws_iam_group_membership" "labs" {
  name  = "labs"
  group = "labs"
  users = local.labs
}

resource "aws_iam_group_membership" "none" {
  name  = "none"
  group = "none"
  users = local.none
}
