variable "name" {
  type = string
}

variable "teams" {
  type = map(map(string))
}

module "team" {
  source   = "./team"
  for_each = var.teams
  org      = var.name
  members  = each.value
}
