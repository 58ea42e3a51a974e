# Roles of a small company's database cluster. Which server is meant comes from the environment: `PGHOST` and the like.

terraform {
  required_providers {
    postgresql = {
      source = "cyrilgdn/postgresql"
    }
  }
}

provider "postgresql" {}

variable "app_password" {
  type      = string
  default   = "canary-password-app"
  sensitive = true
}

# ---- groups --------------------------------------------------------------------------------------------------------

resource "postgresql_role" "readers" {
  name = "readers"
}

resource "postgresql_role" "writers" {
  name = "writers"
}

resource "postgresql_role" "breakglass" {
  name        = "breakglass"
  create_role = true
  inherit     = false
}

# ---- programs ------------------------------------------------------------------------------------------------------

resource "postgresql_role" "app" {
  name                                = "app"
  login                               = true
  password                            = var.app_password
  connection_limit                    = 20
  search_path                         = ["app", "$user", "public"]
  statement_timeout                   = 30000
  idle_in_transaction_session_timeout = 60000

  # Its memberships have blocks of their own.
  lifecycle {
    ignore_changes = [roles]
  }
}

resource "postgresql_grant_role" "app_writes" {
  role       = postgresql_role.app.name
  grant_role = postgresql_role.writers.name
}

resource "postgresql_role" "deploy" {
  name            = "deploy"
  login           = true
  create_database = true
  valid_until     = "2031-01-01 01:00:00+01"

  lifecycle {
    ignore_changes = [roles]
  }
}

resource "postgresql_grant_role" "deploy_reads" {
  role              = postgresql_role.deploy.name
  grant_role        = postgresql_role.readers.name
  with_admin_option = true
}

resource "postgresql_role" "batch" {
  name        = "batch"
  login       = true
  assume_role = "writers"
  roles = [
    "pg_monitor",
    postgresql_role.writers.name,
  ]
}

resource "postgresql_role" "probe" {
  name  = "probe"
  login = true
  roles = []
}

# ---- people --------------------------------------------------------------------------------------------------------

locals {
  people = {
    ann = ["readers", "writers"]
    bob = ["readers"]
  }
}

resource "postgresql_role" "people" {
  for_each = local.people

  name  = each.key
  login = true
  roles = each.value

  depends_on = [postgresql_role.readers, postgresql_role.writers]
}

# ---- what is not read yet ------------------------------------------------------------------------------------------

resource "postgresql_grant" "readers" {
  role        = postgresql_role.readers.name
  database    = "postgres"
  object_type = "database"
  privileges  = ["CONNECT"]
}
