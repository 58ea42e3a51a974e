variable "lead" {
  default = "ada"
}

locals {
  people = yamldecode(<<-EOT
    ${var.lead}:
      role: admin
    grace:
      role: member
  EOT
  )
}

resource "github_membership" "this" {
  for_each = local.people
  username = each.key
  role     = each.value.role
}
