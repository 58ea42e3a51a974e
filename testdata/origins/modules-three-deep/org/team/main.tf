variable "org" {
  type = string
}

variable "members" {
  type = map(string)
}

resource "github_membership" "this" {
  for_each = var.members
  username = each.key
  role     = each.value
}
