terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.34"
    }
  }
}

variable "aws_endpoint" {
  description = "Where the IAM, STS and S3 APIs answer."
  type        = string
  default     = "http://127.0.0.1:5611"
}


provider "aws" {
  region     = "eu-central-1"
  access_key = "testing"
  secret_key = "testing"

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    iam       = var.aws_endpoint
    sts       = var.aws_endpoint
    s3        = var.aws_endpoint
    s3control = var.aws_endpoint
  }

  default_tags {
    tags = {
      company    = "acme"
      managed-by = "terraform"
    }
  }
}

# The identity provider of the office belongs to no cost unit: no default tags.
provider "aws" {
  alias      = "untagged"
  region     = "eu-central-1"
  access_key = "testing"
  secret_key = "testing"

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    iam = var.aws_endpoint
    sts = var.aws_endpoint
  }
}

data "aws_caller_identity" "me" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

locals {
  account_id = data.aws_caller_identity.me.account_id
  partition  = data.aws_partition.here.partition

  # who works where
  people = {
    alice  = { team = "platform", title = "Platform lead" }
    bruno  = { team = "platform", title = "Site reliability" }
    chloe  = { team = "data", title = "Data engineer" }
    dmitri = { team = "data", title = "Analyst" }
    esther = { team = "finance", title = "Controller" }
  }

  teams = {
    platform = {
      path    = "/teams/"
      guarded = true
      managed = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/IAMUserChangePassword"]
    }
    data = {
      path    = "/teams/"
      guarded = true
      managed = ["arn:aws:iam::aws:policy/AmazonAthenaFullAccess"]
    }
    finance = {
      path    = "/teams/office/"
      guarded = false
      managed = ["arn:aws:iam::aws:policy/job-function/Billing"]
    }
  }
}

module "team" {
  source   = "./modules/team"
  for_each = local.teams

  name             = each.key
  path             = each.value.path
  members          = [for n, p in local.people : aws_iam_user.person[n].name if p.team == each.key]
  managed_policies = each.value.managed
  guarded          = each.value.guarded
  scratch_bucket   = aws_s3_bucket.this["scratch"].arn
}

resource "aws_iam_account_alias" "acme" {
  account_alias = "acme-workloads"
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length        = 14
  require_lowercase_characters   = true
  require_uppercase_characters   = true
  require_numbers                = true
  require_symbols                = true
  allow_users_to_change_password = true
  max_password_age               = 90
  password_reuse_prevention      = 12
}

output "role_arns" {
  value = {
    deploy    = aws_iam_role.deploy.arn
    legacy_ci = aws_iam_role.legacy_ci.arn
    app       = aws_iam_role.app[*].arn
  }
}

output "robot_key_id" {
  value = aws_iam_access_key.robot_current.id
}

output "robot_secret" {
  value     = aws_iam_access_key.robot_current.secret
  sensitive = true
}
