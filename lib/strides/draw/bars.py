"""Bars: one panel for each step of a calculation, one bar for each class."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.draw import svg
from strides.draw.picture import Picture

TOP, PLOT, GAP, EDGE = 46.0, 170.0, 18.0, 10.0


def bars(
    panels: Mapping[str, ArrayLike],
    labels: Sequence[str],
    *,
    limits: Mapping[str, tuple[float, float]] | None = None,
    marked: int | None = None,
    digits: int = 2,
    caption: str = "",
) -> Picture:
    """Draw panels side by side, each with one bar per label and its value printed on it.

    Each panel: (C,) finite numbers under its title; labels: C short names.
    `limits` fixes a panel's range (a longer bar is cut, its printed value stays true);
    `marked` is the class to point out, by a star and a frame.
    Raises ValueError where a panel does not hold one finite number for each label.
    """
    values = {title: np.asarray(panel, dtype=float) for title, panel in panels.items()}
    for title, panel in values.items():
        if panel.shape != (len(labels),) or not np.isfinite(panel).all():
            raise ValueError(
                f"{title}: expected {len(labels)} finite numbers, one for each label; "
                f"received {np.array2string(panel, precision=3, threshold=8)}"
            )
    width = (svg.WIDTH - 2 * EDGE - GAP * (len(values) - 1)) / len(values)
    drawn = "".join(
        _panel(EDGE + k * (width + GAP), width, title, panel, labels, marked, digits, limits or {})
        for k, (title, panel) in enumerate(values.items())
    )
    alt = _words(values, labels, marked, digits)
    height = TOP + PLOT + (36 if marked is None else 54)
    return Picture(svg.canvas(drawn, height, alt), alt, caption)


def _panel(
    left: float,
    width: float,
    title: str,
    panel: NDArray[np.floating],
    labels: Sequence[str],
    marked: int | None,
    digits: int,
    limits: Mapping[str, tuple[float, float]],
) -> str:
    """One panel: title, the line at zero, and its bars."""
    low, high = limits.get(title, (min(0.0, panel.min()), max(0.0, panel.max())))
    if low == high:
        high = low + 1.0
    up = svg.Scale(low, high, TOP + PLOT - (18 if low < 0 else 0), TOP + 18)
    parts = [svg.text(left + width / 2, 24, title, font_size=15, font_weight="bold")]
    step = width / len(panel)
    for c, value in enumerate(panel):
        parts.append(_bar(left + (c + 0.5) * step, step, float(value), up, c, c == marked, digits))
        middle = left + (c + 0.5) * step
        parts.append(svg.text(middle, TOP + PLOT + 24, labels[c]))
        if c == marked:
            parts.append(svg.text(middle, TOP + PLOT + 44, "★", font_size=16))
    parts.append(svg.line(left, up(0), left + width, up(0)))
    return "".join(parts)


def _bar(
    middle: float, step: float, value: float, up: svg.Scale, c: int, marked: bool, digits: int
) -> str:
    """One bar from zero to its value, the value printed at its end."""
    shown = min(max(value, up.low), up.high)
    top, bottom = sorted((up(shown), up(0)))
    frame = {"stroke": svg.INK, "stroke_width": 2.5} if marked else {}
    breadth = min(0.62 * step, 64.0)
    box = {"x": middle - breadth / 2, "y": top, "width": breadth, "height": bottom - top}
    drawn = svg.element("rect", **box, fill=svg.COLOURS[c % len(svg.COLOURS)], **frame)
    below = value < 0
    place = bottom + 16 if below else top - 6
    size = 14 if step > 40 else 11
    return drawn + svg.text(middle, place, f"{value:.{digits}f}", font_size=size)


def _words(
    values: Mapping[str, NDArray[np.floating]],
    labels: Sequence[str],
    marked: int | None,
    digits: int,
) -> str:
    """Every printed value, panel by panel."""
    sentences = ["Bar chart."]
    for title, panel in values.items():
        pairs = zip(labels, panel, strict=True)
        sentences.append(f"{title}: " + ", ".join(f"{n} {v:.{digits}f}" for n, v in pairs) + ".")
    if marked is not None:
        sentences.append(f"The star marks {labels[marked]}.")
    return " ".join(sentences)
