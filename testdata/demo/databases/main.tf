# Who may do what in the shop's database. The server comes from the environment: PGHOST and the like.

terraform {
  required_version = ">= 1.5"
  required_providers {
    postgresql = {
      source  = "cyrilgdn/postgresql"
      version = "~> 1.26"
    }
  }
}

provider "postgresql" {
  superuser = true
}

locals {
  people = yamldecode(file("${path.module}/../people.yaml")).people
}

resource "postgresql_role" "owner" {
  name = "shop_owner"
}

resource "postgresql_database" "shop" {
  name  = "shop"
  owner = postgresql_role.owner.name
}

resource "postgresql_schema" "sales" {
  database = postgresql_database.shop.name
  name     = "sales"
  owner    = postgresql_role.owner.name
}

# ---- roles to be given -----------------------------------------------------------------------------------------------

resource "postgresql_role" "given" {
  for_each = toset(["reader", "writer"])

  name = each.key
}

# ---- programs ---------------------------------------------------------------------------------------------------------

resource "postgresql_role" "app" {
  name              = "shop_app"
  login             = true
  connection_limit  = 40
  statement_timeout = 30000
  roles             = [postgresql_role.given["reader"].name, postgresql_role.given["writer"].name]
}

# `driftline permissions postgres` says what it needs.
resource "postgresql_role" "driftline" {
  name             = "driftline"
  login            = true
  connection_limit = 10
}

# ---- people -----------------------------------------------------------------------------------------------------------

resource "postgresql_role" "person" {
  for_each = { for name, person in local.people : name => person if length(person.databases) > 0 }

  name        = each.key
  login       = true
  valid_until = "2027-01-31 00:00:00+00"
  roles       = [for role in each.value.databases : postgresql_role.given[role].name]
}
