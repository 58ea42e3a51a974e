locals {
  people = { "Zoë 👩‍🔬" = { role = "admin" }, "李雷" = { role = "member" } } # 👩‍🔬
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}
