variable "role" {
  default = "member"
}

variable "path" {}

resource "aws_iam_user" "ada" {
  name = "ada"
  path = var.path
  tags = { Role = var.role, Team = "core" }
}
