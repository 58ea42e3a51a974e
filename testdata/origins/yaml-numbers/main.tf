locals {
  roles = yamldecode(file("roles.yaml"))
}

resource "postgresql_role" "this" {
  for_each         = local.roles
  name             = each.key
  login            = try(each.value.login, true)
  connection_limit = try(each.value.connections, -1)
  roles            = try(each.value.in, [])
}
