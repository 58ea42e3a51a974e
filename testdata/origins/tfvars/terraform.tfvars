# everyone
people = {
  ada = {
    role = "admin"
  }
  "grace.h" = { path = "/interns/", role = "member" } # since May
}
