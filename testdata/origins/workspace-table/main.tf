locals {
  of = {
    default = { role = "member", session = 43200 }
    prod    = { role = "admin", session = 3600 }
  }
  own = local.of[terraform.workspace]
}

resource "aws_iam_role" "deploy" {
  name                 = "deploy-${terraform.workspace}"
  max_session_duration = local.own.session
}

resource "github_membership" "deploy" {
  username = "deploy"
  role     = local.of[terraform.workspace].role
}
