variable "people" {
  default = [
    { name = "ada", team = "core" },
    { name = "grace", team = "core" },
  ]
}

resource "aws_iam_group_membership" "everyone" {
  name  = "everyone"
  group = "everyone"
  users = var.people[*].name
}
