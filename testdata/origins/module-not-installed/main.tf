module "people" {
  source  = "acme/people/github"
  version = "1.2.0"
  people  = { ada = { role = "admin" } }
}

resource "github_membership" "lead" {
  username = "ada"
  role     = module.people.lead_role
}
