order = "zz"
