"""The mark of a test cell: the points of the score that it showed, or zero with a reason.

nbgrader alone gives full points to a test cell without output, and none to one that wrote
a warning to stderr. Here only the score counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import determine_grade

from .record import KEY, grade_id, is_test, number, record_of, rows_of, score_data
from .scrub import clean_text


@dataclass(frozen=True)
class Mark:
    """The points of one test cell, what else there is to say, whether a person must look."""

    points: float
    reason: str = ""
    look: bool = False


def mark_of(cell: NotebookNode, before: Sequence[NotebookNode] = ()) -> Mark:
    """The mark of a test cell that has been run; 0 and a reason where it shows no score.

    `before` are the notebook's cells before it: one of them may be why it showed none.
    """
    name = grade_id(cell)
    if why := record_of(cell).get("stopped"):
        return Mark(0.0, f"Cell '{name}' {_stopped(cell, why)}.")
    score = score_data(cell)
    if score is None:
        missing = _missing_name(cell)
        reason = _stopped_definition(missing, before) if missing else ""
        reason = reason or f"Cell '{name}' showed no score: {_why(cell)}."
        return Mark(0.0, reason, look=not missing)
    earned, possible = number(score.get("earned")), number(score.get("possible"))
    worth = float(cell.metadata["nbgrader"]["points"])
    if not 0 <= earned <= possible:
        reason = f"Cell '{name}' showed a score that is none: {earned} of {possible}."
        return Mark(0.0, reason, look=True)
    if abs(possible - worth) > 1e-6:
        reason = f"Cell '{name}' is worth {worth:g} points, its checks {possible:g}."
        return Mark(min(earned, worth), reason, look=True)
    late = any(row.get("status") == "timeout" for row in rows_of(cell))
    reason = f"{name.removeprefix('test_')} ran out of time." if late else ""
    return Mark(min(earned, worth), reason)


def _stopped(cell: NotebookNode, why: str) -> str:
    if why == "timed out":
        return f"was stopped after {record_of(cell).get('limit', 0):g} s"
    return "ended Python (its kernel died)"


def stopped_cells(notebook: NotebookNode) -> list[str]:
    """A sentence for each cell of a graded notebook that had to be stopped."""
    return [
        f"{_called(cell, index)} {_stopped(cell, why)}."
        for index, cell in enumerate(notebook.cells)
        if (why := cell.metadata.get(KEY, {}).get("stopped"))
    ]


def _errors(cell: NotebookNode) -> list[NotebookNode]:
    return [output for output in cell.outputs if output.output_type == "error"]


def _missing_name(cell: NotebookNode) -> str:
    """The name that the answer left undefined, where the missing score is the answer's doing.

    A test catches what an answer raises, so any other error may be a fault of the course.
    """
    if [error.ename for error in _errors(cell)] != ["NameError"]:
        return ""
    evalue = _errors(cell)[0].evalue
    return next((word for word in re.findall(r"\w+", cell.source) if f"'{word}'" in evalue), "")


def _stopped_definition(name: str, cells: Sequence[NotebookNode]) -> str:
    """Why the last cell that was to define a name did not, or an empty string."""
    defines = re.compile(rf"^\s*(?:(?:def|class)\s+{name}\b|{name}\s*=)", flags=re.MULTILINE)
    for index, cell in reversed(list(enumerate(cells))):
        if cell.cell_type != "code" or not (grade_id(cell) == name or defines.search(cell.source)):
            continue
        if why := cell.metadata.get(KEY, {}).get("stopped"):
            return f"{_called(cell, index)} {_stopped(cell, why)}."
        return f"{_called(cell, index)} stopped with {_why(cell)}." if _errors(cell) else ""
    return ""


def _called(cell: NotebookNode, index: int) -> str:
    return f"Cell '{grade_id(cell) or f'number {index + 1}'}'"


def _why(cell: NotebookNode) -> str:
    if errors := _errors(cell):
        return clean_text(f"{errors[-1].ename}: {errors[-1].evalue}").splitlines()[0][:200]
    return "its last value is another one" if cell.outputs else "it did not run to its end"


class SaveScores(SaveAutoGrades):
    """nbgrader's SaveAutoGrades with marks taken from scores as data."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        self.refused = bool(record_of(nb).get("refused"))
        self.cells = nb.cells
        nb, resources = super().preprocess(nb, resources)
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        self.before = self.cells[:index]
        cell, resources = super().preprocess_cell(cell, resources, index)
        return cell, resources

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        grade = self.gradebook.find_grade(
            grade_id(cell), self.notebook_id, self.assignment_id, self.student_id
        )
        if self.refused:
            grade.auto_score = 0.0
        elif is_test(cell):
            mark = mark_of(cell, self.before)
            if mark.reason:
                record_of(cell)["reason"] = mark.reason
            if mark.look:
                record_of(cell)["look"] = True
            grade.auto_score = mark.points
        else:
            grade.auto_score = determine_grade(cell, self.log)[0]
        by_hand = grade.manual_score is not None or grade.auto_score is None
        grade.needs_manual_grade = by_hand or self.refused or "look" in record_of(cell)
        self.gradebook.db.commit()
