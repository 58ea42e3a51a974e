# Who may do what with what: one block for each role and set of objects.

locals {
  shop   = postgresql_database.shop.name
  ledger = postgresql_database.ledger.name
  sales  = postgresql_schema.sales.name
  audit  = postgresql_schema.audit.name
}

# ---- databases -------------------------------------------------------------------------------------------------------

# Takes from everybody what the server gives to everybody.
resource "postgresql_grant" "nobody_connects" {
  for_each = toset([local.shop, local.ledger])

  database    = each.value
  role        = "public"
  object_type = "database"
  privileges  = []
}

resource "postgresql_grant" "shop_connects" {
  for_each = {
    app     = ["CONNECT", "TEMPORARY"]
    readers = ["CONNECT"]
  }

  database    = local.shop
  role        = each.key
  object_type = "database"
  privileges  = each.value

  depends_on = [postgresql_role.app, postgresql_role.readers]
}

resource "postgresql_grant" "deploy_connects" {
  database          = local.ledger
  role              = postgresql_role.deploy.name
  object_type       = "database"
  privileges        = ["ALL"]
  with_grant_option = true
}

# ---- schemas ---------------------------------------------------------------------------------------------------------

resource "postgresql_grant" "sales_used" {
  for_each = toset(["app", "readers", "writers"])

  database    = local.shop
  schema      = local.sales
  role        = each.value
  object_type = "schema"
  privileges  = ["USAGE"]

  depends_on = [postgresql_role.app, postgresql_role.readers, postgresql_role.writers]
}

resource "postgresql_grant" "sales_deployed" {
  database          = local.shop
  schema            = local.sales
  role              = postgresql_role.deploy.name
  object_type       = "schema"
  privileges        = ["CREATE", "USAGE"]
  with_grant_option = true
}

resource "postgresql_grant" "shop_public_closed" {
  database    = local.shop
  schema      = postgresql_schema.shop_public.name
  role        = "public"
  object_type = "schema"
  privileges  = []
}

# ---- tables ----------------------------------------------------------------------------------------------------------

resource "postgresql_grant" "sales_read" {
  database    = local.shop
  schema      = local.sales
  role        = postgresql_role.readers.name
  object_type = "table"
  privileges  = ["SELECT"]
}

resource "postgresql_grant" "orders_written" {
  database    = local.shop
  schema      = local.sales
  role        = postgresql_role.app.name
  object_type = "table"
  objects     = ["orders", "order_lines"]
  privileges  = ["SELECT", "INSERT", "UPDATE"]
}

resource "postgresql_grant" "audit_all" {
  database    = local.shop
  schema      = local.audit
  role        = postgresql_role.breakglass.name
  object_type = "table"
  privileges  = ["ALL"]
}

resource "postgresql_grant" "entries_probed" {
  database          = local.ledger
  schema            = postgresql_schema.books.name
  role              = postgresql_role.probe.name
  object_type       = "table"
  objects           = ["entries"]
  privileges        = ["SELECT", "REFERENCES"]
  with_grant_option = true
}

resource "postgresql_grant" "prices_public" {
  database    = local.shop
  schema      = local.sales
  role        = "public"
  object_type = "table"
  objects     = ["prices"]
  privileges  = ["SELECT"]
}

resource "postgresql_grant" "names_written" {
  database    = local.shop
  schema      = local.sales
  role        = postgresql_role.app.name
  object_type = "column"
  objects     = ["customers"]
  columns     = ["name", "email"]
  privileges  = ["UPDATE"]
}

resource "postgresql_grant" "names_read" {
  database    = local.shop
  schema      = local.sales
  role        = postgresql_role.probe.name
  object_type = "column"
  objects     = ["customers"]
  columns     = ["id", "name"]
  privileges  = ["SELECT"]
}

# ---- sequences -------------------------------------------------------------------------------------------------------

resource "postgresql_grant" "sales_counted" {
  database    = local.shop
  schema      = local.sales
  role        = postgresql_role.app.name
  object_type = "sequence"
  privileges  = ["USAGE", "SELECT"]
}

resource "postgresql_grant" "entries_counted" {
  database    = local.ledger
  schema      = postgresql_schema.books.name
  role        = postgresql_role.batch.name
  object_type = "sequence"
  objects     = ["entry_numbers"]
  privileges  = ["ALL"]
}

# ---- functions -------------------------------------------------------------------------------------------------------

resource "postgresql_grant" "audit_called_by_nobody" {
  database    = local.shop
  schema      = local.audit
  role        = "public"
  object_type = "function"
  privileges  = []

  depends_on = [postgresql_function.purge]
}

resource "postgresql_grant" "purge_called" {
  database    = local.shop
  schema      = local.audit
  role        = postgresql_role.batch.name
  object_type = "function"
  objects     = ["purge(integer)"]
  privileges  = ["EXECUTE"]

  depends_on = [postgresql_function.purge, postgresql_grant.audit_called_by_nobody]
}

resource "postgresql_grant" "day_closed" {
  database    = local.shop
  schema      = local.sales
  role        = postgresql_role.batch.name
  object_type = "procedure"
  objects     = ["close_day"]
  privileges  = ["EXECUTE"]
}

resource "postgresql_grant" "books_called" {
  database    = local.ledger
  schema      = postgresql_schema.books.name
  role        = postgresql_role.deploy.name
  object_type = "routine"
  privileges  = ["EXECUTE"]
}

# ---- foreign data ----------------------------------------------------------------------------------------------------

resource "postgresql_grant" "wrapper_used" {
  database    = local.ledger
  role        = postgresql_role.deploy.name
  object_type = "foreign_data_wrapper"
  objects     = [postgresql_extension.foreign.name]
  privileges  = ["USAGE"]
}

resource "postgresql_grant" "warehouse_used" {
  database    = local.ledger
  role        = postgresql_role.app.name
  object_type = "foreign_server"
  objects     = [postgresql_server.warehouse.server_name]
  privileges  = ["USAGE"]
}

# ---- what is made later ----------------------------------------------------------------------------------------------

resource "postgresql_default_privileges" "sales_read" {
  database    = local.shop
  schema      = local.sales
  owner       = postgresql_role.shop_owner.name
  role        = postgresql_role.readers.name
  object_type = "table"
  privileges  = ["SELECT"]
}

resource "postgresql_default_privileges" "sales_counted" {
  database    = local.shop
  schema      = local.sales
  owner       = postgresql_role.shop_owner.name
  role        = postgresql_role.app.name
  object_type = "sequence"
  privileges  = ["USAGE", "SELECT"]
}

resource "postgresql_default_privileges" "called_by_nobody" {
  database    = local.shop
  owner       = postgresql_role.shop_owner.name
  role        = "public"
  object_type = "function"
  privileges  = []
}

resource "postgresql_default_privileges" "called_by_app" {
  database    = local.shop
  schema      = local.sales
  owner       = postgresql_role.shop_owner.name
  role        = postgresql_role.app.name
  object_type = "routine"
  privileges  = ["EXECUTE"]
}

resource "postgresql_default_privileges" "schemas_used" {
  database    = local.ledger
  owner       = postgresql_role.ledger_owner.name
  role        = postgresql_role.writers.name
  object_type = "schema"
  privileges  = ["ALL"]
}

resource "postgresql_default_privileges" "types_used" {
  database          = local.ledger
  owner             = postgresql_role.ledger_owner.name
  role              = postgresql_role.writers.name
  object_type       = "type"
  privileges        = ["USAGE"]
  with_grant_option = true
}
