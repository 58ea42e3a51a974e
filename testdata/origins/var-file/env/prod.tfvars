people = {
  ada = { role = "member" }
}
