"""The trusted side of the safe grader: student code runs in a sandbox, verdicts are made here."""
