"""Autograde one submission through nbgrader's converter, whatever state it is in."""

from __future__ import annotations

import os
import warnings

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.utils import capture_log, temp_attrs
from sqlalchemy.exc import SAWarning
from traitlets import List, Unicode

from .errors import CourseError
from .steps import checked


class GradeSubmission(Autograde):
    """nbgrader's Autograde for one student, which takes a folder in any state.

    `expected` names the assignment's notebooks, looked for whether or not the folder has
    them; `refusal`, when set, is the reason to let the blank assignment stand in for them.
    """

    expected = List(Unicode())
    refusal = Unicode("")

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.notebooks: list[str] = []
        self.assignments = {folder: [os.path.join(folder, f"{n}.ipynb") for n in self.expected]}


def grade_submission(api: NbGraderAPI, assignment: str, student: str, expected: list[str]) -> None:
    """Grade one student's folder anew; what goes wrong becomes a refusal with its reason.

    Raises CourseError where even the stand-in cannot be graded, which is a fault of the
    course and not of the submission.
    """
    try:
        _grade(api, assignment, student, expected, refusal="")
    except CourseError as problem:
        _grade(api, assignment, student, expected, refusal=f"It stopped the grader: {problem}.")


def _grade(
    api: NbGraderAPI, assignment: str, student: str, expected: list[str], refusal: str
) -> None:
    with temp_attrs(api.coursedir, assignment_id=assignment, student_id=student):
        converter = GradeSubmission(
            coursedir=api.coursedir, parent=api, expected=expected, refusal=refusal
        )
        converter.force = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            outcome = capture_log(converter)
    checked(outcome, f"grading {student}")
