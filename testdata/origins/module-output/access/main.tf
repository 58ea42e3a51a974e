variable "owner" {
  type = string
}

variable "roles" {
  type = map(string)
}

resource "github_team_membership" "owner" {
  team_id  = "core"
  username = var.owner
  role     = "maintainer"
}

resource "github_membership" "this" {
  for_each = var.roles
  username = each.key
  role     = each.value
}
