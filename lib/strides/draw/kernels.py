"""Filtered pictures: what a kernel makes of a picture, and the maps that a bank of them makes."""

import base64
from collections.abc import Sequence
from io import BytesIO

import numpy as np
from matplotlib import colormaps, image
from numpy.typing import ArrayLike, NDArray

from strides.draw import svg
from strides.draw.grid import LIT, Grid
from strides.draw.picture import Picture

LEFT, TOP, GAP, KERNEL = 8.0, 30.0, 10.0, 96.0
SIGNED = colormaps["PuOr_r"].resampled(255)(np.arange(255), bytes=True)  # index 127 is white

Array = NDArray[np.floating]


def filtered(
    picture: ArrayLike,
    kernel: ArrayLike,
    response: ArrayLike,
    *,
    name: str = "response",
    signed: bool = True,
    caption: str = "",
) -> Picture:
    """Draw a picture, a kernel with its numbers, and the response to it, side by side.

    picture (H, W) from 0 to 1; kernel (K, K), its numbers printed up to 5 x 5 and tinted beyond;
    response (OH, OW). `signed` shows zero in white, positive in orange, negative in purple, on a
    scale to the largest size; without it the response is shown in grey from 0 to 1, cut outside.
    Raises ValueError where an array does not have two axes.
    """
    arrays = {"picture": picture, "kernel": kernel, "response": response}
    before, weights, after = (np.asarray(a, dtype=float) for a in arrays.values())
    for label, array in zip(arrays, (before, weights, after), strict=True):
        if array.ndim != 2:
            raise ValueError(f"{label}: expected an array (H, W); received {array.shape}")
    width = (svg.WIDTH - 2 * LEFT - 2 * GAP - KERNEL) / 2
    height = width * before.shape[0] / before.shape[1]
    middle, right = LEFT + width + GAP, LEFT + width + 2 * GAP + KERNEL
    size = max(height, KERNEL)
    drawn = _titled(LEFT, "picture") + _image(_grey(before), LEFT, TOP, width, height)
    drawn += _titled(middle, "kernel") + _kernel(weights, middle, TOP + (size - KERNEL) / 2)
    top = float(np.abs(after).max())
    shown = _signed(after, top) if signed else _grey(after)
    drawn += _titled(right, name) + _image(shown, right, TOP, width, height)
    below = TOP + size + 22
    low, high = float(after.min()), float(after.max())
    text = f"from {low:.2f} to {high:.2f}"
    drawn += svg.text(right + width, below, text, text_anchor="end", font_size=13)
    if signed:
        drawn += svg.text(LEFT, below, _LEGEND, text_anchor="start", font_size=13)
    alt = _words(before, weights, after, name)
    return Picture(svg.canvas(drawn, below + 12, alt), alt, caption)


def maps(
    responses: ArrayLike, titles: Sequence[str], *, what: str, columns: int = 2, caption: str = ""
) -> Picture:
    """Draw a grid of signed maps, each under its title and with its own range.

    responses (F, H, W): zero in white, positive in orange, negative in purple, each map on a scale
    of its own; titles: F short strings; `what` names them in the alt text.
    Raises ValueError where the number of titles is not F.
    """
    array = np.asarray(responses, dtype=float)
    if array.ndim != 3 or len(array) != len(titles):
        raise ValueError(
            f"responses: expected {len(titles)} maps, one for each title, as (F, H, W); "
            f"received {array.shape}"
        )
    width = (svg.WIDTH - 2 * LEFT - GAP * (columns - 1)) / columns
    height = width * array.shape[1] / array.shape[2]
    drawn, words = "", []
    for k, (one, title) in enumerate(zip(array, titles, strict=True)):
        x, y = LEFT + k % columns * (width + GAP), TOP + k // columns * (height + 52)
        span = f"from {one.min():.2f} to {one.max():.2f}"
        drawn += svg.text(x, y - 8, title, text_anchor="start")
        drawn += _image(_signed(one, float(np.abs(one).max())), x, y, width, height)
        drawn += svg.text(x + width, y + height + 16, span, text_anchor="end", font_size=12)
        words.append(f"{title} {span}")
    below = TOP + -(-len(array) // columns) * (height + 52) - 16
    drawn += svg.text(LEFT, below + 4, _LEGEND, text_anchor="start", font_size=13)
    alt = f"{what}: {len(array)} maps of {array.shape[1]} by {array.shape[2]}: {'; '.join(words)}."
    return Picture(svg.canvas(drawn, below + 16, alt), alt, caption)


_LEGEND = "orange: above 0, white: 0, purple: below 0"


def _titled(left: float, title: str) -> str:
    return svg.text(left, 20, title, text_anchor="start")


def _grey(values: Array) -> NDArray[np.uint8]:
    grey = (np.clip(values, 0, 1) * 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _signed(values: Array, top: float) -> NDArray[np.uint8]:
    return SIGNED[np.rint(127 + values / (top or 1.0) * 127).astype(int), :3]


def _image(pixels: NDArray[np.uint8], x: float, y: float, width: float, height: float) -> str:
    """An image of (H, W, 3) bytes as part of the drawing."""
    data = BytesIO()
    image.imsave(data, pixels, format="png", pil_kwargs={"compress_level": 1})
    source = "data:image/png;base64," + base64.b64encode(data.getvalue()).decode("ascii")
    box = {"x": x, "y": y, "width": width, "height": height, "preserveAspectRatio": "none"}
    return svg.element("image", **box, href=source, style="image-rendering:pixelated")


def _kernel(weights: Array, left: float, top: float) -> str:
    """The kernel: its numbers where they can be read, its tints where there are too many."""
    rows, columns = weights.shape
    if max(rows, columns) > 5:
        tints = _signed(weights, float(np.abs(weights).max()))
        return _image(tints, left, top, KERNEL, KERNEL * rows / columns)
    grid = Grid(rows, columns, left, top, KERNEL / columns)
    frame = grid.box((0, 0), (rows - 1, columns - 1), stroke=LIT["stroke"])
    return grid.lines() + grid.numbers(weights) + frame


def _words(before: Array, weights: Array, after: Array, name: str) -> str:
    if weights.size <= 25:
        numbers = "; ".join(" ".join(f"{v:g}" for v in line.round(2)) for line in weights)
    else:
        numbers = f"{weights.shape[0]} by {weights.shape[1]} numbers"
    rows, columns = after.shape
    strong = float(np.mean(np.abs(after) > 0.5 * (np.abs(after).max() or 1.0)))
    return (
        f"A picture of {before.shape[0]} by {before.shape[1]} pixels, a kernel ({numbers}), "
        f"and the {name} of {rows} by {columns} numbers, from {after.min():.2f} to "
        f"{after.max():.2f}; {100 * strong:.0f} % of it exceeds half the largest size."
    )
