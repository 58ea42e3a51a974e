locals {
  people = yamldecode(file("${path.module}/people.yaml"))
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}
