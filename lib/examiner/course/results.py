"""The outcome of grading, a record for each student, from the books and the graded notebooks."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import compute_checksum, is_solution

from .execution import KERNEL_DIED, TIMED_OUT
from .marks import stopped_cells
from .record import KEY, grade_id, is_test, rows_of

GRADED, BLANK, LOOK = "graded", "blank", "needs a look"
REFUSED, NOT_GRADED = "refused", "not graded"
UNSAFE, NO_SANDBOX = "unsafe", "without a sandbox"
DATA_FIELDS = (
    "student",
    "assignment",
    "points",
    "max_points",
    "diagnoses",
    "status",
    "seconds",
)


@dataclass
class Result:
    """What one student got for one assignment.

    `points` and `max_points` are those of the test cells; written answers are graded by
    hand and counted in `waiting` until they are. `status` is one of "graded", "blank",
    "timed out", "kernel died", "needs a look" (a test cell failed, and not by the answer),
    "refused", "not graded". `seconds` is the run's wall time. `unsafe` says that the work ran
    without a sandbox, so that its marks are only as good as the student is honest.
    """

    student: str
    assignment: str
    points: float = 0.0
    max_points: float = 0.0
    diagnoses: list[str] = field(default_factory=list)
    status: str = NOT_GRADED
    seconds: float = 0.0
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting: int = 0
    unsafe: bool = False
    pages: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The fields of `build/demo.json`."""
        everything = asdict(self)
        return {name: everything[name] for name in DATA_FIELDS}


def read_result(
    coursedir: CourseDirectory, gradebook: Gradebook, assignment: str, student: str
) -> Result:
    """The result of one student, or one with status "not graded"."""
    result = Result(student, assignment)
    statuses: list[str] = []
    for notebook in gradebook.find_assignment(assignment).notebooks:
        result.max_points += sum(c.max_score for c in notebook.grade_cells if c.cell_type == "code")
        folder = coursedir.format_path(coursedir.autograded_directory, student, assignment)
        path = Path(folder, f"{notebook.name}.ipynb")
        if not path.is_file():
            statuses.append(NOT_GRADED)
            continue
        graded = nbformat.read(path, as_version=nbformat.current_nbformat)
        statuses.append(_add_notebook(result, graded))
        _add_points(result, gradebook, notebook.name)
        page = Path(
            coursedir.format_path(coursedir.feedback_directory, student, assignment),
            f"{notebook.name}.html",
        )
        if page.is_file():
            result.pages.append(str(page))
    result.status = _worst(statuses)
    result.reasons = [printable(reason) for reason in result.reasons]
    result.notes = [printable(note) for note in result.notes]
    return result


def printable(text: str) -> str:
    """Text without what would steer a terminal, since a student's words are in it."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)


def _add_notebook(result: Result, notebook: NotebookNode) -> str:
    """Add what a graded notebook says; its status."""
    record = notebook.metadata.get(KEY, {})
    result.seconds = round(result.seconds + record.get("seconds", 0.0), 2)
    result.notes += record.get("notes", [])
    result.unsafe |= record.get("grader") == UNSAFE
    if reason := record.get("refused"):
        result.reasons.append(reason)
        return REFUSED
    timeouts, look = False, False
    for cell in notebook.cells:
        for row in rows_of(cell) if is_test(cell) else []:
            timeouts |= row.get("status") == "timeout"
            name = row.get("diagnosis")
            if isinstance(name, str) and name.isidentifier() and name not in result.diagnoses:
                result.diagnoses.append(name)
        look |= "look" in cell.metadata.get(KEY, {})
        if reason := cell.metadata.get(KEY, {}).get("reason"):
            result.reasons.append(reason)
    result.reasons = list(dict.fromkeys(stopped_cells(notebook) + result.reasons))
    stopped = {cell.metadata.get(KEY, {}).get("stopped") for cell in notebook.cells}
    if KERNEL_DIED in stopped:
        return KERNEL_DIED
    if TIMED_OUT in stopped or timeouts:
        return TIMED_OUT
    if look:
        return LOOK
    return BLANK if _is_blank(notebook) else GRADED


def _is_blank(notebook: NotebookNode) -> bool:
    """Whether every answer is as it was released."""
    return all(
        cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
        for cell in notebook.cells
        if is_solution(cell) and grade_id(cell)
    )


def _add_points(result: Result, gradebook: Gradebook, notebook: str) -> None:
    try:
        submitted = gradebook.find_submission_notebook(notebook, result.assignment, result.student)
    except MissingEntry:
        return
    for grade in submitted.grades:
        if grade.cell_type == "code":
            result.points += grade.score
        result.waiting += bool(grade.needs_manual_grade)


def _worst(statuses: list[str]) -> str:
    order = (REFUSED, NOT_GRADED, LOOK, KERNEL_DIED, TIMED_OUT, GRADED, BLANK)
    return next((status for status in order if status in statuses), NOT_GRADED)


def write_results(results: list[Result], path: Path) -> None:
    """Write results as a JSON list, one object a student."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([result.as_data() for result in results], indent=1)
    path.write_text(text + "\n", encoding="utf-8")
