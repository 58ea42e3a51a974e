provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = { managed-by = "terraform" }
  }
}

locals {
  people = {
    ada    = { team = "platform", title = "Platform lead" }
    grace  = { team = "platform", title = "Site reliability" }
    edsger = { team = "data", title = "Data engineer" }
  }
}

resource "aws_iam_user" "person" {
  for_each = local.people

  name = each.key
  path = "/people/"

  tags = {
    title = each.value.title
  }
}
