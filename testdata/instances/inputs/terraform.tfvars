people = {
  ada = { role = "owner", keys = "2" }
  grace = {
    teams = ["ops", "shop", "ops"]
    notes = {}
    more  = "left out"
  }
  "zoë" = {}
}
numbers = [1, 2.50, 1]
secret  = "canary"
kept    = ["overwritten"]
