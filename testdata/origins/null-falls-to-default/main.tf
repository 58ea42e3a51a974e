variable "people" {
  type = map(object({
    path     = optional(string, "/people/")
    boundary = optional(string)
  }))
  default = {
    ada   = { path = null, boundary = null }
    grace = { path = "/interns/" }
  }
}

variable "session" {
  type     = number
  default  = 3600
  nullable = false
}

variable "description" {
  type    = string
  default = "people"
}

resource "aws_iam_user" "this" {
  for_each             = var.people
  name                 = each.key
  path                 = each.value.path
  permissions_boundary = each.value.boundary
}

resource "aws_iam_role" "people" {
  name                 = "people"
  max_session_duration = var.session
  description          = var.description
}
