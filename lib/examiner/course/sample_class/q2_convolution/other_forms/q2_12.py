q2_12 = "E, C, B, F, D, A"
