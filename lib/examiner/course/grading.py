"""Autograde one submission through nbgrader's converter, whatever state it is in."""

from __future__ import annotations

import os
import warnings
from typing import Any

from nbformat import NotebookNode
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log, setenv, temp_attrs
from sqlalchemy.exc import SAWarning
from traitlets import Dict, List, Unicode

from .arrivals import Arrived
from .errors import CourseError
from .reading import fingerprint
from .record import record_of
from .steps import checked


class GradeSubmission(Autograde):
    """nbgrader's Autograde for one student, which takes a folder in any state.

    `expected` names the assignment's notebooks, looked for whether or not the folder has
    them; `refusal`, when set, is the reason to let the blank assignment stand in for them.
    `prepared` are those that are read and mended already, by name, and `results` what workers
    made of them, by digest (see `jobs`).
    """

    expected = List(Unicode())
    refusal = Unicode("")
    prepared = Dict()
    results = Dict()
    submitted_to: CourseDirectory

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.notebooks: list[str] = []
        self.assignments = {folder: [os.path.join(folder, f"{n}.ipynb") for n in self.expected]}

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """nbgrader's two halves, or the second one with a notebook that is prepared."""
        resources = self.init_single_notebook_resources(notebook_filename)
        prepared = self.prepared.get(resources["nbgrader"]["notebook"])
        if self.refusal or prepared is None or self._changed(prepared, resources["nbgrader"]):
            super().convert_single_notebook(notebook_filename)
            return
        self._sanitizing = False
        self._init_preprocessors()
        try:
            with setenv(NBGRADER_EXECUTION="autograde"):
                output, resources = self.exporter.from_notebook_node(prepared, resources)
                self.write_single_notebook(output, resources)
        finally:
            self._sanitizing = True

    def _changed(self, prepared: NotebookNode, ids: dict[str, str]) -> bool:
        """Whether what was submitted is no longer what was prepared."""
        return record_of(prepared)["fingerprint"] != fingerprint(self.submitted_to, ids)


def grade_submission(
    api: NbGraderAPI, assignment: str, expected: list[str], arrived: Arrived
) -> None:
    """Grade one student's folder anew; what goes wrong becomes a refusal with its reason.

    Raises CourseError where even the stand-in cannot be graded, which is a fault of the
    course and not of the submission.
    """
    student = arrived.student
    traits = {"expected": expected, "prepared": arrived.notebooks, "results": arrived.results}
    try:
        _grade(api, assignment, student, refusal=arrived.refusal, **traits)
    except CourseError as problem:
        refusal = f"It stopped the grader: {problem}."
        _grade(api, assignment, student, refusal=refusal, **traits)


def _grade(api: NbGraderAPI, assignment: str, student: str, **traits: Any) -> None:
    with temp_attrs(api.coursedir, assignment_id=assignment, student_id=student):
        converter = GradeSubmission(coursedir=api.coursedir, parent=api, **traits)
        converter.submitted_to = api.coursedir
        converter.force = True
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)
            outcome = capture_log(converter)
    checked(outcome, f"grading {student}")
