locals {
  people = { /* core */ ada = /* since 2019 */ "admin", # lead
    grace = "member",                                 // intern = "none"
    # linus = "admin"
  }
}

resource "github_membership" "this" {
  for_each = local.people # everyone
  username = each.key
  role     = each.value
}
