resource "aws_iam_role" "deploy" {
  max_session_duration = 7200
}

locals {
  boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
}
