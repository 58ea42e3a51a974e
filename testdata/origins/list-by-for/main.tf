locals {
  people = [
    { name = "ada", role = "admin", active = true },
    { name = "grace", role = "member", active = true },
    { name = "linus", role = "member", active = false },
  ]
  active = { for person in local.people : person.name => person if person.active }
}

resource "github_membership" "this" {
  for_each = local.active
  username = each.key
  role     = each.value.role
}
