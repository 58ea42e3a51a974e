variable "role" {}

resource "github_membership" "deploy" {
  username = "deploy"
  role     = var.role
}
