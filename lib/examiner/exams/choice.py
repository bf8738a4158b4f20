"""Multiple-choice questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from strides.check import BrokenContract, Case, Check, Exam, Problem, chosen


def choice(name: str, right: str, options: str, points: float, section: str) -> Exam:
    """A multiple-choice question: the answer is one letter, kept as a plain value."""

    def run(answer: Any) -> Iterator[tuple[str, Any]]:
        index = chosen(answer, options)
        if options[index] != right:
            raise BrokenContract(Problem("value", f"Not {options[index]}.", options[index]))
        yield "choice", index

    return Exam(
        name,
        run,
        lambda: {"choice": options.index(right)},
        lambda rng: [Case("choice", {})],
        (Check("the choice", points, {"choice": ("choice",)}),),
        section,
    )
