variable "roles" {
  type = map(object({
    connections = number
    login       = bool
  }))
}

resource "postgresql_role" "this" {
  for_each         = var.roles
  name             = each.key
  login            = each.value.login
  connection_limit = each.value.connections
}

resource "aws_iam_user" "this" {
  for_each = var.roles
  name     = each.key
  tags     = { for name, value in each.value : title(name) => tostring(value) }
}
