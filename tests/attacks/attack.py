"""What an entry of the corpus is: a submission, what it tries, what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

GRADED, BLANK, REFUSED = "graded", "blank", "refused"
TIMED_OUT, DIED, LOOK = "timed out", "kernel died", "needs a look"
STOPPED = (TIMED_OUT, DIED, LOOK)
ANY = (GRADED, BLANK, *STOPPED)
FULL = 21.0
VISIBLE = 5.0
POINTS = {
    "relative_error": 3.0,
    "log_softmax": 4.0,
    "multilabel_loss": 5.0,
    "numerical_gradient": 6.0,
    "predict": 2.0,
    "why_mean": 1.0,
}


@dataclass(frozen=True)
class Expect:
    """What must come of a submission.

    `points` is one number or the least and the most. `says` must stand in what the report
    says (reasons, notes, the messages of checks), whatever the case of its letters; `shows`
    on the feedback page, and `hides` must not.
    """

    points: float | tuple[float, float]
    status: tuple[str, ...] = (GRADED,)
    says: str = ""
    shows: str = ""
    hides: str = ""

    @property
    def range(self) -> tuple[float, float]:
        return self.points if isinstance(self.points, tuple) else (self.points, self.points)


NOTHING = Expect(0)
"""No point, and the run goes on as if it were an ordinary wrong answer."""
ALL = Expect(FULL)


def without(*exercises: str) -> float:
    """All points but those of these exercises."""
    return FULL - sum(POINTS[name] for name in exercises)


def only(*exercises: str) -> float:
    """The points of these exercises."""
    return sum(POINTS[name] for name in exercises)


@dataclass(frozen=True)
class Attack:
    """One submission. Everything that is not named is as in `base`: "right", "wrong", "blank".

    `answers` are sources by grade id; `first` are cells after the locked setup cell, `free`
    is the free cell between the first exercise's test and the second exercise, `last` are
    cells at the end. `edit` changes the notebook, `files` what lies in the folder that is
    handed in, `content` stands for the whole file. In sources @COURSE@ and @REPO@ are the
    paths of the course and of this repository, which an attacker may know.
    """

    name: str
    tries: str
    answers: dict[str, str] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    free: str = ""
    last: tuple[str, ...] = ()
    base: str = "wrong"
    edit: Callable[[NotebookNode], Any] | None = None
    files: Callable[[Path, Path], Any] | None = None
    content: Callable[[bytes], bytes] | None = None
    expects: Expect = NOTHING

    @property
    def is_code(self) -> bool:
        """Whether it is all in the cells, so that a job alone can run it."""
        return self.edit is self.files is self.content is None


def in_cell(name: str, tries: str, *cells: str, **more: Any) -> Attack:
    """An attack by cells that run before every answer; the answers are wrong."""
    return Attack(name, tries, first=cells, **more)


def beside(name: str, tries: str, free: str, **more: Any) -> Attack:
    """An attack in the free cell of a notebook whose answers are right."""
    more.setdefault("expects", ALL)
    return Attack(name, tries, free=free, base="right", **more)
