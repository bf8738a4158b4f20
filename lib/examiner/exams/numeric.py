"""Questions whose answer is one whole number, for each student's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from strides.check import BrokenContract, Case, Check, Exam, Problem, whole_number
from strides.quiz import draw


@dataclass(frozen=True)
class Formula:
    """The answer to a question for any numbers: what a bank holds, and no student can hand in."""

    of: Callable[..., Any]


def numeric(name: str, right: Callable[..., int], points: float, section: str) -> Exam:
    """A question with own numbers; `right(*numbers)` is the answer, in the order of its pool."""
    quiz, _, question = name.partition(".")

    def run(answer: Any, *numbers: int) -> Iterator[tuple[str, Any]]:
        given = whole_number(answer.of(*numbers) if isinstance(answer, Formula) else answer)
        if given != right(*numbers):
            shown = f"{given:,}" if isinstance(given, int) else f"{given:.6g}"
            text = f"Your answer {shown} is not right."
            raise BrokenContract(Problem("value", text, repr(round(given, 6))))
        yield "answer", given

    return Exam(
        name,
        run,
        lambda *numbers: {"answer": right(*numbers)},
        lambda rng: [Case("own numbers", draw(quiz, rng)[question])],
        (Check("the answer", points, {"answer": ("own numbers",)}),),
        section,
        own=True,
    )
