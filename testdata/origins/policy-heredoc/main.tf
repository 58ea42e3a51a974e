locals {
  user = "arn:aws:iam::123456789012:user/ada"
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": "${local.user}" } }
      ]
    }
  EOT
}
