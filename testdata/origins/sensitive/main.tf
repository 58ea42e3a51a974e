variable "login" {
  type = object({
    path   = string
    secret = string
  })
  sensitive = true
  default = {
    path   = "/leads/"
    secret = "hunter2"
  }
}

resource "aws_iam_user" "ada" {
  name = "ada"
  path = var.login.path
  tags = { Secret = var.login.secret, Team = "core" }
}
