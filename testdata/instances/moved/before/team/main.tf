variable "name" {}

resource "terraform_data" "old" {
  input = var.name
}

resource "terraform_data" "member" {
  for_each = toset(["x"])
  input    = "${var.name} ${each.key}"
}
