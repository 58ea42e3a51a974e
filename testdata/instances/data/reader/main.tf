variable "name" {}
variable "role" {}

data "terraform_remote_state" "own" {
  count   = var.role == "owner" ? 1 : 0
  backend = "local"
  config  = { path = "${path.root}/people.tfstate" }
}

resource "terraform_data" "reader" {
  input = try(data.terraform_remote_state.own[0].outputs.people[var.name].since, "not read")
}
