variable "names" {
  type = list(string)
}

resource "terraform_data" "person" {
  for_each = toset(var.names)
  input    = { name = each.key, position = index(var.names, each.key) }
}

output "number" {
  value = length([for person in terraform_data.person : person if person.input.position < 2])
}

output "names" {
  value = [for name in var.names : title(name)]
}
