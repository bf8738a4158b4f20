"""Receptive fields: a stack of layers seen from the side, and what one number of it depends on."""

from collections.abc import Sequence

from strides.draw import svg
from strides.draw.grid import CHOSEN, LIT, Grid
from strides.draw.picture import Picture

LEFT, RIGHT, TOP, LEVEL = 78.0, 8.0, 16.0, 58.0
TALL = 18.0  # height of a cell
MOST_LEVELS = 6

Layer = tuple[int, int, int]  # window, stride, dilation


def receptive(
    layers: Sequence[Layer],
    *,
    size: int = 33,
    unit: int | None = None,
    room: int | None = None,
    caption: str = "",
) -> Picture:
    """Draw one row of the input at the bottom, the layers above it, and light what a unit sees.

    layers: (window, stride, dilation) from the first to the last, each with same-size padding,
    (span - 1) // 2 at each end; `unit` is a position in the last layer, its middle unless given;
    `room` leaves space for so many layers, so that a picture of fewer is as tall.
    Raises ValueError for no layers, more than 6, and a unit that is not there.
    """
    if not 1 <= len(layers) <= MOST_LEVELS:
        raise ValueError(f"layers: expected 1 to {MOST_LEVELS}; received {len(layers)}")
    lengths = [size]
    for window, stride, dilation in layers:
        span = dilation * (window - 1) + 1
        lengths.append((lengths[-1] + 2 * ((span - 1) // 2) - span) // stride + 1)
    if min(lengths) < 1:
        raise ValueError(f"layers: expected windows that leave some output; received {layers}")
    unit = (lengths[-1] - 1) // 2 if unit is None else unit
    if not 0 <= unit < lengths[-1]:
        raise ValueError(f"unit: expected 0 to {lengths[-1] - 1}; received {unit}")

    used = _used(layers, unit)
    room = max(room or 0, len(layers))
    rows = _rows(lengths, layers, room)
    drawn = _links(rows, layers, used)
    for level, grid in enumerate(rows):
        name = "input" if level == 0 else f"layer {level}"
        drawn += svg.text(LEFT - 8, grid.top + 14, name, text_anchor="end")
        drawn += _level(grid, used[level], CHOSEN if level == len(layers) else LIT)
    sums = _sums(layers)
    bottom = TOP + room * LEVEL + TALL + 26
    field = used[0][-1] - used[0][0] + 1
    seen = [place for place in used[0] if 0 <= place < size]
    lines = [f"receptive field = {sums}", _reading(field, seen, size)]
    for k, line in enumerate(lines):
        drawn += svg.text(8, bottom + 22 * k, line, text_anchor="start", font_size=13)
    alt = _words(layers, lengths, unit, sums, lines[1])
    return Picture(svg.canvas(drawn, bottom + 36, alt), alt, caption)


def _used(layers: Sequence[Layer], unit: int) -> list[list[int]]:
    """For each level, input first, the positions that the unit depends on; some lie in padding."""
    used = [[unit]]
    for window, stride, dilation in reversed(layers):
        pad = dilation * (window - 1) // 2
        taps = range(-pad, dilation * (window - 1) - pad + 1, dilation)
        used.insert(0, sorted({stride * place + tap for place in used[0] for tap in taps}))
    return used


def _rows(lengths: Sequence[int], layers: Sequence[Layer], room: int) -> list[Grid]:
    """A grid of one row for each level; a position lies above the middle of what it sees."""
    width = (svg.WIDTH - LEFT - RIGHT) / lengths[0]
    rows, apart, shift = [], 1.0, 0.0
    for level, length in enumerate(lengths):
        if level:
            window, stride, dilation = layers[level - 1]
            pad = dilation * (window - 1) // 2
            shift += apart * (dilation * (window - 1) / 2 - pad)
            apart *= stride
        top = TOP + (room - level) * LEVEL
        left = LEFT + (shift + 0.5 - apart / 2) * width
        rows.append(Grid(1, length, left, top, apart * width))
    return rows


def _middle(grid: Grid, place: int) -> float:
    return grid.left + (place + 0.5) * grid.cell


def _breadth(grid: Grid) -> float:
    return min(grid.cell, 18.0)


def _level(grid: Grid, used: Sequence[int], mark: dict[str, object]) -> str:
    """The cells of a level, the used ones filled."""
    lit = set(used)
    breadth = _breadth(grid)
    plain = {"fill": "#FFFFFF", "stroke": "#999999", "stroke_width": 0.8}
    strong = mark | {"fill_opacity": 0.7, "stroke_width": 1.5}
    parts = []
    for place in range(grid.columns):
        box = {"x": _middle(grid, place) - breadth / 2, "y": grid.top, "width": breadth}
        parts.append(svg.element("rect", **box, height=TALL, **(strong if place in lit else plain)))
    return "".join(parts)


def _links(rows: Sequence[Grid], layers: Sequence[Layer], used: Sequence[Sequence[int]]) -> str:
    """A line from each used number to each number of the level below that it sees."""
    path = []
    for level, (window, stride, dilation) in enumerate(layers):
        below, above = rows[level], rows[level + 1]
        pad = dilation * (window - 1) // 2
        for place in used[level + 1]:
            if not 0 <= place < above.columns:
                continue
            start = f"M{svg.number(_middle(above, place))} {svg.number(above.top + TALL)}"
            for k in range(window):
                seen = stride * place + dilation * k - pad
                if 0 <= seen < below.columns:
                    path.append(f"{start}L{svg.number(_middle(below, seen))} {below.top:g}")
    return svg.element("path", d="".join(path), stroke="#D55E00", stroke_width=0.9, fill="none")


def _sums(layers: Sequence[Layer]) -> str:
    """1 + sum of D (F - 1) times the strides before, with its numbers in place."""
    total, apart, terms = 1, 1, ["1"]
    for window, stride, dilation in layers:
        step = dilation * (window - 1)
        terms.append(f"{step}·{apart}" if apart > 1 else f"{step}")
        total += step * apart
        apart *= stride
    return f"{' + '.join(terms)} = {total}"


def _reading(field: int, seen: Sequence[int], size: int) -> str:
    if field > seen[-1] - seen[0] + 1:
        return f"It reaches over the border: {field} numbers, some of them in the padding."
    used = "" if len(seen) == field else f", of which {len(seen)} are used"
    return f"The unit sees numbers {seen[0] + 1} to {seen[-1] + 1} of {size}{used}."


def _words(
    layers: Sequence[Layer], lengths: Sequence[int], unit: int, sums: str, reading: str
) -> str:
    each = "; ".join(f"window {w}, stride {s}, dilation {d}" for w, s, d in layers)
    return (
        f"Stack of {len(layers)} layers over an input of {lengths[0]} numbers: {each}. "
        f"Lengths {', '.join(map(str, lengths))}. "
        f"Unit {unit + 1} of the last layer is chosen. Receptive field {sums}. {reading}"
    )
