locals {
  core = {
    ada   = "admin"
    grace = "member"
  }
  labs = {
    grace = "admin"
    linus = "member"
  }
}

resource "github_membership" "this" {
  for_each = merge(local.core, local.labs)
  username = each.key
  role     = each.value
}
