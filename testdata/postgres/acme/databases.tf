# Databases, schemas and who owns them.

resource "postgresql_role" "shop_owner" {
  name = "shop_owner"
}

resource "postgresql_role" "ledger_owner" {
  name = "ledger_owner"
}

resource "postgresql_database" "shop" {
  name             = "shop"
  owner            = postgresql_role.shop_owner.name
  connection_limit = 50
}

resource "postgresql_database" "ledger" {
  name       = "ledger"
  owner      = postgresql_role.ledger_owner.name
  template   = "template0"
  encoding   = "UTF8"
  lc_collate = "C"
  lc_ctype   = "C"
}

# What new databases are made from: nobody logs in to it.
resource "postgresql_database" "blank" {
  name              = "blank"
  allow_connections = false
  is_template       = true
}

# The server is the same; foreign servers and their user mappings live in the database of the provider block.
provider "postgresql" {
  alias    = "ledger"
  database = "ledger"
}

# ---- schemas -------------------------------------------------------------------------------------------------------

resource "postgresql_schema" "sales" {
  database = postgresql_database.shop.name
  name     = "sales"
  owner    = postgresql_role.shop_owner.name
}

resource "postgresql_schema" "audit" {
  database = postgresql_database.shop.name
  name     = "audit"
  owner    = postgresql_role.shop_owner.name

  policy {
    role  = postgresql_role.readers.name
    usage = true
  }

  policy {
    role             = postgresql_role.breakglass.name
    create           = true
    usage_with_grant = true
  }
}

resource "postgresql_schema" "shop_public" {
  database = postgresql_database.shop.name
  name     = "public"
  owner    = postgresql_role.shop_owner.name
}

resource "postgresql_schema" "books" {
  database     = postgresql_database.ledger.name
  name         = "books"
  owner        = postgresql_role.ledger_owner.name
  drop_cascade = true
}

# ---- what is in them -------------------------------------------------------------------------------------------------

resource "postgresql_extension" "pgcrypto" {
  database = postgresql_database.shop.name
  name     = "pgcrypto"
  schema   = postgresql_schema.shop_public.name
}

resource "postgresql_extension" "foreign" {
  database = postgresql_database.ledger.name
  name     = "postgres_fdw"
}

resource "postgresql_function" "purge" {
  database = postgresql_database.shop.name
  schema   = postgresql_schema.audit.name
  name     = "purge"
  language = "sql"
  returns  = "integer"

  arg {
    name = "days"
    type = "integer"
  }

  security_definer = true
  body             = "SELECT days"
}

resource "postgresql_function" "greeting" {
  database = postgresql_database.shop.name
  schema   = postgresql_schema.sales.name
  name     = "greeting"
  language = "sql"
  returns  = "text"
  body     = "SELECT 'hello'::text"
}

resource "postgresql_server" "warehouse" {
  provider = postgresql.ledger

  server_name  = "warehouse"
  fdw_name     = postgresql_extension.foreign.name
  server_owner = postgresql_role.ledger_owner.name
  options = {
    host   = "warehouse.example.com"
    dbname = "warehouse"
  }
}

resource "postgresql_user_mapping" "app_in_warehouse" {
  provider = postgresql.ledger

  server_name = postgresql_server.warehouse.server_name
  user_name   = postgresql_role.app.name
  options = {
    user     = "acme"
    password = "canary-password-warehouse"
  }
}

# ---- replication -----------------------------------------------------------------------------------------------------

resource "postgresql_role" "replicator" {
  name                      = "replicator"
  login                     = true
  replication               = true
  bypass_row_level_security = true
  password_wo               = "canary-password-replicator"
  password_wo_version       = "1"
  skip_drop_role            = true
  skip_reassign_owned       = true
}

resource "postgresql_publication" "orders" {
  database      = postgresql_database.shop.name
  name          = "orders"
  owner         = postgresql_role.dba.name
  tables        = ["sales.orders"]
  publish_param = ["insert", "update"]

  depends_on = [postgresql_schema.sales]
}

resource "postgresql_publication" "heartbeat" {
  database = postgresql_database.ledger.name
  name     = "heartbeat"
}

resource "postgresql_replication_slot" "heartbeat" {
  database = postgresql_database.ledger.name
  name     = "heartbeat"
  plugin   = "pgoutput"
}

resource "postgresql_physical_replication_slot" "standby" {
  name = "standby"
}

resource "postgresql_subscription" "heartbeat" {
  database     = postgresql_database.shop.name
  name         = "heartbeat"
  conninfo     = var.publisher
  publications = [postgresql_publication.heartbeat.name]
  create_slot  = false
  slot_name    = postgresql_replication_slot.heartbeat.name
}

variable "publisher" {
  type      = string
  sensitive = true
  default   = ""
}

# ---- labels ----------------------------------------------------------------------------------------------------------

resource "postgresql_role" "dba" {
  name      = "dba"
  superuser = true
}

resource "postgresql_security_label" "app" {
  object_type    = "role"
  object_name    = postgresql_role.app.name
  label_provider = "acme"
  label          = "trusted"
}
