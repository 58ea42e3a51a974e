locals {
  names = ["ada", "grace", "linus"]
  roles = ["admin", "member", "member"]
}

resource "github_membership" "this" {
  for_each = zipmap(local.names, local.roles)
  username = each.key
  role     = each.value
}
