"""Pooling: an image, its windows, and the number that each window hands on."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.draw import svg
from strides.draw.grid import CHOSEN, LIT, Cell, Grid, cells, hoverable, shorten
from strides.draw.picture import Picture

LEFT, TOP, WIDEST, CELL = 10.0, 32.0, 220.0, 55.0
SECOND = 258.0  # where the output begins
HEIGHT = TOP + WIDEST + 78

Array = NDArray[np.floating]


def pooling(
    x: ArrayLike,
    *,
    window: int = 2,
    stride: int = 2,
    kind: str = "max",
    row: int = 0,
    column: int = 0,
    caption: str = "",
) -> Picture:
    """Draw max or average pooling of one channel; in max pooling each window's winner has a ring.

    x (H, W); row and column choose the output cell, counted from 0, and a pointer over another cell
    shows that one instead. Of equal numbers the first in reading order has the ring.
    Raises ValueError for another kind, a window that is larger than x, a cell outside the output.
    """
    image = np.asarray(x, dtype=float)
    if kind not in ("max", "average"):
        raise ValueError(f"kind: expected 'max' or 'average'; received {kind!r}")
    if image.ndim != 2 or window > min(image.shape):
        raise ValueError(f"window: expected at most the sides of {image.shape}; received {window}")
    windows = np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride]
    out = windows.max(axis=(2, 3)) if kind == "max" else windows.mean(axis=(2, 3))
    if not (0 <= row < out.shape[0] and 0 <= column < out.shape[1]):
        raise ValueError(f"row, column: expected a cell of {out.shape}; received {row}, {column}")

    seen = _grid(image)
    made = Grid(out.shape[0], out.shape[1], SECOND, TOP, seen.cell)
    shown = {
        cell: _one_cell(cell, windows[cell], out[cell], stride, kind, seen, made)
        for cell in np.ndindex(*out.shape)
    }
    places = (hoverable(shown[c], made.box(c, c, fill="#FFFFFF00", stroke="none")) for c in shown)
    winners = {c: _winner(c, windows[c], stride) for c in shown} if kind == "max" else {}
    height, width = image.shape
    drawn = svg.text(LEFT, 20, f"input {height} × {width}", text_anchor="start")
    size = f"output {out.shape[0]} × {out.shape[1]}"
    drawn += svg.text(SECOND, 20, size, text_anchor="start")
    drawn += seen.lines() + seen.numbers(image) + made.lines() + made.numbers(out)
    drawn += "".join(_ring(seen, place) for place in sorted(set(winners.values())))
    drawn += cells(places, shown[row, column])
    alt = _words(image, out, window, stride, kind, winners)
    alt += f" Chosen: {_sentence((row, column), windows[row, column], out[row, column], kind)}"
    return Picture(svg.canvas(drawn, HEIGHT, alt), alt, caption)


def _grid(image: Array) -> Grid:
    rows, columns = image.shape
    return Grid(rows, columns, LEFT, TOP, min(WIDEST / max(image.shape), CELL))


def _winner(cell: Cell, patch: Array, stride: int) -> Cell:
    """Where in the image the largest number of a window stands."""
    inside = np.unravel_index(patch.argmax(), patch.shape)
    return int(cell[0] * stride + inside[0]), int(cell[1] * stride + inside[1])


def _ring(grid: Grid, place: Cell) -> str:
    x = grid.left + (place[1] + 0.5) * grid.cell
    y = grid.top + (place[0] + 0.5) * grid.cell
    ring = {"fill": "none", "stroke": "#009E73", "stroke_width": 3}
    return svg.element("circle", cx=x, cy=y, r=0.4 * grid.cell, **ring)


def _one_cell(
    cell: Cell, patch: Array, value: float, stride: int, kind: str, seen: Grid, made: Grid
) -> str:
    """What belongs to one output cell: itself, its window, and the sum in words."""
    first = (cell[0] * stride, cell[1] * stride)
    last = (first[0] + len(patch) - 1, first[1] + len(patch) - 1)
    drawn = seen.box(first, last, **LIT) + made.box(cell, cell, **CHOSEN)
    settings = {"text_anchor": "start", "font_size": 13}
    title, rest = _sentence(cell, patch, value, kind).split(": ", 1)
    below = TOP + WIDEST + 30
    lines = svg.text(LEFT, below, title + ":", **settings)
    return drawn + lines + svg.text(LEFT, below + 22, rest, **settings)


def _sentence(cell: Cell, patch: Array, value: float, kind: str) -> str:
    numbers = [shorten(v) for v in patch.ravel().tolist()]
    place = f"row {cell[0] + 1}, column {cell[1] + 1} of the output"
    if kind == "max":
        return f"{place}: the largest of {', '.join(numbers)} is {shorten(value)}."
    added = f"({' + '.join(numbers)}) / {len(numbers)}"
    return f"{place}: {added} = {shorten(value)}."


def _words(
    image: Array, out: Array, window: int, stride: int, kind: str, winners: dict[Cell, Cell]
) -> str:
    rows = "; ".join(" ".join(shorten(v) for v in line) for line in out.tolist())
    words = f"{kind.capitalize()} pooling of {image.shape[0]} by {image.shape[1]} numbers, "
    words += f"window {window} by {window}, stride {stride}. Output, row by row: {rows}."
    if winners:
        places = ", ".join(f"({r + 1}, {c + 1})" for r, c in sorted(set(winners.values())))
        words += f" The winners stand at (row, column) {places}."
    return words
