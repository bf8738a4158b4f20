"""A small table of numbers with proper header cells."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import ArrayLike

from strides.draw.picture import Picture


def table(
    columns: Mapping[str, ArrayLike | Sequence[str]], *, digits: int = 2, caption: str = ""
) -> Picture:
    """Set equally long columns side by side; the first one names the rows.

    columns: header to (K,) numbers or strings; floats are shown with `digits` decimals.
    Raises ValueError where the columns are not equally long.
    """
    cells = {name: [_shown(v, digits) for v in np.asarray(col)] for name, col in columns.items()}
    lengths = {name: len(column) for name, column in cells.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"columns: expected columns of one length; received {lengths}")
    names, *_ = cells
    head = "".join(f'<th scope="col" {_ALIGN}>{escape(name)}</th>' for name in cells)
    rows = []
    for first, *others in zip(*cells.values(), strict=True):
        start = f'<th scope="row" {_ALIGN}>{escape(first)}</th>'
        rows.append(f"<tr>{start}{''.join(f'<td {_ALIGN}>{escape(v)}</td>' for v in others)}</tr>")
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    alt = f"Table of {', '.join(cells)}. " + " ".join(
        f"{names} {row[0]}: " + ", ".join(_pairs(list(cells)[1:], row[1:])) + "."
        for row in zip(*cells.values(), strict=True)
    )
    name = escape(f"Table of {', '.join(cells)}")
    scroller = f'<div role="group" aria-label="{name}" tabindex="0" style="overflow-x:auto">'
    return Picture(f"{scroller}{body}</div>", alt, caption)


_ALIGN = 'style="text-align:right"'


def _pairs(names: Sequence[str], values: Sequence[str]) -> list[str]:
    return [f"{name} {value}" for name, value in zip(names, values, strict=True)]


def _shown(value: object, digits: int) -> str:
    return f"{value:.{digits}f}" if isinstance(value, float | np.floating) else str(value)
