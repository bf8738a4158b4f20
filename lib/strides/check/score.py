"""What a test cell shows: the points as a number, the checks as a table, both as data."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html import escape
from typing import Any

MIME = "application/vnd.strides.score+json"
VALIDATING = "NBGRADER_VALIDATING"
"""Set by nbgrader's Validate, which calls a cell failed that prints less than all its points."""
STATUSES = ("passed", "failed", "blank", "raised", "timeout")
_WORDS = {
    "passed": "✓ passed",
    "failed": "✗ not yet",
    "blank": "– not done yet",
    "raised": "✗ stopped with an error",
    "timeout": "✗ ran out of time",
}


@dataclass(frozen=True)
class Row:
    """One check: what was looked at, the points it gave, and what to do next."""

    check: str
    earned: float
    possible: float
    status: str
    message: str = ""
    diagnosis: str | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status: expected one of {STATUSES}; received {self.status!r}")
        if not 0 <= self.earned <= self.possible:
            raise ValueError(
                f"earned: expected between 0 and {self.possible}; received {self.earned}"
            )


@dataclass(frozen=True)
class Score:
    """The points of one exercise.

    As the last value of a test cell it prints as a bare number, which nbgrader takes as
    partial credit, and shows as a table of checks with a message for each.
    `pending` is what hidden checks can still add.
    """

    exercise: str
    rows: tuple[Row, ...] = field(default=())
    pending: float = 0.0

    @property
    def earned(self) -> float:
        return sum(row.earned for row in self.rows)

    @property
    def possible(self) -> float:
        return sum(row.possible for row in self.rows)

    @property
    def diagnoses(self) -> list[str]:
        """The mistakes named in the rows, each once, in order."""
        return list(dict.fromkeys(row.diagnosis for row in self.rows if row.diagnosis))

    def __add__(self, other: Score) -> Score:
        if not isinstance(other, Score):
            raise TypeError(f"a Score adds to a Score; received {type(other).__name__}")
        if other.exercise != self.exercise:
            raise ValueError(
                f"expected two scores of {self.exercise}; received one of {other.exercise}"
            )
        rows = self.rows + other.rows
        if rows and all(row.status == "blank" for row in rows):
            rows = (Row("all checks", 0, self.possible + other.possible, "blank", rows[0].message),)
        return Score(self.exercise, rows, max(0.0, self.pending - other.possible))

    def __float__(self) -> float:
        return float(self.earned)

    def __repr__(self) -> str:
        points = self.earned
        if os.environ.get(VALIDATING) and all(row.status == "passed" for row in self.rows):
            points += self.pending
        return f"{round(points, 4):g}"

    def as_data(self) -> dict[str, Any]:
        """The score as plain data: what tools read, never the printed text."""
        return {
            "exercise": self.exercise,
            "earned": self.earned,
            "possible": self.possible,
            "rows": [vars(row) for row in self.rows],
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self._repr_html_(), MIME: self.as_data()}

    def _repr_html_(self) -> str:
        head = f"<b>{escape(self.exercise)}: {self.earned:g} of {self.possible:g} points</b>"
        if self.pending:
            head += f" here; the hidden checks can add up to {self.pending:g} more"
        cell = 'style="text-align:left;vertical-align:top;padding:4px 12px 4px 0"'
        rows = "".join(
            f'<tr><th scope="row" {cell}>{escape(row.check)}</th>'
            f"<td {cell}>{_WORDS[row.status]}</td>"
            f"<td {cell}>{row.earned:g} / {row.possible:g}</td>"
            f'<td {cell}><div style="white-space:pre-wrap">{escape(row.message)}</div></td></tr>'
            for row in self.rows
        )
        columns = "".join(
            f'<th scope="col" {cell}>{name}</th>' for name in ("check", "result", "points", "note")
        )
        return (
            f'<table class="strides-score"><caption style="text-align:left">{head}</caption>'
            f"<thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
        )
