locals {
  bucket = "shop"
  extra = {
    Logs    = ["logs:CreateLogStream", "logs:PutLogEvents"]
    Metrics = ["cloudwatch:PutMetricData"]
  }
}

data "aws_iam_policy_document" "shop" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::${local.bucket}", "arn:aws:s3:::${local.bucket}/*"]
  }

  statement {
    sid       = "OnlyEncrypted"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "Home"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::shop/home/&{aws:username}/*"]
  }
}

data "aws_iam_policy_document" "workload" {
  source_policy_documents = [data.aws_iam_policy_document.shop.json]

  dynamic "statement" {
    for_each = local.extra
    content {
      sid       = statement.key
      actions   = statement.value
      resources = ["*"]
    }
  }
}

resource "aws_iam_policy" "shop" {
  name   = "shop"
  policy = data.aws_iam_policy_document.shop.json
}

resource "aws_iam_policy" "workload" {
  name   = "workload"
  policy = data.aws_iam_policy_document.workload.json
}
