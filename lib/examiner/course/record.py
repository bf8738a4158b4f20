"""What grading writes down in a graded notebook, beside nbgrader's own metadata.

The record of a notebook and of a cell is `metadata["strides_grading"]`; a test cell's holds the
verdict, `strides.check.Score` as data. What a student hands in has no records.
"""

from __future__ import annotations

import math
from typing import Any

from nbformat import NotebookNode

from strides.check.score import MIME

KEY = "strides_grading"


def record_of(node: NotebookNode) -> dict[str, Any]:
    """The record of a notebook or of a cell: a dictionary that may be written to."""
    record: dict[str, Any] = node.metadata.setdefault(KEY, NotebookNode())
    return record


def add_note(notebook: NotebookNode, note: str) -> None:
    """Keep a sentence that the student and the instructor shall read."""
    record_of(notebook).setdefault("notes", []).append(note)


def role_of(cell: NotebookNode) -> dict[str, Any]:
    """The cell's nbgrader metadata; empty where it has none, or something else in its place."""
    role = cell.metadata.get("nbgrader")
    return role if isinstance(role, dict) else {}


def grade_id(cell: NotebookNode) -> str:
    """The cell's nbgrader id, or an empty string."""
    name = role_of(cell).get("grade_id", "")
    return name if isinstance(name, str) else ""


def is_test(cell: NotebookNode) -> bool:
    """Whether nbgrader takes the cell's mark from what it shows."""
    role = role_of(cell)
    return cell.cell_type == "code" and bool(role.get("grade")) and not role.get("solution")


def score_data(cell: NotebookNode) -> dict[str, Any] | None:
    """The verdict on a test cell, as plain data, or None; what the cell shows does not count."""
    data = cell.metadata.get(KEY, {}).get("score")
    return data if isinstance(data, dict) else None


def keep_shown_score(cell: NotebookNode) -> None:
    """Take as verdict what a test cell shows, where it ran beside the student's code."""
    for output in reversed(cell.get("outputs", [])):
        if output.output_type == "execute_result" and MIME in output.data:
            record_of(cell)["score"] = output.data[MIME]
            return


def rows_of(cell: NotebookNode) -> list[dict[str, Any]]:
    """The rows of the verdict on a test cell; what is no row is left out."""
    rows = (score_data(cell) or {}).get("rows", [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def number(value: object) -> float:
    """A value as a number; NaN where it is no finite number (a bool is none)."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return math.nan
