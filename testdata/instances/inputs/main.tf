# Variables with types, defaults and files of values; override files; the other syntax.

variable "people" {
  type = map(object({
    role  = optional(string, "member")
    teams = optional(set(string), ["everyone"])
    keys  = optional(number)
    notes = optional(object({ text = optional(string, "none") }), {})
  }))
}

variable "numbers" {
  type = set(string)
}

variable "switch" {
  type     = bool
  default  = null
  nullable = true
}

variable "kept" {
  type     = list(string)
  default  = ["kept"]
  nullable = false
}

variable "secret" {
  sensitive = true
}

resource "terraform_data" "person" {
  for_each = var.people
  input    = each.value
}

resource "terraform_data" "number" {
  for_each = var.numbers
  input    = each.value
}

resource "terraform_data" "switched" {
  count = var.switch == null ? 2 : var.switch ? 1 : 0
  input = var.switch
}

resource "terraform_data" "kept" {
  for_each = toset(var.kept)
}

resource "terraform_data" "secret" {
  for_each = nonsensitive(toset([for letter in split("", var.secret) : letter]))
  input    = var.secret
}

resource "terraform_data" "overridden" {
  count = 1
  input = "main"
}

resource "terraform_data" "sum" {
  for_each = { for name, person in var.people : name => length(person.teams) + coalesce(person.keys, 0) }
  input    = each.value
}
