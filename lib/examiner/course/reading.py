"""Read a submitted file; where it cannot be read, stand in the blank assignment.

The file itself is never changed. A stand-in carries the reason, is not run, and gets no
points, so that one bad file has a page of feedback like any other and stops nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_solution

from .errors import UnreadableSubmission
from .intake import Intake
from .mend import notebook_from
from .record import add_note, grade_id, record_of
from .staging import Staging, stage_submissions
from .submission import submission


def read_submitted(coursedir: CourseDirectory, ids: Mapping[str, str]) -> NotebookNode:
    """What a student submitted of one notebook; `ids` are its student, assignment, notebook.

    Its record holds the fingerprint and the notes. Raises UnreadableSubmission with the reason.
    """
    intake = submission(coursedir, ids["assignment"], ids["student"])
    notebook = notebook_of(intake, ids["notebook"], intake.files.get(f"{ids['notebook']}.ipynb"))
    record_of(notebook)["fingerprint"] = _fingerprint(coursedir, ids["assignment"], intake)
    return notebook


def notebook_of(intake: Intake, name: str, content: bytes | None) -> NotebookNode:
    """One notebook of what was taken in, from its bytes, with what was said of it as notes.

    Raises UnreadableSubmission with the reason.
    """
    if reason := intake.refused.get(name):
        raise UnreadableSubmission(reason)
    if content is None:
        raise UnreadableSubmission(f"{name}.ipynb: expected this notebook, found none.")
    notebook = notebook_from(f"{name}.ipynb", content)
    for note in intake.notes:
        add_note(notebook, note)
    return notebook


def released_notebook(coursedir: CourseDirectory, assignment: str, notebook: str) -> NotebookNode:
    """The notebook as it was released to students, its answers blank.

    The answers come from the gradebook, since somebody may work in the course's own copy.
    Raises FileNotFoundError where the assignment was not generated.
    """
    folder = coursedir.format_path(coursedir.release_directory, ".", assignment)
    released = nbformat.read(
        Path(folder, f"{notebook}.ipynb"), as_version=nbformat.current_nbformat
    )
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        cells = gradebook.find_notebook(notebook, assignment).source_cells
        sources = {cell.name: cell.source for cell in cells}
    for cell in released.cells:
        if is_solution(cell) and grade_id(cell) in sources:
            cell.source = sources[grade_id(cell)]
    return released


def fingerprint(coursedir: CourseDirectory, ids: Mapping[str, str]) -> str:
    """A hash of what a mark comes from: the submitted files and the assignment's source."""
    intake = submission(coursedir, ids["assignment"], ids["student"])
    return _fingerprint(coursedir, ids["assignment"], intake)


def _fingerprint(coursedir: CourseDirectory, assignment: str, intake: Intake) -> str:
    state = hashlib.sha256(intake.digest().encode())
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        state.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return state.hexdigest()


class SubmissionExporter(NotebookExporter):
    """nbgrader's notebook exporter for autograding: safe copies in, stand-ins for what is bad."""

    staging: Staging | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(self.parent, Autograde):
            self.staging = stage_submissions(self.parent)

    @property
    def converter(self) -> Autograde:
        """The step of nbgrader that reads with this exporter."""
        if not isinstance(self.parent, Autograde):
            raise TypeError(f"expected to be part of nbgrader's Autograde, not of {self.parent!r}")
        return self.parent

    def from_filename(
        self, filename: str, resources: Any = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        resources = {} if resources is None else resources
        expected = Path(filename)
        resources["metadata"] = {"name": expected.stem, "path": str(expected.parent)}
        notebook = self._read(expected, resources["nbgrader"])
        return self.from_notebook_node(notebook, resources=resources, **kw)

    def _read(self, expected: Path, ids: dict[str, str]) -> NotebookNode:
        if self.staging is None or not expected.is_relative_to(self.staging.folder):
            return nbformat.read(expected, as_version=nbformat.current_nbformat)
        intake = self.staging.intakes[ids["student"], ids["assignment"]]
        content = expected.read_bytes() if expected.is_file() else None
        notebook = self._read_submitted(intake, ids, content)
        self.staging.was_read(expected)
        coursedir = self.staging.coursedir
        record_of(notebook)["fingerprint"] = _fingerprint(coursedir, ids["assignment"], intake)
        return notebook

    def _read_submitted(
        self, intake: Intake, ids: dict[str, str], content: bytes | None
    ) -> NotebookNode:
        try:
            if reason := getattr(self.converter, "refusal", ""):
                raise UnreadableSubmission(reason)
            return notebook_of(intake, ids["notebook"], content)
        except UnreadableSubmission as problem:
            released = released_notebook(
                self.converter.coursedir, ids["assignment"], ids["notebook"]
            )
            record_of(released)["refused"] = str(problem)
            for note in intake.notes:
                add_note(released, note)
            return released
