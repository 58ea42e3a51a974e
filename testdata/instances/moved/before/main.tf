# Before the moves of `../main.tf`.

resource "terraform_data" "renamed" {
  input = "renamed"
}

resource "terraform_data" "chained" {
  input = "chained"
}

resource "terraform_data" "single" {
  input = "single"
}

resource "terraform_data" "counted" {
  count = 1
  input = "counted"
}

resource "terraform_data" "listed" {
  count = 2
  input = "listed ${count.index}"
}

resource "terraform_data" "people" {
  for_each = toset(["ada", "grace"])
  input    = each.key
}

resource "terraform_data" "into_module" {
  for_each = toset(["a", "b"])
  input    = each.key
}

module "team" {
  source = "./team"
  name   = "team"
}

module "list" {
  source = "./team"
  count  = 2
  name   = "list ${count.index}"
}
