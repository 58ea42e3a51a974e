# Data sources with instances, and instances by what data sources say.

data "terraform_remote_state" "people" {
  backend = "local"
  config  = { path = "${path.module}/people.tfstate" }
}

data "terraform_remote_state" "by_name" {
  for_each = toset(["people"])
  backend  = "local"
  config   = { path = "${path.module}/${each.key}.tfstate" }
}

data "terraform_remote_state" "counted" {
  count   = length(data.terraform_remote_state.people.outputs.teams) - 1
  backend = "local"
  config  = { path = "${path.module}/people.tfstate" }
}

module "reader" {
  source   = "./reader"
  for_each = data.terraform_remote_state.people.outputs.people
  name     = each.key
  role     = each.value.role
}

resource "terraform_data" "team" {
  for_each = toset(data.terraform_remote_state.by_name["people"].outputs.teams)
  input    = { team = each.key, number = length(data.terraform_remote_state.counted) }
}
