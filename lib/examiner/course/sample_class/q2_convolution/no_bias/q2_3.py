# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
own = numbers["q2_3"]
q2_3 = own["F"] * own["C"] * own["K"] * own["K"]
