locals {
  files  = fileset("${path.module}/people", "*.yaml")
  people = { for name in local.files : trimsuffix(name, ".yaml") => yamldecode(file("${path.module}/people/${name}")) }
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}
