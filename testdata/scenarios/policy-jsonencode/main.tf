variable "account" {
  default = "123456789012"
}

locals {
  looks = ["ec2:DescribeInstances", "ec2:StartInstances"]
}

resource "aws_iam_policy" "operator" {
  name = "operator"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = local.looks
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "iam:PassRole"
        Resource = "arn:aws:iam::${var.account}:role/worker"
      },
    ]
  })
}
