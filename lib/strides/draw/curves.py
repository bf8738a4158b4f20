"""Curves on one pair of axes, each with its own colour, dash and marker, named in a legend."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.draw import svg
from strides.draw.picture import Picture

LEFT, RIGHT, TOP, PLOT = 62.0, 16.0, 16.0, 230.0
LEGEND_ROW = 24.0
Array = NDArray[np.floating]


def curves(
    x: ArrayLike,
    ys: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    xlim: tuple[float, float] | None = None,
    ylim: tuple[float, float] | None = None,
    at: float | None = None,
    dots: bool = False,
    caption: str = "",
) -> Picture:
    """Draw each named curve of `ys` over the shared positions `x`.

    x: (K,) increasing numbers; each curve: (K,), where a nan leaves a gap.
    `at` marks one position: a vertical line, a dot on each curve, its value in the legend.
    `dots` puts a marker on every point, for curves that were measured at a few places.
    Raises ValueError where a curve's length is not that of x, or nothing finite is to be drawn.
    """
    positions = np.asarray(x, dtype=float)
    lines = {name: np.asarray(y, dtype=float) for name, y in ys.items()}
    _check(positions, lines)
    xlow, xhigh = xlim or (float(positions.min()), float(positions.max()))
    ylow, yhigh = ylim or _limits(np.concatenate(list(lines.values())))
    across = svg.Scale(xlow, xhigh, LEFT, svg.WIDTH - RIGHT)
    up = svg.Scale(ylow, yhigh, TOP + PLOT, TOP)

    readings = (
        {} if at is None else {n: float(np.interp(at, positions, y)) for n, y in lines.items()}
    )
    legend, rows = _legend(lines, readings)
    drawn = _axes(across, up, xlabel, ylabel)
    inside = "".join(
        _curve(k, positions, y, across, up, dots) for k, y in enumerate(lines.values())
    )
    if at is not None:
        inside += _reading_marks(at, readings, across, up)
    drawn += _clipped(inside) + legend
    alt = _words(positions, lines, xlabel, ylabel, at, readings)
    return Picture(svg.canvas(drawn, TOP + PLOT + 56 + rows * LEGEND_ROW, alt), alt, caption)


def _check(positions: Array, lines: Mapping[str, Array]) -> None:
    for name, y in lines.items():
        if y.shape != positions.shape:
            raise ValueError(
                f"{name}: expected one value for each x, shape {positions.shape}; "
                f"received shape {y.shape}"
            )
    if not lines or not any(np.isfinite(y).any() for y in lines.values()):
        raise ValueError("ys: expected a curve with finite values; received none")


def _limits(values: Array) -> tuple[float, float]:
    """The finite values' range, with a little room."""
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    room = 0.05 * (high - low) or 0.5
    return low - room, high + room


def _axes(across: svg.Scale, up: svg.Scale, xlabel: str, ylabel: str) -> str:
    """The frame: grid lines, ticks with their numbers, and a label on each axis."""
    bottom, top, left, right = up.start, up.end, across.start, across.end
    parts = []
    for value in svg.ticks(across.low, across.high, most=8):
        x = across(value)
        parts.append(svg.line(x, bottom, x, top, stroke=svg.FAINT))
        parts.append(svg.text(x, bottom + 19, f"{value:g}"))
    for value in svg.ticks(up.low, up.high):
        y = up(value)
        parts.append(svg.line(left, y, right, y, stroke=svg.FAINT))
        parts.append(svg.text(left - 7, y + 5, f"{value:g}", text_anchor="end"))
    parts.append(svg.line(left, bottom, right, bottom))
    parts.append(svg.line(left, bottom, left, top))
    middle = (left + right) / 2
    parts.append(svg.text(middle, bottom + 42, xlabel, font_size=15))
    halfway = (top + bottom) / 2
    turn = f"rotate(-90 16 {svg.number(halfway)})"
    parts.append(svg.text(16, halfway, ylabel, font_size=15, transform=turn))
    return "".join(parts)


