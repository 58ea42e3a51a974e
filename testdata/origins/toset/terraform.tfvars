users = [
  "grace",
  "ada",
]
