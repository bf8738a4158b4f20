"""The visible checks of quiz q2: whether an answer is given, and is of the right kind.

They know no right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from strides.check import Exam, chosen, ordered, whole_number

from .worked import worked

OPTIONS, LAYERS = "abcd", "abcdefgh"
POINTS = 2


def given(read: Callable[[Any], object]) -> Callable[[Any], Iterator[tuple[str, Any]]]:
    """A run that reads an answer and yields that there is one."""

    def run(answer: Any) -> Iterator[tuple[str, Any]]:
        read(answer)
        yield "given", 1

    return run


def asked(number: int, name: str, read: Callable[[Any], object]) -> Exam:
    """The visible exam of one question."""
    return worked(
        f"q2.q2_{number}", given(read), {}, {"given": 1}, points=0, pending=POINTS, name=name
    )


EXAMS: dict[str, Exam] = {
    exam.name: exam
    for exam in (
        *(asked(number, "a number is given", whole_number) for number in range(1, 7)),
        *(
            asked(number, "an option is chosen", lambda answer: chosen(answer, OPTIONS))
            for number in range(7, 12)
        ),
        asked(12, "an order is given", lambda answer: ordered(answer, LAYERS)),
    )
}
