variable "session" {
  type = number
}

resource "aws_iam_role" "people" {
  name                 = "people"
  path                 = "/people/"
  max_session_duration = var.session
}
