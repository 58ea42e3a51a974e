variable "apis" {
  default = {
    graph = {
      "user-read"  = "Scope"
      "user-write" = "Role"
    }
    mail = {
      "mail-send" = "Role"
    }
  }
}

resource "azuread_application" "site" {
  display_name = "site"

  dynamic "required_resource_access" {
    for_each = var.apis
    iterator = api
    content {
      resource_app_id = api.key
      dynamic "resource_access" {
        for_each = api.value
        content {
          id   = resource_access.key
          type = resource_access.value
        }
      }
    }
  }
}
