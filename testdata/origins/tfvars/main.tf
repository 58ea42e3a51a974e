variable "people" {
  type = map(object({
    role = string
    path = optional(string, "/people/")
  }))
  default = { nobody = { role = "none" } }
}

resource "aws_iam_user" "this" {
  for_each = var.people
  name     = each.key
  path     = each.value.path
  tags     = { Role = each.value.role }
}
