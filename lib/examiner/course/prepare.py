"""Submissions made ready to run, as nbgrader's sanitizing half would hand them over.

That half reads a notebook, restores it and overwrites what is locked, then writes it and reads
it again: nine tenths of what it takes is opening the gradebook and checking formats. Here what
an assignment's submissions have in common is read once, so that workers have work at once.
`tests/course/test_jobs.py` holds the two against each other.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from examiner.safe.job import Job

from .errors import CourseError, UnreadableSubmission
from .jobs import job_for
from .reading import read_submitted, released_notebook
from .record import add_note, grade_id
from .restore import restore


@dataclass(frozen=True)
class Prepared:
    """A submission's notebooks by name with their jobs, or the reason to refuse it.

    What cannot be read is in neither: the converter says why.
    """

    notebooks: Mapping[str, NotebookNode] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    refusal: str = ""


@dataclass(frozen=True)
class SourceCell:
    """What the gradebook keeps of a released cell; `points` where it is graded."""

    cell_type: str
    source: str
    locked: bool
    checksum: str
    points: float | None


class Preparer:
    """Makes the jobs of an assignment's submissions; reads the released notebooks once."""

    def __init__(
        self, coursedir: CourseDirectory, config: Config, assignment: str, notebooks: list[str]
    ) -> None:
        self.coursedir = coursedir
        self.config = config
        self.assignment = assignment
        self.notebooks = notebooks

    @cached_property
    def released(self) -> dict[str, NotebookNode]:
        """The released notebooks by name, as students got them."""
        return {
            name: released_notebook(self.coursedir, self.assignment, name)
            for name in self.notebooks
        }

    @cached_property
    def sources(self) -> dict[str, dict[str, SourceCell]]:
        """The gradebook's cells of each notebook, hidden tests included, by grade id."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            return {name: source_cells(gradebook, name, self.assignment) for name in self.notebooks}

    @cached_property
    def kernels(self) -> dict[str, NotebookNode]:
        """The kernel of each notebook, as the gradebook keeps it."""
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            kept = {
                name: gradebook.find_notebook(name, self.assignment).kernelspec
                for name in self.notebooks
            }
        return {name: NotebookNode(json.loads(spec)) for name, spec in kept.items() if spec}

    def __call__(self, student: str) -> Prepared:
        """What there is to run for a student; CourseError where nothing can be run at all."""
        notebooks: dict[str, NotebookNode] = {}
        jobs: list[Job] = []
        try:
            for name in self.notebooks:
                ids = {"student": student, "assignment": self.assignment, "notebook": name}
                try:
                    notebooks[name] = self.sanitized(ids)
                except UnreadableSubmission:
                    continue
                jobs.append(job_for(self.coursedir, self.config, notebooks[name], ids))
        except CourseError:
            raise
        except Exception as problem:
            return Prepared(refusal=f"It stopped the grader: {type(problem).__name__}: {problem}.")
        return Prepared(notebooks, jobs)

    def sanitized(self, ids: dict[str, str]) -> NotebookNode:
        """A student's notebook with the released structure, kernel and locked cells.

        Raises UnreadableSubmission where there is nothing to read.
        """
        name = ids["notebook"]
        notebook, notes = restore(read_submitted(self.coursedir, ids), self.released[name])
        for note in notes:
            add_note(notebook, note)
        if name in self.kernels:
            notebook.metadata["kernelspec"] = copy.deepcopy(self.kernels[name])
        for cell in notebook.cells:
            if original := self.sources[name].get(grade_id(cell)):
                overwrite(cell, original)
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        return notebook


def source_cells(gradebook: Gradebook, notebook: str, assignment: str) -> dict[str, SourceCell]:
    """The cells of a notebook that the gradebook knows, by grade id."""
    found = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in found.grade_cells}
    return {
        cell.name: SourceCell(
            cell.cell_type, cell.source, cell.locked, cell.checksum, points.get(cell.name)
        )
        for cell in found.source_cells
    }


def overwrite(cell: NotebookNode, original: SourceCell) -> None:
    """Give a cell its released type, points and checksum, and a locked one its source."""
    if cell.cell_type != original.cell_type:
        cell.cell_type = original.cell_type
        for name in ("outputs", "execution_count"):
            cell.pop(name, None)
    role = cell.metadata.nbgrader
    role["locked"], role["checksum"] = original.locked, original.checksum
    if original.points is not None and float(role["points"]) != original.points:
        role["points"] = original.points
    if original.locked:
        cell.source = original.source
