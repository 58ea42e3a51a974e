locals {
  teams = {
    core = {
      members = { ada = "maintainer", grace = "member" }
    }
    labs = {
      members = {
        linus = "maintainer"
      }
    }
  }
  memberships = flatten([
    for team, of in local.teams : [
      for user, role in of.members : {
        team = team
        user = user
        role = role
      }
    ]
  ])
}

resource "github_team_membership" "this" {
  for_each = { for m in local.memberships : "${m.team}/${m.user}" => m }
  team_id  = each.value.team
  username = each.value.user
  role     = each.value.role
}
