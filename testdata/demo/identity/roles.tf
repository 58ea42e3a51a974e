# Roles of pipelines, of people in an emergency, and of driftline itself.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  # What pipelines of a repository's part may take the role.
  trusted = {
    deploy    = "repo:northwind/shop:ref:refs/heads/main"
    driftline = "repo:northwind/access:*"
  }
}

data "aws_iam_policy_document" "pipeline" {
  for_each = local.trusted

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [each.value]
    }
  }
}

# ---- the shop's releases ---------------------------------------------------------------------------------------------

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  description          = "Rolls the shop out"
  assume_role_policy   = data.aws_iam_policy_document.pipeline["deploy"].json
  max_session_duration = 3600
}

resource "aws_iam_policy" "ship" {
  name = "ship-releases"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PutReleases"
        Effect   = "Allow"
        Action   = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource = "arn:aws:s3:::northwind-releases/*"
      },
      {
        Sid      = "RollOut"
        Effect   = "Allow"
        Action   = ["ecs:UpdateService", "ecs:DescribeServices"]
        Resource = "arn:aws:ecs:eu-central-1:123456789012:service/shop/*"
      },
    ]
  })
}

# What stands here is all that the role may have.
resource "aws_iam_role_policy_attachments_exclusive" "deploy" {
  role_name   = aws_iam_role.deploy.name
  policy_arns = [aws_iam_policy.ship.arn]
}

# ---- emergencies -------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "break_glass" {
  name                 = "break-glass"
  description          = "For the hour in which nothing else helps; every use is reported"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = [for name in ["ada", "grace"] : aws_iam_user.person[name].arn] }
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "break_glass" {
  role       = aws_iam_role.break_glass.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

# ---- driftline -----------------------------------------------------------------------------------------------------------

resource "aws_iam_role" "driftline" {
  name               = "driftline"
  description        = "Reads who has access, for the checks of this repository"
  assume_role_policy = data.aws_iam_policy_document.pipeline["driftline"].json
}

# `driftline permissions aws` prints it.
resource "aws_iam_role_policy" "driftline" {
  name   = "read-access"
  role   = aws_iam_role.driftline.name
  policy = file("${path.module}/driftline.json")
}
