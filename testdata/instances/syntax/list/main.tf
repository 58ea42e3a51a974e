variable "names" {
  type = list(string)
}

resource "terraform_data" "name" {
  for_each = { for index, name in var.names : "${index}" => name }
  input    = each.value
}

output "names" {
  value = [for index in sort(keys(terraform_data.name)) : "${terraform_data.name[index].input}${index}"]
}
