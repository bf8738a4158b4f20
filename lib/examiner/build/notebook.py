"""From a source to a notebook: metadata, cell ids, stable bytes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from examiner.build.problems import BuildError, Problem
from examiner.build.regions import INSTRUCTORS_ONLY, region_problems
from examiner.build.roles import expand, grade_id, grading_of, marker_problems, role_of
from examiner.build.source import Source, SourceCell

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


def make_notebook(source: Source, graded: bool) -> NotebookNode:
    """The notebook of a source, without outputs; ``graded`` for assignments, not for lectures.

    Raises BuildError with every problem of the source's markers and regions.
    """
    problems = [*_cell_problems(source, graded), *_duplicate_problems(source)]
    if problems:
        raise BuildError(problems)
    ids = _cell_ids(source)
    cells = [
        NEW_CELL[cell.kind](cell.content, id=cell_id, metadata=expand(cell.markers))
        for cell, cell_id in zip(source.cells, ids, strict=True)
    ]
    notebook = new_notebook(cells=cells, metadata=json.loads(json.dumps(KERNEL)))
    stamp(notebook, source.file)
    nbformat.validate(notebook)
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as it stands in the tree: JSON with sorted keys, one final newline."""
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def cell_key(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    """What makes two cells the same to an author: kind, content, role and tags."""
    metadata = cell["metadata"]
    role = json.dumps([grading_of(metadata), metadata.get("tags") or []], sort_keys=True)
    return cell["cell_type"], cell["source"].strip("\n"), role


def content_hash(notebook: Mapping[str, Any]) -> str:
    """A hash of what a person may edit: the cells' kinds, contents, roles and tags; no outputs."""
    keys = [cell_key(cell) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(keys).encode()).hexdigest()[:16]


def stamp(notebook: NotebookNode, file: str) -> None:
    """Write into a notebook which source it was made from, and the hash of its content."""
    notebook.metadata["strides"] = {"source": file, "content": content_hash(notebook)}


def _cell_problems(source: Source, graded: bool) -> list[Problem]:
    problems = []
    for cell in source.cells:
        messages = [(0, message) for message in marker_problems(cell.markers, cell.kind)]
        if not messages:
            messages = list(region_problems(cell.content, cell.markers, cell.kind))
        if not graded:
            messages += _lecture_problems(cell)
        problems += [Problem(source.file, cell.line + line, text) for line, text in messages]
    return problems


def _lecture_problems(cell: SourceCell) -> list[tuple[int, str]]:
    if role_of(cell.markers):
        return [(0, f"a lecture has no graded or locked cells; {role_of(cell.markers)}= is one")]
    if cell.kind == "code" and INSTRUCTORS_ONLY.search(cell.content):
        return [(0, "a lecture uses the examiner, which students do not have")]
    return []


def _duplicate_problems(source: Source) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for cell in source.cells:
        name = (
            grade_id(cell.markers) if not list(marker_problems(cell.markers, cell.kind)) else None
        )
        if name in first:
            message = f"the id {name!r} is taken by the cell at line {first[name]}"
            problems.append(Problem(source.file, cell.line, message))
        elif name is not None:
            first[name] = cell.line
    return problems


def _cell_ids(source: Source) -> list[str]:
    """A role's name where there is one, so that an edit keeps it; else a hash of the content."""
    seen: Counter[str] = Counter()
    ids = []
    for cell in source.cells:
        base = grade_id(cell.markers)
        if base is None:
            base = hashlib.sha256(f"{cell.kind}\n{cell.content}".encode()).hexdigest()[:12]
        base = base[:60]
        seen[base] += 1
        ids.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return ids
