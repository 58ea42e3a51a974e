# Who may do what in the AWS account of the shop.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
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
  directory = yamldecode(file("${path.module}/../people.yaml"))
}

resource "aws_iam_user" "person" {
  for_each = local.directory.people

  name = each.key
  path = "/people/"
  tags = { title = each.value.title }
}

module "team" {
  source   = "./modules/team"
  for_each = local.directory.teams

  name     = each.key
  members  = [for name, person in local.directory.people : aws_iam_user.person[name].name if contains(person.teams, each.key)]
  policies = each.value.policies
}

resource "aws_iam_account_password_policy" "people" {
  minimum_password_length        = 16
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  password_reuse_prevention      = 24
}
