locals {
  people = {
    ada = { role = "owner" }
    # promoted in May
    ada = { role = "admin", role = "member" }
  }
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}
