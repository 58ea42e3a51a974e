locals {
  buckets = {
    releases = { versioned = true, public = false }
    uploads  = { versioned = false, public = false }
    scratch  = { versioned = false, public = false }
    website  = { versioned = false, public = true }
  }
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets

  bucket        = "acme-${each.key}-${data.aws_region.here.region}"
  force_destroy = each.key == "scratch"

  tags = each.value.public ? { exposure = "public" } : {}
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = { for k, v in local.buckets : k => v if k != "scratch" }

  bucket = aws_s3_bucket.this[each.key].id
  rule {
    object_ownership = each.value.public ? "BucketOwnerPreferred" : "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "private" {
  for_each = { for k, v in local.buckets : k => v if !v.public }

  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "website" {
  bucket            = aws_s3_bucket.this["website"].bucket
  block_public_acls = true
}

resource "aws_s3_bucket_acl" "website" {
  bucket     = aws_s3_bucket.this["website"].id
  acl        = "public-read"
  depends_on = [aws_s3_bucket_ownership_controls.this]
}

data "aws_iam_policy_document" "releases" {
  statement {
    sid     = "TlsOnly"
    effect  = "Deny"
    actions = ["s3:*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    resources = [aws_s3_bucket.this["releases"].arn, "${aws_s3_bucket.this["releases"].arn}/*"]
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid     = "DeployReads"
    actions = ["s3:GetObject"]
    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.deploy.arn, aws_iam_user.robot.arn]
    }
    resources = ["${aws_s3_bucket.this["releases"].arn}/*"]
  }
}

resource "aws_s3_bucket_policy" "releases" {
  bucket = aws_s3_bucket.this["releases"].id
  policy = data.aws_iam_policy_document.releases.json
}

resource "aws_s3_bucket_policy" "website" {
  bucket = aws_s3_bucket.this["website"].id
  policy = <<POLICY
{
  "Version": "2012-10-17",
  "Id": "website",
  "Statement": [
    {
      "Sid": "Everyone",
      "Effect": "Allow",
      "Principal": "*",
      "Action": "s3:GetObject",
      "Resource": "${aws_s3_bucket.this["website"].arn}/*"
    }
  ]
}
POLICY
}

resource "aws_s3_account_public_access_block" "account" {
  block_public_acls   = true
  ignore_public_acls  = true
  block_public_policy = false
}
