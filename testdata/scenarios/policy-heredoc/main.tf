locals {
  account = "123456789012"
}

resource "aws_iam_policy" "queue" {
  name   = "queue"
  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "sqs:SendMessage",
        "sqs:ReceiveMessage"
      ],
      "Resource": "arn:aws:sqs:eu-central-1:${local.account}:orders"
    }
  ]
}
EOF
}

resource "aws_iam_policy" "key" {
  name   = "key"
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "kms:Decrypt",
          "Resource": "arn:aws:kms:eu-central-1:${local.account}:key/orders",
          "Condition": {"StringEquals": {"kms:ViaService": "sqs.eu-central-1.amazonaws.com"}}
        },
        {
          "Effect": "Deny",
          "Action": "kms:ScheduleKeyDeletion",
          "Resource": "*"
        }
      ]
    }
  JSON
}

resource "aws_iam_policy" "key-guard" {
  name   = "key-guard"
  policy = aws_iam_policy.key.policy
}
