"""Put cells back where they can run: tests behind the answers they test, set-up before them."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from .record import grade_id


def in_order(
    cells: list[NotebookNode], originals: list[NotebookNode]
) -> tuple[list[NotebookNode], list[str]]:
    """The cells with as few moved as can be, and a sentence for each that was.

    A student's own order of answers and own cells stays: it ran for them. `originals` are the
    released cells that have a role, in order.
    """
    cells, notes = list(cells), []
    code = [original for original in originals if original.cell_type == "code"]
    for place, original in reversed(list(enumerate(code))):
        name = grade_id(original)
        if is_locked(original) and not is_grade(original):
            places = _places(cells, code[place + 1 :])
            here = _places(cells, [original])[0]
            if places and here > min(places):
                cells.insert(min(places), cells.pop(here))
                notes.append(
                    f"Cell '{name}' stood behind cells that need it; it was put back before them."
                )
    for place, original in enumerate(code):
        name = grade_id(original)
        if is_locked(original) and is_grade(original):
            answers = _places(cells, [other for other in code[:place] if is_solution(other)])
            here = _places(cells, [original])[0]
            if answers and here < max(answers):
                cells.insert(max(_places(cells, code[:place])), cells.pop(here))
                notes.append(
                    f"Cell '{name}' stood before an answer that it may need; it was put behind it."
                )
    return cells, notes


def _places(cells: list[NotebookNode], originals: list[NotebookNode]) -> list[int]:
    """Where the cells of some released ones stand."""
    names = {grade_id(original) for original in originals}
    return [index for index, cell in enumerate(cells) if grade_id(cell) in names]
