variable "name" { type = string }
variable "path" { type = string }
variable "members" { type = list(string) }
variable "managed_policies" { type = list(string) }
variable "scratch_bucket" { type = string }

variable "guarded" {
  description = "Nothing but what is written here may hang on the group."
  type        = bool
  default     = true
}

resource "aws_iam_group" "this" {
  name = "team-${var.name}"
  path = var.path
}

resource "aws_iam_group_membership" "this" {
  name  = "${var.name}-members"
  group = aws_iam_group.this.name
  users = var.members
}

data "aws_iam_policy_document" "scratch" {
  statement {
    sid       = "TeamFolder"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${var.scratch_bucket}/${var.name}/*"]
  }
}

resource "aws_iam_group_policy" "scratch" {
  name   = "scratch-folder"
  group  = aws_iam_group.this.name
  policy = data.aws_iam_policy_document.scratch.json
}

resource "aws_iam_group_policy_attachment" "this" {
  count = length(var.managed_policies)

  group      = aws_iam_group.this.name
  policy_arn = var.managed_policies[count.index]
}

resource "aws_iam_group_policies_exclusive" "this" {
  count = var.guarded ? 1 : 0

  group_name   = aws_iam_group.this.name
  policy_names = [aws_iam_group_policy.scratch.name]
}

resource "aws_iam_group_policy_attachments_exclusive" "this" {
  count = var.guarded ? 1 : 0

  group_name  = aws_iam_group.this.name
  policy_arns = aws_iam_group_policy_attachment.this[*].policy_arn
}

output "group_arn" {
  value = aws_iam_group.this.arn
}
