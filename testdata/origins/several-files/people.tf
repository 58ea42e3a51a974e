locals {
  people = {
    ada = { groups = ["deployers", "readers"] }
  }
}
