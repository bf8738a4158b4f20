"""How a class did: points, exercises, diagnoses, what took long, what needs a person's look."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from statistics import mean, median, quantiles

from nbgrader.api import Grade, Gradebook

from .errors import CourseError
from .results import BLANK, GRADED, LOOK, NO_SANDBOX, NOT_GRADED, REFUSED, Result

BINS = 10
MOST = 10
FALLBACK = {
    NOT_GRADED: "It was not graded yet.",
    LOOK: "A test cell failed, and not by the answer.",
}


@dataclass(frozen=True)
class Bin:
    """How many students got points from `low` up to `high`; the last bin includes `high`."""

    low: float
    high: float
    students: int


@dataclass(frozen=True)
class Exercise:
    """How the class did in one graded cell; `waiting` answers are still to be read."""

    name: str
    possible: float
    students: int
    full: int
    mean: float
    waiting: int

    @property
    def share(self) -> float:
        """The share of students with full points, from 0 to 1."""
        return self.full / self.students if self.students else 0.0


@dataclass(frozen=True)
class Look:
    """A submission that needs a person's look, and why."""

    student: str
    status: str
    reasons: list[str]


@dataclass
class ClassReport:
    """A class's results in one assignment.

    Points are those of the test cells, as in `Result`. Refused and ungraded submissions are in
    `statuses` and `looks` and in no other number: what their authors can do is not known.
    """

    assignment: str
    submitted: int
    missing: list[str]
    statuses: dict[str, int]
    possible: float
    points: dict[str, float]
    bins: list[Bin]
    exercises: list[Exercise]
    diagnoses: dict[str, int]
    slowest: dict[str, float]
    seconds: float
    waiting: int
    looks: list[Look] = field(default_factory=list)

    def as_json(self) -> str:
        """Everything as JSON text."""
        return json.dumps(asdict(self), indent=1) + "\n"


def class_report(gradebook: Gradebook, assignment: str, results: list[Result]) -> ClassReport:
    """The report of these results of an assignment.

    Raises CourseError where there are none.
    """
    if not results:
        raise CourseError(f"{assignment}: no submission found, so there is nothing to report.")
    counted = [result for result in results if result.status not in (REFUSED, NOT_GRADED)]
    submitted = {result.student for result in results}
    possible = max(result.max_points for result in results)
    slowest = sorted(counted, key=lambda result: -result.seconds)[:MOST]
    found = Counter(name for result in counted for name in result.diagnoses)
    return ClassReport(
        assignment=assignment,
        submitted=len(results),
        missing=sorted(entry.id for entry in gradebook.students if entry.id not in submitted),
        statuses=dict(Counter(result.status for result in results).most_common()),
        possible=possible,
        points=summary([result.points for result in counted]),
        bins=histogram([result.points for result in counted], possible),
        exercises=exercises(gradebook, assignment, {result.student for result in counted}),
        diagnoses=dict(found.most_common(MOST)),
        slowest={result.student: result.seconds for result in slowest},
        seconds=round(sum(result.seconds for result in results), 2),
        waiting=sum(result.waiting for result in counted),
        looks=[look for result in results if (look := look_at(result))],
    )


def summary(points: list[float]) -> dict[str, float]:
    """Mean, median, quartiles and extremes; empty where nobody has points."""
    if not points:
        return {}
    low, _, high = quantiles(points, method="inclusive") if len(points) > 1 else points * 3
    found = {
        "lowest": min(points),
        "lower quartile": low,
        "median": median(points),
        "mean": mean(points),
        "upper quartile": high,
        "highest": max(points),
    }
    return {name: round(value, 2) for name, value in found.items()}


def histogram(points: list[float], possible: float) -> list[Bin]:
    """How many got how much, in ten equal parts of what was possible."""
    width = possible / BINS or 1.0
    counts = Counter(min(int(value / width), BINS - 1) for value in points)
    return [Bin(n * width, (n + 1) * width, counts[n]) for n in range(BINS)]


def exercises(gradebook: Gradebook, assignment: str, students: set[str]) -> list[Exercise]:
    """Each graded cell, in the assignment's order, over these students."""
    grades: dict[str, list[Grade]] = {}
    for submission in gradebook.assignment_submissions(assignment):
        if submission.student.id in students:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    grades.setdefault(grade.name, []).append(grade)
    books = gradebook.find_assignment(assignment).notebooks
    cells = {cell.name: cell for book in books for cell in book.grade_cells}
    order = [cell.name for book in books for cell in book.source_cells if cell.name in cells]
    return [_exercise(name, cells[name].max_score, grades.get(name, [])) for name in order]


def _exercise(name: str, possible: float, grades: list[Grade]) -> Exercise:
    waiting = sum(bool(grade.needs_manual_grade) for grade in grades)
    points = [grade.score for grade in grades if not grade.needs_manual_grade]
    return Exercise(
        name=name.removeprefix("test_"),
        possible=possible,
        students=len(points),
        full=sum(value >= possible for value in points),
        mean=round(mean(points), 2) if points else 0.0,
        waiting=waiting,
    )


def look_at(result: Result) -> Look | None:
    """Why a person should look at a submission, if one should."""
    if result.status in (GRADED, BLANK) and not result.unsafe:
        return None
    reasons = list(result.reasons) if result.status not in (GRADED, BLANK) else []
    if result.unsafe:
        reasons.append(f"It was graded {NO_SANDBOX}.")
    return Look(result.student, result.status, reasons or [FALLBACK.get(result.status, "")])
