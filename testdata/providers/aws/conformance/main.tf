terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.34"
    }
  }
}

provider "aws" {
  region = "eu-central-1"

  default_tags {
    tags = {
      company    = "acme"
      managed-by = "terraform"
    }
  }
}

# ---- people -------------------------------------------------------------

resource "aws_iam_user" "alice" {
  name          = "alice"
  path          = "/people/"
  force_destroy = true

  tags = {
    title = "Platform lead"
    team  = "platform"
  }
}

resource "aws_iam_user" "robot" {
  name = "release-robot"
}

resource "aws_iam_access_key" "robot_current" {
  user = aws_iam_user.robot.name
}

resource "aws_iam_access_key" "robot_previous" {
  user   = aws_iam_user.robot.name
  status = "Inactive"
}

resource "aws_iam_user_login_profile" "alice" {
  user                    = aws_iam_user.alice.name
  password_length         = 24
  password_reset_required = true

  lifecycle {
    ignore_changes = [password_length, password_reset_required]
  }
}

resource "aws_iam_user_policy" "robot_publish" {
  name = "publish-releases"
  user = aws_iam_user.robot.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutReleases"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = "${aws_s3_bucket.this["releases"].arn}/*"
      },
      {
        Effect    = "Deny"
        NotAction = "s3:*"
        Resource  = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_iam_user_policies_exclusive" "robot" {
  user_name    = aws_iam_user.robot.name
  policy_names = [aws_iam_user_policy.robot_publish.name]
}

resource "aws_iam_user_policy_attachment" "robot_assume" {
  user       = aws_iam_user.robot.name
  policy_arn = aws_iam_policy.assume_deploy.arn
}

resource "aws_iam_user_policy_attachments_exclusive" "robot" {
  user_name   = aws_iam_user.robot.name
  policy_arns = [aws_iam_user_policy_attachment.robot_assume.policy_arn]
}

# ---- the team -----------------------------------------------------------

resource "aws_iam_group" "platform" {
  name = "team-platform"
  path = "/teams/"
}

resource "aws_iam_group_membership" "platform" {
  name  = "platform-members"
  group = aws_iam_group.platform.name
  users = [aws_iam_user.alice.name]
}

resource "aws_iam_group_policy_attachment" "platform" {
  group      = aws_iam_group.platform.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

# ---- policies -----------------------------------------------------------

resource "aws_iam_policy" "boundary" {
  name        = "workload-boundary"
  path        = "/guardrails/"
  description = "The most a workload role may ever do"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Ceiling"
        Effect   = "Allow"
        Action   = ["s3:*", "logs:*", "cloudwatch:PutMetricData", "ec2:Describe*"]
        Resource = "*"
      },
      {
        Sid       = "NeverTouchIdentity"
        Effect    = "Deny"
        NotAction = ["iam:Get*", "iam:List*", "s3:*", "logs:*", "cloudwatch:*", "ec2:*", "sts:*"]
        Resource  = "*"
      },
    ]
  })

  tags = {
    purpose = "boundary"
  }
}

resource "aws_iam_policy" "assume_deploy" {
  name = "assume-deploy"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "sts:AssumeRole"
      Resource = aws_iam_role.deploy.arn
    }]
  })
}

# ---- roles --------------------------------------------------------------

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  path                 = "/delivery/"
  description          = "Rolls the shop out from GitHub Actions"
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.boundary.arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "GitHubMain"
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike = {
          "token.actions.githubusercontent.com:sub" = [
            "repo:acme/shop:ref:refs/heads/main",
            "repo:acme/shop:environment:production",
          ]
        }
      }
    }]
  })

  tags = {
    service = "shop"
    tier    = "production"
  }
}

resource "aws_iam_role_policy" "deploy_logs" {
  name = "logs"
  role = aws_iam_role.deploy.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "logs:PutLogEvents"
      Resource = "arn:aws:logs:eu-central-1:123456789012:log-group:/acme/*"
    }]
  })
}

resource "aws_iam_role_policies_exclusive" "deploy" {
  role_name    = aws_iam_role.deploy.name
  policy_names = [aws_iam_role_policy.deploy_logs.name]
}

resource "aws_iam_role_policy_attachment" "deploy" {
  role       = aws_iam_role.deploy.name
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
}

resource "aws_iam_role" "app" {
  name                  = "shop-app-0"
  force_detach_policies = true

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_instance_profile" "app" {
  name = "shop-app-0"
  role = aws_iam_role.app.name
  tags = {
    slot = "0"
  }
}

# ---- who else is trusted, and the account itself -------------------------

resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

resource "aws_iam_saml_provider" "office" {
  name                   = "office-sso"
  saml_metadata_document = file("${path.module}/office-saml.xml")
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

# ---- buckets --------------------------------------------------------------

locals {
  ownership = {
    releases = "BucketOwnerEnforced"
    website  = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket" "this" {
  for_each = local.ownership

  bucket = "acme-${each.key}-eu-central-1"
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = local.ownership

  bucket = aws_s3_bucket.this[each.key].id
  rule {
    object_ownership = each.value
  }
}

resource "aws_s3_bucket_public_access_block" "releases" {
  bucket                  = aws_s3_bucket.this["releases"].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "website" {
  bucket            = aws_s3_bucket.this["website"].id
  block_public_acls = true
}

resource "aws_s3_bucket_acl" "website" {
  bucket     = aws_s3_bucket.this["website"].id
  acl        = "public-read"
  depends_on = [aws_s3_bucket_ownership_controls.this]
}

resource "aws_s3_bucket_policy" "releases" {
  bucket = aws_s3_bucket.this["releases"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Action    = "s3:*"
        Principal = "*"
        Resource  = [aws_s3_bucket.this["releases"].arn, "${aws_s3_bucket.this["releases"].arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "DeployReads"
        Effect    = "Allow"
        Action    = "s3:GetObject"
        Principal = { AWS = [aws_iam_role.deploy.arn, aws_iam_user.robot.arn] }
        Resource  = "${aws_s3_bucket.this["releases"].arn}/*"
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "website" {
  bucket = aws_s3_bucket.this["website"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "website"
    Statement = [{
      Sid       = "Everyone"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.this["website"].arn}/*"
    }]
  })
}

resource "aws_s3_account_public_access_block" "account" {
  block_public_acls   = true
  ignore_public_acls  = true
  block_public_policy = false
}
