# Blocks that moved: renamed, in a chain, between `count`, `for_each` and neither, into modules, and with modules.

resource "terraform_data" "new_name" {
  input = "renamed"
}

moved {
  from = terraform_data.renamed
  to   = terraform_data.new_name
}

resource "terraform_data" "chained_twice" {
  input = "chained"
}

moved {
  from = terraform_data.chained
  to   = terraform_data.chained_once
}

moved {
  from = terraform_data.chained_once
  to   = terraform_data.chained_twice
}

# By themselves: to `count`, and away from it.
resource "terraform_data" "single" {
  count = 1
  input = "single"
}

resource "terraform_data" "counted" {
  input = "counted"
}

resource "terraform_data" "listed" {
  for_each = toset(["zero", "one"])
  input    = "listed ${each.key == "zero" ? 0 : 1}"
}

moved {
  from = terraform_data.listed[0]
  to   = terraform_data.listed["zero"]
}

moved {
  from = terraform_data.listed[1]
  to   = terraform_data.listed["one"]
}

# All instances of a resource at once.
resource "terraform_data" "person" {
  for_each = toset(["ada", "grace"])
  input    = each.key
}

moved {
  from = terraform_data.people
  to   = terraform_data.person
}

module "holder" {
  source = "./holder"
}

moved {
  from = terraform_data.into_module
  to   = module.holder.terraform_data.held
}

module "squad" {
  source   = "./team"
  for_each = toset(["core"])
  name     = "team"
}

moved {
  from = module.team
  to   = module.squad["core"]
}

module "map" {
  source   = "./team"
  for_each = { first = 0, second = 1 }
  name     = "list ${each.value}"
}

moved {
  from = module.list[0]
  to   = module.map["first"]
}

moved {
  from = module.list[1]
  to   = module.map["second"]
}
