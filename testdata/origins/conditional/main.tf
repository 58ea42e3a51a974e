variable "people" {
  default = {
    ada = {
      admin = true
    }
    grace = {
      admin = false
    }
  }
}

variable "production" {
  default = true
}

resource "github_membership" "this" {
  for_each = var.people
  username = each.key
  role     = each.value.admin ? "admin" : "member"
}

resource "aws_iam_role" "people" {
  name                 = "people"
  max_session_duration = var.production ? 3600 : 43200
}
