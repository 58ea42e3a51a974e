locals {
  org = yamldecode(file("org.yaml"))
}

module "team" {
  source   = "./team"
  for_each = local.org.teams
  name     = each.key
  members  = { for member in each.value.members : member.login => member }
}
