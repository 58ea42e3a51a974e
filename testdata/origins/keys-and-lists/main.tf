locals {
  people = {
    ada   = { team = "core" }
    grace = { team = "core" }
  }
  robots = ["deploy", "scan"]
  text   = "root, audit"
}

resource "aws_iam_group_membership" "people" {
  name  = "people"
  group = "people"
  users = keys(local.people)
}

resource "aws_iam_group_membership" "all" {
  name  = "all"
  group = "all"
  users = distinct(concat(sort(local.robots), [for name, of in local.people : name if of.team == "core"], split(", ", local.text), ["scan"]))
}

resource "aws_iam_group_membership" "first" {
  name  = "first"
  group = "first"
  users = slice(local.robots, 0, 1)
}
