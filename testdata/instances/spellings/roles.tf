resource "terraform_data" "role" {
  for_each = { for pair in flatten([for role, people in var.roles : [for person in people : { role = role, person = person }]]) : "${pair.role}/${pair.person}" => pair... }
  input    = [for pair in each.value : pair.person]
}

resource "terraform_data" "pair" {
  count = var.pair[1]
  input = { pair = var.pair, type = try(var.anything.list[count.index], "none") }
}

resource "terraform_data" "anything" {
  for_each = { for key, value in var.anything : key => value }
  input    = each.value
}

resource "terraform_data" "sorted" {
  for_each = { for index, key in sort(keys(var.anything)) : key => index if key != "list" }
  input    = each.value
}

removed {
  from = terraform_data.gone

  lifecycle {
    destroy = false
  }
}

check "names" {
  assert {
    condition     = length(local.names) == 3
    error_message = "There are three names."
  }
}

resource "terraform_data" "lifecycle" {
  for_each = var.roles
  input    = each.key

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [triggers_replace]

    precondition {
      condition     = each.key != ""
      error_message = "A role has a name."
    }
  }
}
