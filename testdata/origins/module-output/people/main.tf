locals {
  lead = "ada"
}

output "owner" {
  value = local.lead
}

output "roles" {
  value = {
    ada   = "admin"
    grace = "member"
  }
}
