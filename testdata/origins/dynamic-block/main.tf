locals {
  teams = {
    core  = "admin"
    labs  = "push"
    sales = "pull"
  }
}

resource "github_repository_collaborators" "site" {
  repository = "site"

  user {
    username   = "ada"
    permission = "maintain"
  }

  dynamic "team" {
    for_each = local.teams
    content {
      team_id    = team.key
      permission = team.value
    }
  }
}
