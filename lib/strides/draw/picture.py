"""A picture that carries its own alt text, and how a matplotlib figure becomes one."""

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

WIDTH = 560
"""Widest that a figure is shown, in CSS pixels."""


@dataclass(frozen=True)
class Picture:
    """What every drawing function returns: an HTML element, and the same facts in words.

    `body` is one HTML element (an `<svg role="img">`, an `<img alt>` or a `<table>`),
    `alt` says in words what it shows, `caption` is a line set under it (may be empty).
    """

    body: str
    alt: str
    caption: str = ""

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        style = f"margin:0.5em 0;max-width:{WIDTH}px"
        return f'<figure class="strides-figure" style="{style}">{self.body}{caption}</figure>'

    def __repr__(self) -> str:
        return self.alt


def from_figure(figure: Figure, alt: str, caption: str = "", dpi: int = 150) -> Picture:
    """Turn a matplotlib figure into a picture: a PNG inside an `<img>` that keeps its alt text.

    The figure's own width in inches, times 100, is its width in CSS pixels.
    Raises ValueError where alt is empty, since a picture without words is lost on some readers.
    """
    if not alt.strip():
        raise ValueError("alt: expected a sentence that says what the figure shows; received ''")
    data = BytesIO()
    figure.set_dpi(dpi)
    FigureCanvasAgg(figure).print_png(data, metadata={"Software": None})
    source = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode("ascii")
    width = min(WIDTH, round(figure.get_figwidth() * 100))
    style = f"width:100%;max-width:{width}px;height:auto;background:#fff"
    body = f'<img alt="{escape(alt)}" src="{source}" style="{style}">'
    return Picture(body, alt, caption)
