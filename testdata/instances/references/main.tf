# What instances say of one another: whole resources as `for_each`, splats, conditions, templates.

resource "terraform_data" "team" {
  for_each = { ops = ["ada", "grace"], shop = ["ada"] }
  input    = each.value
}

# One for each of another.
resource "terraform_data" "policy" {
  for_each = terraform_data.team
  input    = { team = each.key, members = each.value.input, id = each.value.id }
}

resource "terraform_data" "attachment" {
  for_each = { for key, policy in terraform_data.policy : key => policy if contains(policy.input.members, "grace") }
  input    = "${each.value.input.team}: ${join(", ", each.value.input.members)}"
}

resource "terraform_data" "membership" {
  for_each = toset(flatten([for team in terraform_data.team : [for member in team.input : member]]))
  input = {
    login = each.key
    teams = [for name, team in terraform_data.team : name if contains(team.input, each.key)]
  }
}

resource "terraform_data" "text" {
  input = <<-EOT
    %{for login, membership in terraform_data.membership~}
    ${login}: ${length(membership.input.teams)}
    %{endfor~}
    end
  EOT
}

resource "terraform_data" "document" {
  input = jsonencode({
    Version   = "2012-10-17"
    Statement = [for name, team in terraform_data.team : { Sid = title(name), Principal = { AWS = sort(team.input) } }]
  })
}

resource "terraform_data" "chosen" {
  input = {
    first     = values(terraform_data.team)[0].input
    splat     = values(terraform_data.team)[*].input[0]
    ids       = length(toset([for team in terraform_data.team : team.id]))
    if        = length(terraform_data.team) > 1 ? terraform_data.team["shop"].input : null
    index     = terraform_data.team["ops"].input[1]
    output    = terraform_data.team["ops"].output
    not_there = try(terraform_data.team["none"].input, "none")
    decoded   = jsondecode(terraform_data.document.input).Statement[1].Sid
    names     = keys(terraform_data.team["ops"])
    whole     = jsonencode(terraform_data.team)
    lines     = [for line in split("\n", trimspace(terraform_data.text.input)) : line if line != "end"]
  }
  triggers_replace = { for key, team in terraform_data.team : key => team.id }
}

module "self" {
  source = "./member"
  for_each = {
    for key, membership in terraform_data.membership : key => membership.input if length(membership.input.teams) > 1
  }
  member = each.value
}

resource "terraform_data" "of_module" {
  for_each = module.self
  input    = each.value.shown
}
