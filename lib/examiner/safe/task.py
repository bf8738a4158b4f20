"""One submission's grading as plain data, to be done in any process that has this course."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Job:
    """What grading one notebook needs; it can be pickled, and holds no open thing.

    `notebook` is nbformat JSON: restored, its locked cells overwritten, its outputs cleared.
    `own` are the sources of the course's own cells by grade id, tests among them: these alone
    are ever run by the grader itself.
    `seed` is what hidden inputs are drawn from, `student_seed` what a student's own numbers are;
    times are in seconds of wall time. `unsafe` runs without a sandbox, where a person asked for
    that. `beside` are the course's own files beside the notebook: their names and texts.
    """

    student: str
    assignment: str
    notebook: dict[str, Any]
    seed: int
    cell_seconds: float
    total_seconds: float
    unsafe: bool = False
    student_seed: int = 0
    beside: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
