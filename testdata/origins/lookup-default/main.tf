locals {
  roles = {
    lead = "admin"
    dev  = "maintainer"
  }
  people = {
    ada   = { level = "lead" }
    grace = { level = "guest" }
    linus = {}
  }
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = lookup(local.roles, lookup(each.value, "level", "dev"), "member")
}
