variable "member" {
  type = object({
    login = string
    teams = set(string)
    level = optional(number, 3)
  })
}

resource "terraform_data" "this" {
  count = var.member.level
  input = var.member
}

output "shown" {
  value = { login = terraform_data.this[2].input.login, all = terraform_data.this[*].input.level }
}
