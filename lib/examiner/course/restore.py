"""Build the notebook to grade from the released one and the answers of a submission.

Ids, kinds, points, roles and locked text are the released ones. The student's answers and own
cells keep their text and place; nothing else of what was handed in is kept, and what had to be
changed is noted for the student and the instructor.
"""

from __future__ import annotations

import copy

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution

from .matching import match
from .mend import make_cell
from .order import in_order
from .reading import released_notebook
from .record import KEY, add_note, grade_id, record_of, role_of


def restore(submitted: NotebookNode, released: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The released notebook with the submission's answers and own cells, and what was changed."""
    originals = {grade_id(cell): cell for cell in released.cells if _has_role(cell)}
    free = {cell.get("id", ""): cell for cell in released.cells if not _has_role(cell)}
    owner, notes = match(submitted.cells, originals, list(free.values()))
    keepers, dropped, more = _without_copies(submitted.cells, owner, originals)
    notes += more
    names = {index: name for name, index in keepers.items()}
    cells = []
    for index, cell in enumerate(submitted.cells):
        if name := names.get(index):
            notes += _differences(cell, originals[name])
            cells.append(_answered(cell, originals[name]))
        elif index not in dropped:
            cells.append(_own(cell, free))
    cells, missing = _with_missing(cells, originals)
    cells, moved = in_order(cells, list(originals.values()))
    notebook = copy.deepcopy(released)
    notebook.cells = _with_own_ids(cells)
    notebook.metadata.pop(KEY, None)
    if KEY in submitted.metadata:
        notebook.metadata[KEY] = copy.deepcopy(submitted.metadata[KEY])
    return notebook, notes + missing + moved + _kernel(submitted, released)


def _has_role(cell: NotebookNode) -> bool:
    return bool(grade_id(cell)) and (is_grade(cell) or is_solution(cell) or is_locked(cell))


def _answered(cell: NotebookNode, original: NotebookNode) -> NotebookNode:
    """The released cell, with what the student wrote where it is for them to write."""
    made = copy.deepcopy(original)
    if is_solution(original):
        made.source = cell.source
        if made.cell_type == "markdown" and "attachments" in cell:
            made["attachments"] = copy.deepcopy(cell["attachments"])
    return made


def _own(cell: NotebookNode, free: dict[str, NotebookNode]) -> NotebookNode:
    """A cell without a role: one of the student's, or a released one that is free to change."""
    made = make_cell(cell.cell_type, cell.source, cell.get("id", ""), {})
    if "attachments" in cell and cell.cell_type == "markdown":
        made["attachments"] = copy.deepcopy(cell["attachments"])
    original = free.get(cell.get("id", ""))
    if original is not None and original.cell_type == cell.cell_type:
        made.metadata = copy.deepcopy(original.metadata)
    return made


def _with_own_ids(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells, those without a role renamed where another cell has their id."""
    taken = {cell["id"] for cell in cells if grade_id(cell)}
    for index, cell in enumerate(cells):
        if grade_id(cell):
            continue
        number = index
        while not cell["id"] or cell["id"] in taken:
            cell["id"] = f"own-{number}"
            number += len(cells)
        taken.add(cell["id"])
    return cells


def _without_copies(
    cells: list[NotebookNode], owner: dict[int, str], originals: dict[str, NotebookNode]
) -> tuple[dict[str, int], set[int], list[str]]:
    """The position to grade for each released cell, the positions to drop, and notes.

    Of a copied answer the last edited one counts; earlier edited ones still run as plain
    cells, untouched copies and copies of locked cells do not.
    """
    keepers: dict[str, int] = {}
    dropped: set[int] = set()
    notes = []
    for name, original in originals.items():
        positions = [index for index, owned in owner.items() if owned == name]
        edited = [
            index
            for index in positions
            if is_solution(original) and cells[index].source != original.source
        ]
        if not positions:
            continue
        keepers[name] = max(edited or positions)
        if len(positions) > 1:
            dropped.update(set(positions) - {keepers[name]} - set(edited))
            which = "the last edited one" if is_solution(original) else "one"
            notes.append(f"Cell '{name}' was there {len(positions)} times; {which} was graded.")
    return keepers, dropped, notes


def _differences(cell: NotebookNode, original: NotebookNode) -> list[str]:
    """What was changed in a cell that students do not change."""
    name, role = grade_id(original), role_of(cell)
    notes = []
    points = original.metadata["nbgrader"].get("points")
    if is_grade(original) and role.get("points", points) != points:
        notes.append(f"Cell '{name}' had its points changed; it was graded with {points:g}.")
    if is_locked(original) and cell.source.strip() != original.source.strip():
        notes.append(f"Cell '{name}' is locked but was edited; the original was run.")
    if cell.cell_type != original.cell_type:
        notes.append(f"Cell '{name}' had become a {cell.cell_type} cell; it was turned back.")
    return notes


def _with_missing(
    cells: list[NotebookNode], originals: dict[str, NotebookNode]
) -> tuple[list[NotebookNode], list[str]]:
    """The cells, with each missing one put before the released cell that comes after it."""
    cells, notes = list(cells), []
    names = list(originals)
    for position, name in reversed(list(enumerate(names))):
        present = {grade_id(cell): index for index, cell in enumerate(cells)}
        if name in present:
            continue
        original = originals[name]
        is_answer = original.cell_type == "code" and is_solution(original)
        if is_answer:
            notes.append(
                f"Cell '{name}' is missing; its tests ran on what the notebook defines elsewhere."
            )
            if not is_grade(original):
                continue
        after = [present[later] for later in names[position + 1 :] if later in present]
        restored = copy.deepcopy(original)
        if is_answer:
            restored.source = "# This cell was missing."
        else:
            notes.append(f"Cell '{name}' was missing; it was put back.")
        cells.insert(min(after, default=len(cells)), restored)
    return cells, notes[::-1]


def _kernel(notebook: NotebookNode, released: NotebookNode) -> list[str]:
    spec = notebook.metadata.get("kernelspec")
    used = spec.get("name") if isinstance(spec, dict) else None
    wanted = released.metadata.get("kernelspec", {}).get("name", "python3")
    if used in (wanted, None):
        return []
    return [f"The notebook was saved with the kernel '{used}'; it was graded with '{wanted}'."]


class RestoreCells(NbGraderPreprocessor):
    """Restores a submission before nbgrader overwrites its locked cells from the gradebook."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        ids = resources["nbgrader"]
        if record_of(nb).get("refused"):
            return nb, resources
        coursedir = self.parent.converter.coursedir
        released = released_notebook(coursedir, ids["assignment"], ids["notebook"])
        nb, notes = restore(nb, released)
        for note in notes:
            self.log.warning("%s: %s", ids["student"], note)
            add_note(nb, note)
        return nb, resources
