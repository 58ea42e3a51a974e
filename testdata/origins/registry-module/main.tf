module "people" {
  source  = "acme/people/github"
  version = "1.2.0"

  people = {
    ada = { role = "admin" }
    grace = {}
  }
}
