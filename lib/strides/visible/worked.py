"""A visible exam of one example that was worked by hand."""

from __future__ import annotations

from typing import Any

from strides.check import INPUTS, Case, Check, Exam

from .rules import FORBIDDEN


def worked(
    exercise: str,
    run: Any,
    args: dict[str, Any],
    expected: dict[str, Any],
    points: float,
    pending: float,
    may_change: frozenset[str] = frozenset(),
    name: str = "the example worked by hand",
    atol: float = 1e-6,
) -> Exam:
    """A visible exam of one case: the number worked by hand."""
    return Exam(
        exercise,
        run,
        lambda *_: expected,
        lambda _: [Case(name, args, rtol=1e-4, atol=atol)],
        (Check(name, points, dict.fromkeys([*expected, INPUTS], ("*",))),),
        "the example above this cell",
        may_change=may_change,
        pending=pending,
        visible=True,
        forbidden=FORBIDDEN.get(exercise, ()),
    )
