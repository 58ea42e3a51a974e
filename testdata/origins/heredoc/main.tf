locals {
  about = <<-EOT
    Ships every service.
      Ask core first.
  EOT
}

resource "aws_iam_role" "deploy" {
  name        = "deploy"
  description = local.about
}
