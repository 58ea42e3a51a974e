locals {
  teams = {
    core = {
      role = "admin"
    }
    labs = {}
  }
  people = {
    ada   = { team = "core" }
    grace = { team = "core", role = "member" }
    linus = { team = "labs" }
  }
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = try(each.value.role, local.teams[each.value.team].role, "guest")
}
