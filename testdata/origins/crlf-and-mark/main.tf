variable "people" {}

resource "github_membership" "this" {
  for_each = var.people
  username = each.key
  role     = each.value.role
}
