# `count`: by a condition, by the length of something, by what another module or resource says.

variable "environment" {
  default = "production"
}

variable "sizes" {
  type    = map(number)
  default = { small = 1, large = 3 }
}

locals {
  is_production = var.environment == "production"
}

module "people" {
  source = "./people"
  names  = ["ada", "grace", "edsger"]
}

resource "terraform_data" "on" {
  count = local.is_production ? 1 : 0
  input = "on"
}

resource "terraform_data" "off" {
  count = local.is_production ? 0 : 1
  input = "off"
}

resource "terraform_data" "text" {
  count = "2"
  input = count.index + 1
}

resource "terraform_data" "of_output" {
  count = module.people.number
  input = module.people.names[count.index]
}

resource "terraform_data" "of_resource" {
  count = length(terraform_data.of_output)
  input = reverse(terraform_data.of_output[*].input)[count.index]
}

resource "terraform_data" "of_input" {
  count = terraform_data.text[1].input
  input = one(terraform_data.on[*].input)
}

resource "terraform_data" "of_what_is_not_there" {
  count = length(terraform_data.off) + (one(terraform_data.off) == null ? 1 : 0)
  input = try(terraform_data.off[0].input, "none")
}

resource "terraform_data" "of_sizes" {
  count = sum(values(var.sizes))
  input = { index = count.index, of = keys(var.sizes)[count.index % length(var.sizes)] }
}

resource "terraform_data" "of_can" {
  count = can(module.people.nothing) ? 1 : can(regex("^prod", var.environment)) ? 2 : 3
  input = "${count.index}: ${lookup({ 0 = "first", 1 = "second" }, count.index, "other")}"
}

resource "terraform_data" "each_of_a_counted" {
  for_each = { for index, one in terraform_data.of_output : one.input => index }
  input    = each.value
}
