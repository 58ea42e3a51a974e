variable "login" {}
variable "keys" {}

resource "terraform_data" "login" {
  input = upper(var.login)
}

resource "terraform_data" "key" {
  count            = var.keys
  input            = "${terraform_data.login.input}-${count.index}"
  triggers_replace = [terraform_data.login.id, count.index]
}

output "login" {
  value = terraform_data.login.input
}
