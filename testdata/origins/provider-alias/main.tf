provider "aws" {
  alias  = "prod"
  region = "eu-west-1"
}

provider "aws" {
  alias  = "dev"
  region = "eu-west-1"
}

module "prod" {
  source    = "./people"
  providers = { aws = aws.prod }
  session   = 3600
}

module "dev" {
  source    = "./people"
  providers = { aws = aws.dev }
  session   = 43200
}
