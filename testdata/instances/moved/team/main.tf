variable "name" {}

resource "terraform_data" "new" {
  input = var.name
}

moved {
  from = terraform_data.old
  to   = terraform_data.new
}

resource "terraform_data" "member" {
  for_each = toset(["y"])
  input    = "${var.name} ${each.key}"
}

moved {
  from = terraform_data.member["x"]
  to   = terraform_data.member["y"]
}
