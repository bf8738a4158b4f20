"""Read a submitted file; where it cannot be read, stand in the blank assignment.

The file itself is never changed. A stand-in carries the reason, is not run, and gets no
points, so that one bad file has a page of feedback like any other and stops nobody.
"""

from __future__ import annotations

import hashlib
import json
import warnings
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
from .record import KEY, add_note, grade_id, record_of


def read_notebook(path: Path) -> NotebookNode:
    """A submitted notebook as nbformat 4.

    Raises UnreadableSubmission that says what was expected and what the file holds.
    """
    name = path.name
    content = path.read_bytes()
    if not content.strip():
        raise UnreadableSubmission(f"{name}: expected a notebook, the file is empty.")
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text)
    except UnicodeDecodeError:
        raise UnreadableSubmission(
            f"{name}: expected a notebook (JSON text in UTF-8), the file holds binary data "
            f"that begins with {content[:8]!r}."
        ) from None
    except (json.JSONDecodeError, RecursionError) as problem:
        raise UnreadableSubmission(_malformed(name, content, problem)) from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise UnreadableSubmission(
            f"{name}: expected a notebook, the file is JSON without a notebook's "
            "'nbformat' and 'cells'."
        )
    return _upgraded(name, text)


def _malformed(name: str, content: bytes, problem: Exception) -> str:
    if not content.lstrip().startswith(b"{"):
        start = content.strip()[:20].decode("utf-8", "replace")
        return f"{name}: expected a notebook (JSON), the file begins with {start!r}."
    line = getattr(problem, "lineno", 1)
    return (
        f"{name}: expected a whole notebook, the file is cut off or damaged at line {line} "
        f"of {content.count(10) + 1}."
    )


def _upgraded(name: str, text: str) -> NotebookNode:
    """The notebook in today's format; a reader's every failure is the file's fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(text, as_version=nbformat.current_nbformat)
            _, notebook = nbformat.validator.normalize(notebook)
            nbformat.validate(notebook)
    except Exception as problem:
        detail = str(problem).strip().splitlines()[0] if str(problem).strip() else "no detail"
        raise UnreadableSubmission(
            f"{name}: expected a valid notebook; {type(problem).__name__}: {detail[:200]}"
        ) from None
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


def find_submitted(expected: Path) -> tuple[Path, str]:
    """The file to grade for an expected one, and a note where its name differs.

    Raises UnreadableSubmission where no notebook was submitted, or several could be meant.
    """
    if expected.is_file():
        return expected, ""
    others = sorted(expected.parent.glob("*.ipynb"))
    if len(others) == 1:
        note = f"The file was named {others[0].name}; it was graded as {expected.name}."
        return others[0], note
    found = sorted(path.name for path in expected.parent.iterdir()) or ["an empty folder"]
    raise UnreadableSubmission(
        f"{expected.name}: expected this notebook in the submission, found {', '.join(found)}."
    )


def without_records(notebook: NotebookNode) -> NotebookNode:
    """The notebook without what looks like grading's own records, wherever it came from."""
    for node in [notebook, *notebook.cells]:
        node.metadata.pop(KEY, None)
    return notebook


def fingerprint(coursedir: CourseDirectory, ids: dict[str, str]) -> str:
    """A hash of what a mark comes from: the submitted files and the assignment's source."""
    names = (ids["student"], ids["assignment"])
    folders = [
        Path(coursedir.format_path(coursedir.submitted_directory, *names)),
        Path(coursedir.format_path(coursedir.source_directory, ".", ids["assignment"])),
    ]
    state = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder).as_posix()
            state.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return state.hexdigest()


class SubmissionExporter(NotebookExporter):
    """nbgrader's notebook exporter for autograding, with a stand-in for unreadable files."""

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
        coursedir = self.converter.coursedir
        submitted = coursedir.format_path(
            coursedir.submitted_directory, ids["student"], ids["assignment"]
        )
        if expected.parent != Path(submitted):
            return read_notebook(expected)
        notebook = self._read_submitted(expected, ids)
        record_of(notebook)["fingerprint"] = fingerprint(coursedir, ids)
        return notebook

    def _read_submitted(self, expected: Path, ids: dict[str, str]) -> NotebookNode:
        try:
            if reason := getattr(self.converter, "refusal", ""):
                raise UnreadableSubmission(reason)
            path, note = find_submitted(expected)
            notebook = without_records(read_notebook(path))
        except UnreadableSubmission as problem:
            released = released_notebook(
                self.converter.coursedir, ids["assignment"], ids["notebook"]
            )
            record_of(released)["refused"] = str(problem)
            return released
        if note:
            add_note(notebook, note)
        return notebook
