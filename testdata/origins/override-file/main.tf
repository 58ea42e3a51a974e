resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  max_session_duration = 3600
  description          = "ships"
}

locals {
  boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user" "ada" {
  name                 = "ada"
  permissions_boundary = local.boundary
}
