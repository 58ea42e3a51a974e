variable "people" {
  type = map(object({
    path = optional(string)
    team = optional(string, "core")
  }))
  default = {
    ada   = { path = "/leads/" }
    grace = { path = "" }
    linus = { team = "labs" }
  }
}

variable "paths" {
  default = { labs = "/labs/", core = null }
}

resource "aws_iam_user" "this" {
  for_each = var.people
  name     = each.key
  path     = coalesce(each.value.path, var.paths[each.value.team], "/people/")
}
