"""The banks of q2's numeric questions: formulas of each question's numbers for what goes wrong.

The right answers in odd forms are the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank
from examiner.exams.numeric import Formula
from strides.check import Exam

Slip = Callable[..., Any]
FORMS: dict[str, Callable[[int], Any]] = {
    "a_float": float,
    "numpy_int": np.int64,
    "a_text": str,
    "grouped_by_spaces": lambda n: f"{n:,}".replace(",", " "),
    "grouped_by_commas": lambda n: f" {n:,} ",
    "with_a_decimal_point": lambda n: f"{n}.0",
    "alone_in_a_list": lambda n: [n],
    "comma_at_the_end": lambda n: (n,),
    "array_of_one": lambda n: np.array([float(n)]),
    "rounding_of_floats": lambda n: n - 4e-12 * n,
}


def numeric_bank(exam: Exam) -> Bank:
    """A bank without mistakes, with the right answer in each of the forms."""

    def in_form(form: Callable[[int], Any]) -> Formula:
        return Formula(lambda *numbers: form(exam.oracle(*numbers)["answer"]))

    return Bank(exam.name, right={name: in_form(form) for name, form in FORMS.items()})


def slip(bank: Bank, says: str) -> Callable[[Slip], Slip]:
    """Decorate a formula that gives a wrong answer; its name is the mistake's id."""

    def add(formula: Slip) -> Slip:
        bank.add_mistake(formula.__name__, says, Formula(formula))
        return formula

    return add
