people = { ada = { role = "admin" } }
