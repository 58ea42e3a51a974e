resource "aws_iam_user" "person" {
  for_each = local.people

  name          = each.key
  path          = "/people/"
  force_destroy = true

  tags = {
    title = each.value.title
    team  = each.value.team
  }
}

# A machine user without path or own tags.
resource "aws_iam_user" "robot" {
  name = "release-robot"
}

resource "aws_iam_user" "contractor" {
  name = "fiona.contractor"
  path = "/external/"
  tags = {
    expires = "2027-03-31"
  }
}

resource "aws_iam_access_key" "robot_current" {
  user = aws_iam_user.robot.name
}

resource "aws_iam_access_key" "robot_previous" {
  user   = aws_iam_user.robot.name
  status = "Inactive"
}

resource "aws_iam_user_login_profile" "alice" {
  user                    = aws_iam_user.person["alice"].name
  password_length         = 24
  password_reset_required = true

  lifecycle {
    ignore_changes = [password_length, password_reset_required]
  }
}

# The robot may publish; that is all, and nobody may add to it.
resource "aws_iam_user_policy" "robot_publish" {
  name = "publish-releases"
  user = aws_iam_user.robot.name

  policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "PutReleases",
      "Effect": "Allow",
      "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
      "Resource": "${aws_s3_bucket.this["releases"].arn}/*"
    },
    {
      "Effect": "Deny",
      "NotAction": "s3:*",
      "Resource": "*",
      "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    }
  ]
}
EOF
}

resource "aws_iam_user_policies_exclusive" "robot" {
  user_name    = aws_iam_user.robot.name
  policy_names = [aws_iam_user_policy.robot_publish.name]
}

resource "aws_iam_user_policy_attachment" "robot_assume" {
  user       = aws_iam_user.robot.name
  policy_arn = aws_iam_policy.assume_deploy.arn
}

resource "aws_iam_user_policy_attachments_exclusive" "robot" {
  user_name   = aws_iam_user.robot.name
  policy_arns = [aws_iam_user_policy_attachment.robot_assume.policy_arn]
}

resource "aws_iam_user_policy_attachment" "contractor_readonly" {
  user       = aws_iam_user.contractor.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

# Groups outside the teams: membership written from the user's side.
resource "aws_iam_group" "guests" {
  name = "guests"
}

resource "aws_iam_group" "oncall" {
  name = "on-call"
  path = "/rota/"
}

resource "aws_iam_user_group_membership" "contractor" {
  user   = aws_iam_user.contractor.name
  groups = [aws_iam_group.guests.name]
}

resource "aws_iam_user_group_membership" "bruno" {
  user   = aws_iam_user.person["bruno"].name
  groups = [aws_iam_group.oncall.name, aws_iam_group.guests.name]
}

resource "aws_iam_group_policy" "guests_deny" {
  name  = "no-billing"
  group = aws_iam_group.guests.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "NoMoney"
      Effect   = "Deny"
      Action   = ["aws-portal:*", "billing:*"]
      Resource = "*"
    }]
  })
}
