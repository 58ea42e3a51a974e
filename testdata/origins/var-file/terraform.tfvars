people  = { ada = { role = "admin" } }
session = 3600