def _curve(
    k: int,
    positions: Array,
    y: Array,
    across: svg.Scale,
    up: svg.Scale,
    dots: bool,
) -> str:
    """One line, broken where it is not finite, with a few markers that tell it from the others."""
    colour, dash, kind = _style(k)
    finite = np.isfinite(y)
    xs, ys = across(positions), up(_near(np.where(finite, y, np.nan), up))
    starts = finite & ~np.concatenate([[False], finite[:-1]])
    kept = finite & ~_on_a_straight_line(xs, ys) | starts
    commands = [f"{'M' if starts[n] else 'L'}{xs[n]:.1f} {ys[n]:.1f}" for n in np.flatnonzero(kept)]
    drawn = svg.element(
        "path",
        d="".join(commands),
        fill="none",
        stroke=colour,
        stroke_width=2.5,
        stroke_dasharray=dash,
        stroke_linejoin="round",
    )
    if dots:
        chosen = np.flatnonzero(finite)
    else:
        step = max(len(positions) // 5, 1)
        chosen = np.arange(step // 2 + (k * step) // 7, len(positions), step)
    for n in chosen:
        if finite[n]:
            drawn += svg.marker(kind, xs[n], ys[n], colour)
    return drawn


def _near(y: Array, up: svg.Scale) -> Array:
    """Keep far-off values within reach of the drawing, where the clip hides them."""
    room = 9 * (up.high - up.low)
    return np.clip(y, up.low - room, up.high + room)


def _on_a_straight_line(xs: Array, ys: Array) -> NDArray[np.bool_]:
    """Whether each point lies on the line between its neighbours, so that it needs no corner."""
    dx, dy = np.diff(xs), np.diff(ys)
    straight = np.zeros(len(xs), dtype=bool)
    straight[1:-1] = np.abs(dx[:-1] * dy[1:] - dx[1:] * dy[:-1]) < 1e-6
    return straight


def _style(k: int) -> tuple[str, str, str]:
    """Colour, dash and marker of the k-th curve: never colour alone."""
    k %= len(svg.COLOURS)
    return svg.COLOURS[k], svg.DASHES[k], svg.MARKERS[k]


def _clipped(content: str) -> str:
    """Cut what lies outside the axes; the id comes from the content, so it never changes."""
    name = "clip-" + hashlib.sha256(content.encode()).hexdigest()[:10]
    box = svg.element(
        "rect", x=LEFT - 6, y=TOP - 6, width=svg.WIDTH - LEFT - RIGHT + 12, height=PLOT + 12
    )
    clip = svg.element("clipPath", box, id=name)
    return clip + svg.element("g", content, clip_path=f"url(#{name})")


def _reading_marks(
    at: float, readings: Mapping[str, float], across: svg.Scale, up: svg.Scale
) -> str:
    """The vertical line at the marked position, and a ring where it meets each curve."""
    x = across(at)
    parts = [svg.line(x, up.start, x, up.end, stroke=svg.INK, stroke_width=1.5)]
    for k, value in enumerate(readings.values()):
        colour = _style(k)[0]
        ring = {"fill": "#FFFFFF", "stroke": colour, "stroke_width": 3}
        parts.append(
            svg.element("circle", cx=x, cy=up(float(_near(np.array(value), up))), r=6, **ring)
        )
    return "".join(parts)


def _legend(lines: Mapping[str, Array], readings: Mapping[str, float]) -> tuple[str, int]:
    """Samples of the lines beside their names, in columns that stay put while a value changes."""
    room = max(map(len, lines)) + (8 if readings else 0)
    width = 46 + 7.8 * room + 12
    columns = max(1, min(len(lines), int((svg.WIDTH - LEFT + 40) // width)))
    parts = []
    for k, name in enumerate(lines):
        label = f"{name} = {readings[name]:.2f}" if name in readings else name
        x = LEFT - 40 + (k % columns) * width
        y = TOP + PLOT + 66 + (k // columns) * LEGEND_ROW
        colour, dash, kind = _style(k)
        sample = {"stroke": colour, "stroke_width": 2.5, "stroke_dasharray": dash}
        parts.append(svg.line(x, y - 5, x + 38, y - 5, **sample))
        parts.append(svg.marker(kind, x + 19, y - 5, colour))
        parts.append(svg.text(x + 46, y, label, text_anchor="start"))
    return "".join(parts), -(-len(lines) // columns)


def _words(
    positions: Array,
    lines: Mapping[str, Array],
    xlabel: str,
    ylabel: str,
    at: float | None,
    readings: Mapping[str, float],
) -> str:
    """The picture in words: where each curve starts, ends and is lowest, and the marked values."""
    sentences = [f"Line plot of {ylabel} against {xlabel}."]
    for name, y in lines.items():
        seen = np.flatnonzero(np.isfinite(y))
        if not len(seen):
            sentences.append(f"{name}: no finite value.")
            continue
        first, last, low = seen[0], seen[-1], seen[np.argmin(y[seen])]
        dips = y[low] < min(y[first], y[last]) - 0.01 * np.ptp(y[seen])
        sentence = f"{name}: {y[first]:.2f} at {positions[first]:.3g}"
        if dips:
            sentence += f", lowest {y[low]:.2f} at {positions[low]:.3g}"
        sentences.append(sentence + f", {y[last]:.2f} at {positions[last]:.3g}.")
    if at is not None:
        values = ", ".join(f"{name} {value:.2f}" for name, value in readings.items())
        sentences.append(f"At {xlabel} {at:.2f}: {values}.")
    return " ".join(sentences)
