variable "admins" {
  type    = list(string)
  default = ["ada", "grace"]
}

resource "aws_iam_user" "admin" {
  count = length(var.admins)
  name  = var.admins[count.index]
  path  = "/admins/"
  tags  = { Position = count.index, Team = "core" }
}
