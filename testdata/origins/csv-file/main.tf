locals {
  people = csvdecode(file("people.csv"))
}

resource "postgresql_role" "this" {
  for_each         = { for person in local.people : person.name => person }
  name             = each.key
  login            = each.value.login == "yes"
  connection_limit = tonumber(each.value.connections)
  search_path      = split(" ", each.value.path)
}

resource "github_membership" "this" {
  for_each = { for person in local.people : person.name => person if person.role != "" }
  username = each.value.name
  role     = each.value.role
}
