variable "bucket" {
  default = "releases"
}

resource "aws_iam_role_policy" "own" {
  role = "deploy"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = "arn:aws:s3:::${var.bucket}/*"
    }]
  })
}
