"""Convolution arithmetic: padded input, filter and output, and one dot product in full."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.draw import svg
from strides.draw.grid import (
    CHOSEN,
    LIT,
    PADDING,
    Cell,
    Grid,
    cells,
    hoverable,
    shorten,
)
from strides.draw.picture import Picture

LEFT, TOP, GAP = 10.0, 32.0, 18.0
INPUT, OUTPUT, FILTER = 258.0, 184.0, 112.0  # widest that each part may be
SECOND_ROW = TOP + INPUT + 34
HEIGHT = SECOND_ROW + FILTER + 86
ROW = 22.0


@dataclass(frozen=True)
class Sizes:
    """One side of a convolution: n numbers, a window, and how it slides."""

    n: int
    window: int
    stride: int
    pad: int
    dilation: int

    @property
    def padded(self) -> int:
        """Input with its padding."""
        return self.n + 2 * self.pad

    @property
    def reach(self) -> int:
        """Numbers from the first to the last that the filter touches."""
        return self.dilation * (self.window - 1) + 1

    @property
    def exact(self) -> float:
        """Positions before rounding; 0 or less where the filter is larger than the input."""
        return (self.padded - self.reach) / self.stride + 1

    @property
    def positions(self) -> int:
        """Positions that there are."""
        return int(self.exact) if self.padded >= self.reach else 0

    @property
    def unseen(self) -> int:
        """Numbers at the end that the filter never reaches."""
        return (self.padded - self.reach) % self.stride if self.positions else self.padded

    def formula(self) -> str:
        """(N + 2P - F)/S + 1 with its numbers in place; dilation puts D(F - 1) + 1 for F."""
        spread = f"{self.dilation}·({self.window} − 1) + 1 = {self.reach}"
        before = "" if self.dilation == 1 else f"F reaches over {spread};  "
        division = f"({self.n} + 2·{self.pad} − {self.reach})/{self.stride} + 1"
        return f"{before}{division} = {shorten(self.exact)}"

    def words(self) -> str:
        """Whether the filter fits, in a sentence or two."""
        if not self.positions:
            return (
                f"Does not fit: the filter needs {self.reach}, the padded input has {self.padded}."
            )
        if not self.unseen:
            return f"It fits: the output is {self.positions} × {self.positions}."
        lines = "row and column" if self.unseen == 1 else f"{self.unseen} rows and columns"
        return (
            f"Does not fit: {self.positions} × {self.positions} positions, the last {lines} unseen."
        )


def arithmetic(
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: int = 1,
    pad: int = 0,
    dilation: int = 1,
    row: int = 0,
    column: int = 0,
    caption: str = "",
) -> Picture:
    """Draw how the filter w slides over the image x, and the dot product at one output cell.

    x (N, N) and w (F, F); row and column choose the output cell, counted from 0, and a pointer over
    another cell shows that one instead. A filter that does not fit is drawn and said in words.
    Raises ValueError for arrays that are not square and for a cell outside the output.
    """
    image, kernel = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    for name, array in (("x", image), ("w", kernel)):
        if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
            raise ValueError(f"{name}: expected a square of numbers; received {array.shape}")
    sizes = Sizes(len(image), len(kernel), stride, pad, dilation)
    if sizes.positions and not (min(row, column) >= 0 and max(row, column) < sizes.positions):
        raise ValueError(
            f"row, column: expected numbers from 0 to {sizes.positions - 1}; "
            f"received {row}, {column}"
        )
    padded = np.pad(image, pad)
    whole, out = _grids(sizes)
    drawn = _input(whole, padded, sizes) + _filter(kernel) + _sentences(sizes)
    alt = _words(sizes)
    if out:
        result = _slide(padded, kernel, sizes)
        drawn += svg.text(out.left, 20, f"output {out.rows} × {out.rows}", text_anchor="start")
        drawn += out.lines() + out.numbers(result)
        cell = (row, column)
        shown = {c: _one_cell(c, padded, kernel, result, sizes, whole, out) for c in _cells(out)}
        places = (
            hoverable(shown[c], out.box(c, c, fill="#FFFFFF00", stroke="none")) for c in shown
        )
        drawn += cells(places, shown[cell])
        patch = _patch(padded, sizes, cell)
        terms = _terms(patch, kernel)
        alt += (
            f" Output cell in row {row + 1}, column {column + 1}: {' + '.join(terms)} = "
            f"{shorten(result[cell])}."
        )
    return Picture(svg.canvas(drawn, HEIGHT, alt), alt, caption)


def _grids(sizes: Sizes) -> tuple[Grid, Grid | None]:
    """The padded input at the left, the output at the right; None where there is no output."""
    whole = Grid(sizes.padded, sizes.padded, LEFT, TOP, min(INPUT / sizes.padded, 32.0))
    if not sizes.positions:
        return whole, None
    cell = min(OUTPUT / sizes.positions, 32.0)
    return whole, Grid(sizes.positions, sizes.positions, LEFT + INPUT + GAP, TOP, cell)


def _cells(grid: Grid) -> Iterator[Cell]:
    return ((r, c) for r in range(grid.rows) for c in range(grid.columns))


def _slide(padded: NDArray[np.floating], w: NDArray[np.floating], sizes: Sizes) -> NDArray:
    """Every dot product of the filter with what it sees."""
    windows = np.lib.stride_tricks.sliding_window_view(padded, (sizes.reach, sizes.reach))
    taken = windows[:: sizes.stride, :: sizes.stride, :: sizes.dilation, :: sizes.dilation]
    return np.einsum("rcij,ij->rc", taken, w)


def _seen(sizes: Sizes, cell: Cell) -> tuple[list[int], list[int]]:
    """Rows and columns of the padded input that the filter touches for an output cell."""
    steps = range(0, sizes.reach, sizes.dilation)
    rows, columns = ([sizes.stride * side + step for step in steps] for side in cell)
    return rows, columns


def _patch(padded: NDArray[np.floating], sizes: Sizes, cell: Cell) -> NDArray[np.floating]:
    return padded[np.ix_(*_seen(sizes, cell))]


def _terms(patch: NDArray[np.floating], w: NDArray[np.floating]) -> list[str]:
    """The products, such as 2·−1, in reading order."""
    pairs = zip(patch.ravel().tolist(), w.ravel().tolist(), strict=True)
    return [f"{shorten(a)}·{shorten(b)}" for a, b in pairs]


def _input(whole: Grid, padded: NDArray[np.floating], sizes: Sizes) -> str:
    """The padded input: padding in grey with a dashed border, what is never seen crossed out."""
    inside = range(sizes.pad, sizes.pad + sizes.n)
    border = [c for c in _cells(whole) if c[0] not in inside or c[1] not in inside]
    lost = range(sizes.padded - sizes.unseen, sizes.padded) if sizes.positions else range(0)
    title = f"input {sizes.n} × {sizes.n}" + (f", padding {sizes.pad}" if sizes.pad else "")
    parts = [svg.text(LEFT, 20, title, text_anchor="start"), whole.fill(border, PADDING)]
    parts += [whole.lines(), whole.numbers(padded)]
    if sizes.pad:
        parts.append(whole.box((inside[0],) * 2, (inside[-1],) * 2, stroke_dasharray="5 3"))
    crosses = "".join(_cross(whole, c) for c in _cells(whole) if c[0] in lost or c[1] in lost)
    if crosses:
        parts.append(svg.element("path", d=crosses, stroke=svg.GREY, stroke_width=1.5))
    return "".join(parts)


def _cross(grid: Grid, cell: Cell) -> str:
    x, y = grid.left + cell[1] * grid.cell, grid.top + cell[0] * grid.cell
    side = svg.number(grid.cell)
    return f"M{svg.number(x)} {svg.number(y)}l{side} {side}m0 -{side}l-{side} {side}"


def _filter(w: NDArray[np.floating]) -> str:
    grid = Grid(len(w), len(w), LEFT, SECOND_ROW, min(FILTER / len(w), 30.0))
    title = svg.text(LEFT, SECOND_ROW - 10, f"filter {len(w)} × {len(w)}", text_anchor="start")
    frame = grid.box((0, 0), (len(w) - 1,) * 2, stroke=LIT["stroke"])
    return title + grid.lines() + grid.numbers(w) + frame


def _one_cell(
    cell: Cell,
    padded: NDArray[np.floating],
    w: NDArray[np.floating],
    result: NDArray[np.floating],
    sizes: Sizes,
    whole: Grid,
    out: Grid,
) -> str:
    """What belongs to one output cell: itself, its receptive field, and its dot product."""
    rows, columns = _seen(sizes, cell)
    if sizes.dilation == 1:
        lit = whole.box((rows[0], columns[0]), (rows[-1], columns[-1]), **LIT)
    else:
        lit = "".join(whole.box((r, c), (r, c), **LIT) for r in rows for c in columns)
    lit += out.box(cell, cell, **CHOSEN)
    terms = _terms(padded[np.ix_(rows, columns)], w)
    return lit + _dot_product(cell, terms, len(w), shorten(result[cell]))


def _dot_product(cell: Cell, terms: list[str], width: int, total: str) -> str:
    """The products, a row of the filter a line, and what they add up to."""
    x = svg.number(LEFT + FILTER + 22)
    title = f"row {cell[0] + 1}, column {cell[1] + 1} of the output:"
    lines = [title, *(" + ".join(terms[k : k + width]) for k in range(0, len(terms), width))]
    lines = [lines[0], lines[1], *("+ " + line for line in lines[2:])]
    lines[-1] += f" = {total}"
    spans = "".join(
        f'<tspan x="{x}" y="{svg.number(SECOND_ROW - 10 + 20 * k)}">{line}</tspan>'
        for k, line in enumerate(lines)
    )
    return f'<text fill="{svg.INK}" font-size="13">{spans}</text>'


def _sentences(sizes: Sizes) -> str:
    y = SECOND_ROW + FILTER + 26
    general = "(N + 2P − F)/S + 1" if sizes.dilation == 1 else "(N + 2P − D(F − 1) − 1)/S + 1"
    start = {"text_anchor": "start", "font_size": 13}
    weight = "normal" if sizes.positions and not sizes.unseen else "bold"
    return (
        svg.text(LEFT, y, f"size = {general}", **start)
        + svg.text(LEFT, y + ROW, sizes.formula(), **start)
        + svg.text(LEFT, y + 2 * ROW, sizes.words(), **start, font_weight=weight)
    )


def _words(sizes: Sizes) -> str:
    about = f"Convolution of an input of {sizes.n} by {sizes.n} with a filter of {sizes.window} by "
    about += f"{sizes.window}: stride {sizes.stride}, padding {sizes.pad}, "
    about += f"dilation {sizes.dilation}. {sizes.formula()}. {sizes.words()}"
    return about
