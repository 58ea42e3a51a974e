variable "names" {
  type = set(string)
}

resource "terraform_data" "this" {
  for_each = var.names
  input    = join("-", [each.key, path.module, basename(path.root)])
}

locals {
  is_empty = length(var.names) == 0
}

resource "terraform_data" "empty" {
  count = local.is_empty ? 1 : 0
  input = { keys = keys(terraform_data.this), values = values(terraform_data.this)[*].input }
}
