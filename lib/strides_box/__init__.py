"""What runs inside the sandbox: a warm parent, a kernel for each submission, and the wire.

Nothing here is secret: no exam, no solution, no expected number. Student code runs in the same
process and may change all of it; what is held against student code is held by `examiner.safe`,
on the other end of the wire, and by the system (`confine`).
"""
