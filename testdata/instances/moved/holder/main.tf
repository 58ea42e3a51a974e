resource "terraform_data" "held" {
  for_each = toset(["a", "b"])
  input    = each.key
}
