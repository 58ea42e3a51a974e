module "core" {
  source = "./modules/team"
  file   = "core.yaml"
}
