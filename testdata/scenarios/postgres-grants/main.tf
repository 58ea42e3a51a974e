# Who may do what with a small shop's database.

terraform {
  required_providers {
    postgresql = {
      source = "cyrilgdn/postgresql"
    }
  }
}

provider "postgresql" {
  database = "postgres"
}

resource "postgresql_role" "owner" {
  name = "shop_owner"
}

resource "postgresql_role" "reader" {
  name = "reader"
}

resource "postgresql_role" "app" {
  name  = "app"
  login = true
}

resource "postgresql_database" "shop" {
  name  = "shop"
  owner = postgresql_role.owner.name
}

resource "postgresql_schema" "sales" {
  database = postgresql_database.shop.name
  name     = "sales"
  owner    = postgresql_role.owner.name

  policy {
    role  = postgresql_role.reader.name
    usage = true
  }
}

resource "postgresql_grant" "closed" {
  database    = postgresql_database.shop.name
  role        = "public"
  object_type = "database"
  privileges  = []
}

resource "postgresql_grant" "tables_read" {
  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  role        = postgresql_role.reader.name
  object_type = "table"
  privileges  = ["SELECT"]
}

resource "postgresql_grant" "orders" {
  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  role        = postgresql_role.app.name
  object_type = "table"
  objects     = ["orders", "lines"]
  privileges  = ["ALL"]
}

resource "postgresql_grant" "price" {
  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  role        = postgresql_role.app.name
  object_type = "column"
  objects     = ["prices"]
  columns     = ["sku"]
  privileges  = ["SELECT"]
}

resource "postgresql_grant" "total" {
  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  role        = postgresql_role.app.name
  object_type = "function"
  objects     = ["total(int)"]
  privileges  = ["EXECUTE"]
}

resource "postgresql_default_privileges" "tables_read" {
  database    = postgresql_database.shop.name
  schema      = postgresql_schema.sales.name
  owner       = postgresql_role.owner.name
  role        = postgresql_role.reader.name
  object_type = "table"
  privileges  = ["SELECT"]
}
