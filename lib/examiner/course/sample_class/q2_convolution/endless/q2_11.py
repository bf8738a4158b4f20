while True:
    pass

q2_11 = "c"
