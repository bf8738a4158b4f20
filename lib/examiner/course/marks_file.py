"""Marks as a CSV file, through nbgrader's export plugin interface."""

from __future__ import annotations

import csv
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin

from .results import NOT_GRADED, read_result

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
NOT_SUBMITTED = "not submitted"


class MarksFile(ExportPlugin):
    """Writes one row for each student and assignment, a score of zero where nothing came.

    `status` and `diagnoses` (with blanks between them) are those of `strides grade`.

    Also `nbgrader export --exporter=examiner.course.marks_file.MarksFile --to marks.csv`.
    """

    def export(self, gradebook: Gradebook) -> None:
        coursedir: CourseDirectory = self.parent.coursedir
        rows = [
            _row(gradebook, assignment, student) | _found(coursedir, gradebook, assignment, student)
            for assignment in gradebook.assignments
            for student in gradebook.students
            if self._is_wanted(assignment, student)
        ]
        with Path(self.to or "marks.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(rows)

    def _is_wanted(self, assignment: Assignment, student: Student) -> bool:
        return (not self.assignment or assignment.name in self.assignment) and (
            not self.student or student.id in self.student
        )


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> dict[str, object]:
    row: dict[str, object] = {
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
) -> dict[str, object]:
    """What grading found, beside the points."""
    result = read_result(coursedir, gradebook, assignment.name, student.id)
    submitted = coursedir.format_path(coursedir.submitted_directory, student.id, assignment.name)
    status = result.status
    if status == NOT_GRADED and not Path(submitted).is_dir():
        status = NOT_SUBMITTED
    return {"status": status, "diagnoses": " ".join(result.diagnoses)}
