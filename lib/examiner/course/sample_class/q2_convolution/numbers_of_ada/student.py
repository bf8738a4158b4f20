student = "ada"
