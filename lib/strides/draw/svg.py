"""The few SVG parts that the drawings are made of: elements, text, a canvas, colours, ticks."""

import math
from dataclasses import dataclass
from html import escape
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

# Okabe and Ito's colours, told apart by readers with any form of colour blindness.
# The palest two come last.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
DASHES = ("none", "9 4", "2 3", "10 3 2 3", "none", "14 5", "5 5")
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "circle", "square")
INK = "#222222"
GREY = "#666666"
FAINT = "#DDDDDD"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
WIDTH = 480
"""Width of every drawing in its own units: a phone shows about 0.7 of a pixel for each."""


def element(tag: str, content: str = "", /, **attributes: object) -> str:
    """One SVG element; `stroke_width=2` becomes `stroke-width="2"`, `class_` becomes `class`."""
    parts = [tag]
    for name, value in attributes.items():
        shown = number(value) if isinstance(value, float) else escape(str(value))
        parts.append(f'{name.rstrip("_").replace("_", "-")}="{shown}"')
    return f"<{' '.join(parts)}>{content}</{tag}>" if content else f"<{' '.join(parts)}/>"


def number(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def text(x: float, y: float, content: str, **attributes: object) -> str:
    """A line of text; `size` in units of the drawing, anchored at its middle unless told."""
    settings = {"text_anchor": "middle", "fill": INK, "font_size": 14}
    return element("text", escape(content), x=float(x), y=float(y), **(settings | attributes))


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line, thin and dark unless told."""
    settings = {"stroke": INK, "stroke_width": 1}
    ends = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
    return element("line", **ends, **(settings | attributes))


def marker(kind: str, x: float, y: float, colour: str, size: float = 4.5) -> str:
    """A filled marker centred on (x, y): circle, square, triangle, diamond or cross."""
    x, y, r = float(x), float(y), float(size)
    if kind == "circle":
        return element("circle", cx=x, cy=y, r=r, fill=colour)
    if kind == "square":
        return element("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, fill=colour)
    if kind == "cross":
        path = f"M{number(x - r)} {number(y - r)}l{number(2 * r)} {number(2 * r)}"
        path += f"m0 {number(-2 * r)}l{number(-2 * r)} {number(2 * r)}"
        return element("path", d=path, stroke=colour, stroke_width=2, fill="none")
    corners = {
        "triangle": ((0, -1.2), (1.1, 0.9), (-1.1, 0.9)),
        "diamond": ((0, -1.4), (1.1, 0), (0, 1.4), (-1.1, 0)),
    }[kind]
    points = " ".join(f"{number(x + r * dx)},{number(y + r * dy)}" for dx, dy in corners)
    return element("polygon", points=points, fill=colour)


def canvas(content: str, height: float, alt: str, width: float = WIDTH) -> str:
    """A whole SVG image on white, as wide as its place allows, named by its alt text."""
    background = element("rect", width=width, height=float(height), fill="#FFFFFF", rx=6)
    group = element("g", content, font_family=FONT)
    return element(
        "svg",
        background + group,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_label=alt,
        style="display:block;width:100%;height:auto",
    )


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers inside [low, high], at most `most` of them, a 1, 2 or 5 step apart."""
    rough = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10, 20) if (high - low) / (power * k) <= most - 1)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 12) + 0.0 for k in range(first, last + 1)]


Number = TypeVar("Number", float, NDArray[np.floating])


@dataclass(frozen=True)
class Scale:
    """A straight map from numbers [low, high] to a drawing's units [start, end]."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Number) -> Number:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)
