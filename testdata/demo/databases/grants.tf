# One block for each role and set of objects.

# Takes from everybody what the server gives to everybody.
resource "postgresql_grant" "nobody_connects" {
  database    = postgresql_database.shop.name
  role        = "public"
  object_type = "database"
  privileges  = []
}

resource "postgresql_grant" "connects" {
  for_each = {
    reader    = postgresql_role.given["reader"].name
    driftline = postgresql_role.driftline.name
  }

  database    = postgresql_database.shop.name
  role        = each.value
  object_type = "database"
  privileges  = ["CONNECT"]
}

resource "postgresql_grant" "schema" {
  for_each = toset(["reader", "writer"])

  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  role        = postgresql_role.given[each.key].name
  object_type = "schema"
  privileges  = ["USAGE"]
}

resource "postgresql_grant" "tables" {
  for_each = {
    reader = ["SELECT"]
    writer = ["INSERT", "UPDATE"]
  }

  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  role        = postgresql_role.given[each.key].name
  object_type = "table"
  objects     = ["orders", "customers"]
  privileges  = each.value
}

resource "postgresql_default_privileges" "reader" {
  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  owner       = postgresql_role.owner.name
  role        = postgresql_role.given["reader"].name
  object_type = "table"
  privileges  = ["SELECT"]
}
