# Modules three deep: `for_each` in `count` in `for_each`.

locals {
  organisations = {
    north = { teams = ["ops", "shop"], members = { ada = 2, zoë = 1 } }
    south = { teams = ["ops"], members = {} }
    empty = { teams = [], members = { nobody = 3 } }
  }
}

module "org" {
  source   = "./org"
  for_each = local.organisations
  name     = each.key
  teams    = each.value.teams
  members  = each.value.members
}

resource "terraform_data" "all" {
  for_each = merge([for name, org in module.org : { for path, member in org.members : "${name}/${path}" => member }]...)
  input    = each.value
}
