# What `for_each` takes: sets, maps, objects, and what is made of files.

locals {
  people  = yamldecode(file("${path.module}/people.yaml"))
  invoice = csvdecode(file("${path.module}/grants.csv"))
  teams   = jsondecode(file("${path.module}/teams.json"))
}

resource "terraform_data" "set" {
  for_each = toset(["b", "a", "b", ""])
  input    = each.value
}

resource "terraform_data" "numbers" {
  for_each = toset([for n in range(3) : tostring(n * 10)])
  input    = "${each.key}%"
}

resource "terraform_data" "converted" {
  for_each = tomap({ one = 1, yes = true, text = "x" })
  input    = each.value
}

resource "terraform_data" "object" {
  for_each = { one = 1, yes = true, list = [1, "x"], (upper("none")) = null }
  input    = each.value
}

resource "terraform_data" "keys" {
  for_each = {
    "with.dot"        = 1
    "with \"quotes\"" = 2
    "with]bracket["   = 3
    "with\\backslash" = 4
    "with $${dollar}" = 5
    "with\nnewline"   = 6
    "zoë"             = 7
    "zoe\u0308"       = 8
    "🦀/a b"           = 9
    "null"            = 10
    1                 = 11
    true              = 12
  }
  input = each.key
}

resource "terraform_data" "people" {
  for_each = { for name, person in local.people : lower(name) => person if try(person.active, true) }
  input    = merge({ role = "member", since = null }, each.value)
}

resource "terraform_data" "membership" {
  for_each = merge([
    for name, person in local.people : { for team in try(person.teams, []) : "${team}:${name}" => person.role... }
  ]...)
  input = each.value
}

resource "terraform_data" "csv" {
  for_each = { for index, row in local.invoice : format("%02d-%s", index, row.who) => row }
  input    = each.value
}

resource "terraform_data" "grants_by_person" {
  for_each = { for row in local.invoice : row.who => row.what... }
  input    = join(",", sort(each.value))
}

resource "terraform_data" "json" {
  for_each = { for team in local.teams.teams : team.name => { for key, value in team : key => value if key != "name" } }
  input    = each.value
}

resource "terraform_data" "pairs" {
  for_each = { for pair in setproduct(["read", "write"], toset([for team in local.teams.teams : team.name])) : join("-", pair) => pair }
  input    = { right = each.value[0], team = element(each.value, 1) }
}

resource "terraform_data" "difference" {
  for_each = setsubtract(toset(keys(local.people)), [for row in local.invoice : row.who])
  input    = each.key
}

resource "terraform_data" "files" {
  for_each = fileset(path.module, "*.{yaml,csv}")
  input    = filemd5("${path.module}/${each.value}")
}

resource "terraform_data" "empty" {
  for_each = toset(split(",", "") == [""] ? [] : ["never"])
}

resource "terraform_data" "zipped" {
  for_each = zipmap(["x", "y", "x"], [1, 2, 3])
  input    = each.value * 2
}

resource "terraform_data" "flattened" {
  for_each = { for each_team in flatten([for team in local.teams.teams : [for member in team.members : { team = team.name, member = member }]]) : "${each_team.team}.${each_team.member}" => each_team }
  input    = each.value
}
