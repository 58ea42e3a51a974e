resource "aws_iam_role_policy" "own" {
  role   = "deploy"
  policy = file("${path.module}/deploy.json")
}
