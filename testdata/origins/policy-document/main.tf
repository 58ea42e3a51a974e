data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

locals {
  writers = ["s3:PutObject", "s3:AbortMultipartUpload"]
}

data "aws_iam_policy_document" "deploy" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid       = "Write"
    actions   = local.writers
    resources = ["arn:aws:s3:::releases/*"]
  }
}

resource "aws_iam_role_policy" "own" {
  role   = "deploy"
  policy = data.aws_iam_policy_document.deploy.json
}
