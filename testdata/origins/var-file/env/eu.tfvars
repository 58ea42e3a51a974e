people  = { ada = { role = "owner" } }
session = 7200
