order = "a"
