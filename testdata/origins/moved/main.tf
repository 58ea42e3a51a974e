locals {
  people = {
    ada   = { role = "admin" }
    grace = { role = "member" }
  }
}

resource "github_membership" "person" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}

moved {
  from = github_membership.people
  to   = github_membership.person
}

module "bots" {
  source = "./bots"
  role   = "member"
}

moved {
  from = github_membership.deploy
  to   = module.bots.github_membership.deploy
}

moved {
  from = module.robots
  to   = module.bots
}
