variable "name" {}

variable "teams" {
  type = list(string)
}

variable "members" {
  type = map(number)
}

module "team" {
  source  = "./team"
  count   = length(var.teams)
  name    = var.teams[count.index]
  org     = var.name
  members = { for name, keys in var.members : name => keys + count.index }
}

output "members" {
  value = merge([for team in module.team : team.members]...)
}
