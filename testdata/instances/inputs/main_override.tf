resource "terraform_data" "overridden" {
  count = 3
}
