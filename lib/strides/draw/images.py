"""Small images in a grid: pictures of a dataset, or the templates a classifier has learned."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from strides.draw.picture import Picture, from_figure

WIDE = 5.6
"""Width of the grid in inches."""


def images(
    pictures: ArrayLike,
    titles: Sequence[str],
    *,
    what: str,
    columns: int = 5,
    signed: bool = False,
    caption: str = "",
) -> Picture:
    """Draw a grid of images, each under its title.

    pictures: (N, H, W) in grey or (N, H, W, 3) in colour; titles: N short strings.
    `what` names them in the alt text ("Test images"); `signed` shows weights: white is zero,
    orange positive, purple negative, on one scale for all, with a bar that says so.
    Raises ValueError where the number of titles is not N.
    """
    array = np.asarray(pictures)
    if array.ndim not in (3, 4) or len(array) != len(titles):
        raise ValueError(
            f"pictures: expected {len(titles)} images, one for each title, as (N, H, W) or "
            f"(N, H, W, 3); received {array.shape}"
        )
    rows = -(-len(array) // columns)
    height, width = array.shape[1:3]
    row = WIDE / columns * height / width + 0.24 * max(1 + title.count("\n") for title in titles)
    figure = Figure(figsize=(WIDE, row * rows + (0.75 if signed else 0)), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    top = float(np.abs(array).max()) or 1.0
    scale = {"cmap": "PuOr_r", "vmin": -top, "vmax": top} if signed else {"cmap": "gray"}
    for place in axes.flat:
        place.axis("off")
    for place, picture, title in zip(axes.flat, array, titles, strict=False):
        shown = place.imshow(picture, interpolation="nearest", **scale)
        place.set_title(title, fontsize=11, pad=3)
    if signed:
        bar = figure.colorbar(shown, ax=axes, location="bottom", shrink=0.6, aspect=30)
        bar.set_label("weight", fontsize=11)
        bar.ax.tick_params(labelsize=10)
    words = ", ".join(" ".join(title.split()) for title in titles)
    alt = f"{what}: {len(array)} images of {height} by {width} pixels, titled {words}."
    if signed:
        alt += f" Weights from {array.min():.2f} to {array.max():.2f}."
    return from_figure(figure, alt, caption)
