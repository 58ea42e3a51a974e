people = { ada = { role = "admin" }, grace = { role = "member" } }
