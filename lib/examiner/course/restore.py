"""Put a submitted notebook's structure back to what was released, keeping every answer.

Cells are matched by grade id, then by notebook cell id. The student's answers stay as they
are; ids, points and roles come from the released notebook; what was deleted and carries
points or is locked comes back; each change is noted for the student and the instructor.
"""

from __future__ import annotations

import copy

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution

from .reading import released_notebook
from .record import add_note, grade_id, record_of, role_of


def restore(submitted: NotebookNode, released: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """A copy of the submission with the released structure, and what was changed."""
    notebook = copy.deepcopy(submitted)
    originals = {grade_id(cell): cell for cell in released.cells if _has_role(cell)}
    owner, notes = _match(notebook, originals)
    keepers, dropped, more = _without_copies(notebook, owner, originals)
    notes += more
    for index, cell in enumerate(notebook.cells):
        name = next((name for name, kept in keepers.items() if kept == index), "")
        if name:
            notes += _differences(cell, originals[name])
            cell.metadata["nbgrader"] = copy.deepcopy(originals[name].metadata["nbgrader"])
        else:
            cell.metadata.pop("nbgrader", None)
    kept = [cell for index, cell in enumerate(notebook.cells) if index not in dropped]
    notebook.cells, more = _with_missing(kept, originals)
    return notebook, notes + more + _kernel(notebook, released)


def _has_role(cell: NotebookNode) -> bool:
    return bool(grade_id(cell)) and (is_grade(cell) or is_solution(cell) or is_locked(cell))


def _match(
    notebook: NotebookNode, originals: dict[str, NotebookNode]
) -> tuple[dict[int, str], list[str]]:
    """Which released cell each submitted cell is, by position in the submission."""
    owner = {
        index: grade_id(cell)
        for index, cell in enumerate(notebook.cells)
        if grade_id(cell) in originals
    }
    by_cell_id = {cell.get("id"): name for name, cell in originals.items() if cell.get("id")}
    notes = []
    for index, cell in enumerate(notebook.cells):
        name = by_cell_id.get(cell.get("id"), "")
        if index not in owner and name and name not in owner.values():
            owner[index] = name
            was = f"now called '{grade_id(cell)}'" if grade_id(cell) else "without its id"
            notes.append(f"Cell '{name}' was {was}; it was recognised and graded as '{name}'.")
    return owner, notes


def _without_copies(
    notebook: NotebookNode, owner: dict[int, str], originals: dict[str, NotebookNode]
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
            if is_solution(original) and notebook.cells[index].source != original.source
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
        if originals[name].cell_type == "code" and is_solution(originals[name]):
            notes.append(
                f"Cell '{name}' is missing; its tests ran on what the notebook defines elsewhere."
            )
            continue
        after = [present[later] for later in names[position + 1 :] if later in present]
        cells.insert(min(after, default=len(cells)), copy.deepcopy(originals[name]))
        notes.append(f"Cell '{name}' was missing; it was put back.")
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
