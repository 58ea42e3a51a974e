variable "file" {}

locals {
  everywhere = yamldecode(file("${path.module}/everywhere.yaml"))
  own        = yamldecode(file("${path.root}/${var.file}"))
}

resource "github_team_membership" "this" {
  for_each = merge(local.everywhere, local.own)
  team_id  = "core"
  username = each.key
  role     = each.value
}
