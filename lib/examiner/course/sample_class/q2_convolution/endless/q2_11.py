while True:
    q2_11 = "c"
