locals {
  org    = "acme"
  people = { ada = { team = "core" } }
}

resource "aws_iam_user" "this" {
  for_each = local.people
  name     = format("%s-%s", local.org, each.key)
  path     = join("/", ["", each.value.team, ""])
  tags     = { Team = upper(each.value.team), Org = format("%s", local.org) }
}
