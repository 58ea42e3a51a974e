roles = {
  app    = { connections = "20", login = true }
  report = { connections = 5, login = "false" }
}
