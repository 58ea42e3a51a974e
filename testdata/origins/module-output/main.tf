module "people" {
  source = "./people"
}

module "access" {
  source = "./access"
  owner  = module.people.owner
  roles  = module.people.roles
}
