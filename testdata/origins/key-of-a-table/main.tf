locals {
  levels = {
    lead = { role = "admin", session = 3600 }
    dev  = { role = "member", session = 7200 }
  }
  people = {
    ada   = { level = "lead" }
    grace = { level = "dev" }
  }
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = local.levels[each.value.level].role
}

resource "aws_iam_role" "lead" {
  name                 = "lead"
  max_session_duration = local.levels["lead"].session
}
