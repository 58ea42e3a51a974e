order    = "terraform.tfvars"
anything = { b = 1, list = [1, "two", [3]], a = { c = null } }
