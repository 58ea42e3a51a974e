locals {
  people = yamldecode(file("people.yaml"))
  groups = {
    for pair in flatten([for name, person in local.people : [for group in person.groups : { name = name, group = group }]]) :
    pair.group => pair.name...
  }
}

resource "aws_iam_group_membership" "this" {
  for_each = local.groups
  name     = each.key
  group    = each.key
  users    = each.value
}
