locals {
  orgs = {
    north = {
      teams = {
        core = { ada = "admin", grace = "member" }
      }
    }
    south = {
      teams = {
        core = { ada = "member" }
        labs = { linus = "admin" }
      }
    }
  }
}

module "org" {
  source   = "./org"
  for_each = local.orgs
  name     = each.key
  teams    = each.value.teams
}
