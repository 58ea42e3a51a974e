people = { ada = { role = "owner" } }
