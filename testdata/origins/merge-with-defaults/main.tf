locals {
  defaults = {
    path    = "/people/"
    session = 3600
  }
  people = {
    ada   = {}
    grace = { path = "/interns/" }
  }
}

resource "aws_iam_role" "own" {
  for_each             = { for name, own in local.people : name => merge(local.defaults, own) }
  name                 = each.key
  path                 = each.value.path
  max_session_duration = each.value.session
}
