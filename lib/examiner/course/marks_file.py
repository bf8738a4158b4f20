"""Marks as a CSV file, through nbgrader's export plugin interface."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin
from traitlets import Enum, List, Unicode

from .errors import CourseError
from .marks_tables import PLAIN, SYSTEMS, Row, Table
from .results import NO_SANDBOX, NOT_GRADED, read_result

COLUMNS = (
    "assignment",
    "student",
    "last_name",
    "first_name",
    "email",
    "submitted",
    "score",
    "late_penalty",
    "max_score",
    "needs_manual_grade",
    "status",
    "diagnoses",
)
NBGRADERS = {
    "student_id": "student",
    "timestamp": "submitted",
    "late_submission_penalty": "late_penalty",
}
NOT_SUBMITTED = "not submitted"


class MarksFile(ExportPlugin):
    """Writes everyone's marks, a score of zero where nothing came.

    In the plain format: a row for each student and assignment, with the `columns` asked for,
    called as `header` says. The formats for a learning-management system have a row for each
    student and a column for each assignment (see `marks_tables`). `status` and `diagnoses` (with
    blanks between them) are those of `strides grade`.

    Also `nbgrader export --exporter=examiner.course.marks_file.MarksFile --to marks.csv`.
    """

    columns = List(
        Unicode(), list(COLUMNS), help=f"Columns of the plain format, of {', '.join(COLUMNS)}."
    ).tag(config=True)
    header = List(Unicode(), [], help="What the columns are called; their names if none.").tag(
        config=True
    )
    format = Enum([PLAIN, *SYSTEMS], PLAIN, help="Who shall read the file.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the file; raises CourseError for a column that does not exist."""
        rows = self._rows(gradebook)
        table = self._plain(rows) if self.format == PLAIN else SYSTEMS[self.format](rows)
        with Path(self.to or "marks.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([[harmless(cell) for cell in row] for row in table])

    def _rows(self, gradebook: Gradebook) -> list[Row]:
        coursedir: CourseDirectory = self.parent.coursedir
        return [
            _row(gradebook, assignment, student) | _found(coursedir, gradebook, assignment, student)
            for assignment in gradebook.assignments
            for student in gradebook.students
            if self._is_wanted(assignment, student)
        ]

    def _plain(self, rows: list[Row]) -> Table:
        names = [NBGRADERS.get(name, name) for name in self.columns]
        if unknown := sorted(set(names) - set(COLUMNS)):
            raise CourseError(
                f"columns: expected some of {', '.join(COLUMNS)}; received {', '.join(unknown)}."
            )
        header = self.header or self.columns
        if len(header) != len(names):
            raise CourseError(
                f"header: expected {len(names)} names, one for each column "
                f"({', '.join(self.columns)}); received {len(header)} ({', '.join(header)})."
            )
        return [list(header), *([row[name] for name in names] for row in rows)]

    def _is_wanted(self, assignment: Assignment, student: Student) -> bool:
        return (not self.assignment or assignment.name in self.assignment) and (
            not self.student or student.id in self.student
        )


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: a text that looks like one gets a quote."""
    is_formula = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if is_formula else cell


def write_marks(
    api: NbGraderAPI, gradebook: Gradebook, to: Path, assignment: str | None, options: Any
) -> Path:
    """Write everyone's marks to a file; `options` are MarksFile's columns, header, format.

    Raises CourseError where nothing was released, or the file cannot be written.
    """
    if to.is_dir():
        raise CourseError(f"{to}: expected a file, found a folder; try {to / 'marks.csv'}.")
    plugin = MarksFile(parent=api, to=str(to), **options)
    if assignment:
        plugin.assignment = [assignment]
    released = {entry.name for entry in gradebook.assignments}
    if not released or (assignment and assignment not in released):
        what = f"{assignment} was never" if assignment else "No assignment was"
        raise CourseError(
            f"{what} released, so there are no marks: "
            f"run `strides release {assignment or 'ASSIGNMENT'}` first."
        )
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        plugin.export(gradebook)
    except OSError as problem:
        raise CourseError(
            f"{to}: the marks cannot be written there ({problem.strerror}); "
            "name another file with --to."
        ) from None
    return to


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> Row:
    row: Row = {
        "assignment": assignment.name,
        "student": student.id,
        "last_name": student.last_name or "",
        "first_name": student.first_name or "",
        "email": student.email or "",
        "submitted": "",
        "score": 0.0,
        "late_penalty": 0.0,
        "max_score": assignment.max_score,
        "needs_manual_grade": False,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    penalty = submission.late_submission_penalty or 0.0
    row["submitted"] = submission.timestamp or ""
    row["late_penalty"] = penalty
    row["score"] = max(0.0, submission.score - penalty)
    row["needs_manual_grade"] = bool(submission.needs_manual_grade)
    return row


def _found(
    coursedir: CourseDirectory, gradebook: Gradebook, assignment: Assignment, student: Student
) -> Row:
    """What grading found, beside the points."""
    result = read_result(coursedir, gradebook, assignment.name, student.id)
    submitted = coursedir.format_path(coursedir.submitted_directory, student.id, assignment.name)
    status = result.status
    if status == NOT_GRADED and not Path(submitted).is_dir():
        status = NOT_SUBMITTED
    if result.unsafe:
        status += f", {NO_SANDBOX}"
    return {"status": status, "diagnoses": " ".join(result.diagnoses)}
