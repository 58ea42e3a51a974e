variable "name" {
  type = string
}

variable "members" {
  type = map(object({
    login = string
    role  = optional(string, "member")
  }))
}

resource "github_team_membership" "this" {
  for_each = var.members
  team_id  = var.name
  username = each.key
  role     = each.value.role
}
