"""Grids of numbers in cells, the part that the drawings of convolution and pooling share."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from strides.draw import svg

Array = NDArray[np.floating]
Cell = tuple[int, int]

LIT = {"fill": "#E69F00", "fill_opacity": 0.25, "stroke": "#D55E00"}
CHOSEN = {"fill": "#56B4E9", "fill_opacity": 0.25, "stroke": "#0072B2", "stroke_width": 3}
PADDING = "#EEEEEE"

# A pointer over a cell shows what that cell sees, and hides what the controls have chosen.
# It is done by the page's style alone, so it works in an exported page too.
HOVER = (
    ".strides-cell:hover .strides-seen{visibility:visible}"
    ".strides-cells:has(.strides-cell:hover) .strides-chosen{visibility:hidden}"
)


@dataclass(frozen=True)
class Grid:
    """Where the cells of a grid lie: the first one's corner, and the width of each."""

    rows: int
    columns: int
    left: float
    top: float
    cell: float

    def box(self, first: Cell, last: Cell, **attributes: object) -> str:
        """A frame around the cells from first to last, both included, each (row, column)."""
        x, y = self.left + first[1] * self.cell, self.top + first[0] * self.cell
        width = (last[1] - first[1] + 1) * self.cell
        height = (last[0] - first[0] + 1) * self.cell
        settings = {"fill": "none", "stroke": svg.INK, "stroke_width": 2.5}
        box = {"x": float(x), "y": float(y), "width": float(width), "height": float(height)}
        return svg.element("rect", **box, **(settings | attributes))

    def fill(self, cells: Iterable[Cell], colour: str) -> str:
        """Tint single cells."""
        return "".join(self.box(c, c, fill=colour, stroke="none") for c in cells)

    def lines(self) -> str:
        """The lines between the cells, as one path."""
        right = svg.number(self.columns * self.cell)
        down = svg.number(self.rows * self.cell)
        path = "".join(
            f"M{svg.number(self.left)} {svg.number(self.top + r * self.cell)}h{right}"
            for r in range(self.rows + 1)
        ) + "".join(
            f"M{svg.number(self.left + c * self.cell)} {svg.number(self.top)}v{down}"
            for c in range(self.columns + 1)
        )
        return svg.element("path", d=path, stroke="#999999", stroke_width=0.8, fill="none")

    def numbers(self, values: Array, *, least: float = 14.0) -> str:
        """The number of each cell, where the cells are wide enough to be read."""
        if self.cell < least:
            return ""
        shown = [[shorten(v) for v in row] for row in values]
        longest = max(2, *(len(s) for row in shown for s in row))
        size = min(0.5 * self.cell, 1.4 * self.cell / longest, 16.0)
        parts = [
            f'<text x="{svg.number(self.left + (c + 0.5) * self.cell)}" '
            f'y="{svg.number(self.top + (r + 0.5) * self.cell + 0.35 * size)}">{number}</text>'
            for r, row in enumerate(shown)
            for c, number in enumerate(row)
        ]
        settings = {"text_anchor": "middle", "fill": svg.INK, "font_size": float(size)}
        return svg.element("g", "".join(parts), **settings)


def shorten(value: float) -> str:
    """A number with at most two decimals, a true minus sign, and no trailing zeros."""
    return svg.number(round(float(value), 2) + 0.0).replace("-", "−")


def hoverable(seen: str, place: str) -> str:
    """A cell that, under the pointer, shows what it sees: `place` is where the pointer meets it."""
    hidden = svg.element("g", seen, class_="strides-seen", visibility="hidden")
    hidden = hidden.replace("<g ", '<g pointer-events="none" ', 1)
    return svg.element("g", place + hidden, class_="strides-cell")


def cells(hover: Iterable[str], chosen: str) -> str:
    """What the controls have chosen, and over it the cells that a pointer can choose instead."""
    style = svg.element("style", HOVER)
    kept = svg.element("g", chosen, class_="strides-chosen") if chosen else ""
    return svg.element("g", style + kept + "".join(hover), class_="strides-cells")
