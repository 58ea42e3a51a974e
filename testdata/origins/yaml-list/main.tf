locals {
  file   = yamldecode(file("people.yaml"))
  people = { for person in local.file.people : person.name => person if !try(person.left, false) }
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = try(each.value.role, local.file.defaults.role)
}
