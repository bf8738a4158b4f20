"""Which released cell each cell of a submission is, however it was renamed or stripped.

By grade id, then by notebook cell id, then by content (a locked cell's text, a name that an
answer defines), then by place between neighbours that were recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from nbformat import NotebookNode
from nbgrader.utils import is_solution

from .record import grade_id

_DEFINES = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", flags=re.MULTILINE)
_ASSIGNS = re.compile(r"^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", flags=re.MULTILINE)


def match(
    cells: list[NotebookNode], originals: dict[str, NotebookNode], free: list[NotebookNode]
) -> tuple[dict[int, str], list[str]]:
    """The grade id of each recognised cell by its position, and what was noticed.

    `originals` are the released cells that have a role, by grade id and in order; `free` are
    the released cells without one.
    """
    matching = Matching(cells, originals, free)
    for step in (matching.by_cell_id, matching.by_text, matching.by_name, matching.by_place):
        step()
    return matching.owner, matching.notes


class Matching:
    """The cells recognised so far."""

    def __init__(
        self,
        cells: list[NotebookNode],
        originals: dict[str, NotebookNode],
        free: list[NotebookNode],
    ) -> None:
        self.cells = cells
        self.originals = originals
        self.owner = {
            index: grade_id(cell) for index, cell in enumerate(cells) if grade_id(cell) in originals
        }
        self.notes: list[str] = []
        self.free_ids = {cell.get("id") for cell in free}
        self.free_texts = {cell.source.strip() for cell in free}

    def _open_names(self) -> list[str]:
        found = set(self.owner.values())
        return [name for name in self.originals if name not in found]

    def _open_cells(self) -> list[int]:
        """The positions of cells that are neither recognised nor one that the course released."""
        return [
            index
            for index, cell in enumerate(self.cells)
            if index not in self.owner
            and cell.get("id") not in self.free_ids
            and cell.source.strip() not in self.free_texts
        ]

    def _recognise(self, index: int, name: str, how: str) -> None:
        self.owner[index] = name
        said = grade_id(self.cells[index])
        was = f"now called '{said}'" if said else "without its id"
        self.notes.append(
            f"Cell '{name}' was {was}; it was recognised{how} and graded as '{name}'."
        )

    def by_cell_id(self) -> None:
        """Cells that kept the notebook's own id."""
        names = {cell["id"]: name for name, cell in self.originals.items() if cell.get("id")}
        still_open = set(self._open_names())
        for index, cell in enumerate(self.cells):
            name = names.get(cell.get("id"), "")
            if index not in self.owner and name in still_open:
                self._recognise(index, name, "")
                still_open.discard(name)

    def by_text(self) -> None:
        """Cells that still hold the released text, where no two released cells hold the same."""
        texts = Counter(cell.source.strip() for cell in self.originals.values())
        self._by(
            lambda cell, original: (
                cell.source.strip() == original.source.strip()
                and texts[original.source.strip()] == 1
            ),
            " by its text",
            one=True,
        )

    def by_name(self) -> None:
        """Answers that define what the released cell asks for; of several, all are copies."""

        def defines(cell: NotebookNode, original: NotebookNode) -> bool:
            if not (is_solution(original) and original.cell_type == "code"):
                return False
            asked = _DEFINES.findall(original.source) or _ASSIGNS.findall(original.source)
            given = {*_DEFINES.findall(cell.source), *_ASSIGNS.findall(cell.source)}
            return not given.isdisjoint(asked)

        self._by(defines, " by what it defines", one=False)

    def _by(self, same: Callable[[NotebookNode, NotebookNode], bool], how: str, one: bool) -> None:
        for name in self._open_names():
            found = [i for i in self._open_cells() if same(self.cells[i], self.originals[name])]
            for index in found[:1] if one else found:
                self._recognise(index, name, how)

    def by_place(self) -> None:
        """Answers that stand alone between the same two cells as the released one."""
        names = list(self.originals)
        where = {name: index for index, name in self.owner.items()}
        for name in self._open_names():
            original = self.originals[name]
            if not is_solution(original):
                continue
            place = names.index(name)
            before = [where[other] for other in names[:place] if other in where]
            after = [where[other] for other in names[place + 1 :] if other in where]
            first, last = max(before, default=-1), min(after, default=len(self.cells))
            between = [index for index in self._open_cells() if first < index < last]
            alike = [i for i in between if self.cells[i].cell_type == original.cell_type]
            candidates = alike or between
            if len(candidates) == 1:
                self._recognise(candidates[0], name, " by its place")
                where[name] = candidates[0]
