data "aws_iam_policy_document" "ec2_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "github_trust" {
  statement {
    sid     = "GitHubMain"
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
      values   = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:environment:production"]
    }
  }
}

data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "Ceiling"
    actions   = ["s3:*", "logs:*", "cloudwatch:PutMetricData", "ec2:Describe*"]
    resources = ["*"]
  }

  statement {
    sid         = "NeverTouchIdentity"
    effect      = "Deny"
    not_actions = ["iam:Get*", "iam:List*", "s3:*", "logs:*", "cloudwatch:*", "ec2:*", "sts:*"]
    resources   = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "workload-boundary"
  path        = "/guardrails/"
  description = "The most a workload role may ever do"
  policy      = data.aws_iam_policy_document.boundary.json

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
      Resource = "arn:${local.partition}:iam::${local.account_id}:role/delivery/deploy"
    }]
  })
}

resource "aws_iam_policy" "audit_read" {
  name_prefix = "audit-read-"
  description = "Read the trail"
  policy      = <<-JSON
    {
      "Version": "2012-10-17",
      "Id": "audit",
      "Statement": {
        "Sid": "ReadTrail",
        "Effect": "Allow",
        "Action": [
          "cloudtrail:LookupEvents",
          "cloudtrail:Get*"
        ],
        "Resource": ["*"]
      }
    }
  JSON
}

# One owner for every attachment of this policy.
resource "aws_iam_policy_attachment" "audit" {
  name       = "auditors"
  policy_arn = aws_iam_policy.audit_read.arn
  users      = [aws_iam_user.person["esther"].name]
  roles      = [aws_iam_role.auditor.name]
  groups     = [aws_iam_group.oncall.name]
}

# ---- delivery ---------------------------------------------------------

resource "aws_iam_role" "deploy" {
  name                 = "deploy"
  path                 = "/delivery/"
  description          = "Rolls the shop out from GitHub Actions"
  max_session_duration = 7200
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy   = data.aws_iam_policy_document.github_trust.json

  tags = {
    service = "shop"
    tier    = "production"
  }
}

resource "aws_iam_role_policy" "deploy_artifacts" {
  name = "artifacts"
  role = aws_iam_role.deploy.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadArtifacts"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:ListBucket"]
        Resource = [aws_s3_bucket.this["releases"].arn, "${aws_s3_bucket.this["releases"].arn}/*"]
      },
    ]
  })
}

resource "aws_iam_role_policy" "deploy_logs" {
  name   = "logs"
  role   = aws_iam_role.deploy.name
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "logs:PutLogEvents",
          "Resource": "arn:aws:logs:eu-central-1:${local.account_id}:log-group:/acme/*"
        }
      ]
    }
  EOT
}

resource "aws_iam_role_policies_exclusive" "deploy" {
  role_name = aws_iam_role.deploy.name
  policy_names = [
    aws_iam_role_policy.deploy_artifacts.name,
    aws_iam_role_policy.deploy_logs.name,
  ]
}

resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = toset([
    "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
    "arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess",
  ])

  role       = aws_iam_role.deploy.name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachments_exclusive" "deploy" {
  role_name   = aws_iam_role.deploy.name
  policy_arns = [for a in aws_iam_role_policy_attachment.deploy : a.policy_arn]
}

# ---- the application servers ------------------------------------------

resource "aws_iam_role" "app" {
  count = 2

  name                  = "shop-app-${count.index}"
  assume_role_policy    = data.aws_iam_policy_document.ec2_trust.json
  force_detach_policies = true
}

resource "aws_iam_instance_profile" "app" {
  count = length(aws_iam_role.app)

  name = "shop-app-${count.index}"
  role = aws_iam_role.app[count.index].name
  tags = {
    slot = tostring(count.index)
  }
}

resource "aws_iam_instance_profile" "spare" {
  name = "spare"
  path = "/delivery/"
}

resource "aws_iam_role_policy_attachment" "app_ssm" {
  count = length(aws_iam_role.app)

  role       = aws_iam_role.app[count.index].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_role_policy" "app_uploads" {
  count = length(aws_iam_role.app)

  name_prefix = "uploads-"
  role        = aws_iam_role.app[count.index].name
  policy = jsonencode({
    Statement = [{
      Action   = "s3:PutObject"
      Effect   = "Allow"
      Resource = "${aws_s3_bucket.this["uploads"].arn}/*"
    }]
    Version = "2012-10-17"
  })
}

# ---- people from the identity provider ---------------------------------

resource "aws_iam_role" "auditor" {
  name_prefix = "auditor-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithSAML"
      Principal = { Federated = aws_iam_saml_provider.office.arn }
      Condition = {
        StringEquals = { "SAML:aud" = "https://signin.aws.amazon.com/saml" }
      }
    }]
  })
}

# ---- still written the old way -----------------------------------------

resource "aws_iam_role" "legacy_ci" {
  name        = "legacy-ci"
  description = "Jenkins, to be retired"

  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "AWS": "arn:aws:iam::${local.account_id}:root" },
      "Action": "sts:AssumeRole",
      "Condition": { "StringEquals": { "sts:ExternalId": "jenkins" } }
    }
  ]
}
EOF

  managed_policy_arns = [
    "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser",
    "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
  ]

  inline_policy {
    name = "queue"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
        Resource = "arn:aws:sqs:eu-central-1:${local.account_id}:builds"
      }]
    })
  }

  inline_policy {
    name   = "cache"
    policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [ { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" } ]
}
EOF
  }
}

resource "aws_iam_service_linked_role" "autoscaling" {
  aws_service_name = "autoscaling.amazonaws.com"
  custom_suffix    = "shop"
  description      = "Scaling of the shop"
}

resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

resource "aws_iam_saml_provider" "office" {
  provider = aws.untagged

  name                   = "office-sso"
  saml_metadata_document = file("${path.module}/files/office-saml.xml")
}
