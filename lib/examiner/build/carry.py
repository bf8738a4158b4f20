"""Carrying an edit made in JupyterLab to a generated notebook back to its source."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from examiner.build.notebook import NEW_CELL, cell_key, content_hash, make_notebook
from examiner.build.problems import BuildError, CarryBackError
from examiner.build.roles import collapse
from examiner.build.source import Source, read_source, split_cells
from examiner.build.trees import (
    ASSIGNMENTS,
    SOLUTIONS,
    made_by_builder,
    read_json,
    source_files,
    write_atomically,
)


def carry_back(notebook: Path, root: Path) -> bool:
    """Carry a generated lecture's or solution's edit back to its source; say if the source changed.

    Outputs are dropped, metadata become markers again, and every cell that was not edited keeps
    its text in the source byte for byte. Call `build` afterwards. Raises CarryBackError where the
    notebook has no source to go to, or its source has changed since the notebook was made.
    """
    name, file = _locate(notebook, root)
    edited = read_json(notebook)
    mark = made_by_builder(edited)
    if edited is None or mark is None:
        raise CarryBackError(f"{name}: is not a notebook that the builder made, or is damaged")
    text = (root / file).read_text(encoding="utf-8")
    graded = name.startswith(SOLUTIONS)
    old_source = read_source(text, file)
    old = make_notebook(old_source, graded)
    cells = [_plain_cell(cell, name) for cell in edited["cells"]]
    if content_hash({"cells": cells}) == content_hash(old):
        return False
    if content_hash(old) != mark["content"]:
        raise CarryBackError(
            f"{name}: {file} has changed since this notebook was made. Move your edit to the "
            "source by hand, then run `strides build --force` (it keeps the notebook in "
            "build/set_aside)"
        )
    result = _merge(old_source, old.cells, cells)
    _verify(result, file, graded, cells)
    write_atomically(root / file, result.encode())
    return True


def _locate(notebook: Path, root: Path) -> tuple[str, str]:
    """The notebook's path relative to the root, and its source's."""
    path = notebook.resolve()
    if not path.is_file():
        raise CarryBackError(f"{notebook}: there is no such file")
    if not path.is_relative_to(root.resolve()):
        raise CarryBackError(f"{notebook}: is not in the course at {root}")
    name = path.relative_to(root.resolve()).as_posix()
    if name.startswith(f"{ASSIGNMENTS}/"):
        raise CarryBackError(
            f"{name}: is the students' version, without solutions. Edit solutions/ instead, "
            "carry that back, and build"
        )
    for file, target in source_files(root).items():
        if target == name:
            return name, file
    raise CarryBackError(f"{name}: has no source; expected a notebook of lectures/ or solutions/")


def _plain_cell(cell: dict[str, Any], name: str) -> NotebookNode:
    """A cell with its markers for metadata and without outputs or a last empty line."""
    if cell.get("attachments"):
        raise CarryBackError(
            f"{name}: cell {cell.get('id')!r} holds a pasted picture, which a source cannot. "
            "Save it below lectures/figures and link it"
        )
    try:
        collapse(cell["metadata"])
    except ValueError as error:
        raise CarryBackError(f"{name}: {error}") from error
    content = cell["source"].strip("\n")
    return NEW_CELL[cell["cell_type"]](content, metadata=cell["metadata"])


def _merge(source: Source, old: list[NotebookNode], new: list[NotebookNode]) -> str:
    """The source's text with the changed cells rewritten and the others as they were."""
    rendered = _render(new)
    texts = list(rendered)
    matcher = difflib.SequenceMatcher(
        None, [cell_key(cell) for cell in old], [cell_key(cell) for cell in new], autojunk=False
    )
    for first_old, first_new, size in matcher.get_matching_blocks():
        for step in range(size):
            texts[first_new + step] = source.cells[first_old + step].text
    blank_line_needed = [
        text if text.endswith("\n\n") else f"{text.rstrip()}\n\n" for text in texts
    ]
    return source.header + "".join([*blank_line_needed[:-1], f"{texts[-1].rstrip()}\n"])


def _render(cells: list[NotebookNode]) -> list[str]:
    """Each cell as jupytext writes it, up to the next one."""
    marked = [
        NEW_CELL[cell.cell_type](cell.source, metadata=collapse(cell.metadata)) for cell in cells
    ]
    text = jupytext.writes(nbformat.from_dict(new_notebook(cells=marked)), fmt="py:percent")
    rendered = split_cells(text)[1]
    if len(rendered) != len(cells):
        raise CarryBackError("a line that begins with '# %%' stands inside a cell; indent it")
    return rendered


def _verify(text: str, file: str, graded: bool, cells: list[NotebookNode]) -> None:
    """Make sure that the new source says what the notebook said, before it is written."""
    try:
        rebuilt = make_notebook(read_source(text, file), graded)
    except BuildError as error:
        raise CarryBackError(
            f"the edit would break the source, which is as it was:\n{error}"
        ) from error
    if content_hash(rebuilt) != content_hash({"cells": cells}):
        raise CarryBackError(f"{file}: cannot hold this edit exactly; make it in the source")
