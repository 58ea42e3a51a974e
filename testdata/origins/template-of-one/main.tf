variable "org" {
  default = "acme"
}

locals {
  people = {
    ada = { role = "admin", team = "core" }
  }
}

resource "github_membership" "this" {
  for_each = local.people
  username = "${var.org}-${each.key}"
  role     = "${each.value.role}"
}
