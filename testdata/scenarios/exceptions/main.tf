terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

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

module "team" {
  source   = "./modules/team"
  for_each = toset(["platform", "data"])

  name    = each.key
  members = [for name, person in local.people : aws_iam_user.person[name].name if person.team == each.key]
}
