locals {
  buckets = { logs = "acme-logs" }
}

resource "aws_iam_role_policy" "own" {
  for_each = local.buckets
  role     = "deploy"
  policy   = templatefile("${path.module}/read.json.tftpl", { bucket = each.value, action = "s3:ListBucket" })
}
