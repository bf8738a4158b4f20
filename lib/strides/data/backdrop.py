"""What is not the solid: the background, and flat clutter behind and in front of it."""

import numpy as np
from numpy.typing import NDArray

from strides.data.chance import Draws
from strides.data.shapes import Array

FIXED_BACKGROUND = 0.45
IN_FRONT = 2
"""How many of the pieces of clutter may come before the solid, rather than behind it."""


def background(u: Draws, knob: float, pixels: int) -> Array:
    """Images (n, 3, pixels, pixels): a colour, with a coarse and a fine cloudy pattern over it."""
    plain = FIXED_BACKGROUND + knob * (u["background"] - FIXED_BACKGROUND)
    clouds = _stretch(0.8 * knob * (u["coarse"] - 0.5), pixels)
    clouds += _stretch(0.5 * knob * (u["fine"] - 0.5), pixels)
    clouds += plain.astype(np.float32)[:, :, None, None]
    return clouds


def _stretch(grid: NDArray[np.float64], pixels: int) -> Array:
    """Grids (n, 3, g, g) stretched to (n, 3, pixels, pixels), linearly between the knots."""
    side = grid.shape[-1]
    place = (np.arange(pixels) + 0.5) / pixels * (side - 1)
    before = place.astype(np.intp)
    part = (place - before).astype(np.float32)
    knots = grid.astype(np.float32)
    tall = knots[:, :, before] * (1 - part)[:, None] + knots[:, :, before + 1] * part[:, None]
    return tall[..., before] * (1 - part) + tall[..., before + 1] * part


def clutter_behind(canvas: Array, u: NDArray[np.float64], knob: float) -> None:
    """Paint flat boxes and discs onto the images, in place.

    u is (n, k, 10), a row of numbers for each of k pieces; a piece is there when its first
    number is below 3/4 of the knob.
    """
    for piece in range(u.shape[1]):
        numbers = u[:, piece].astype(np.float32)
        _paint_pieces(canvas, np.flatnonzero(numbers[:, 0] < 0.75 * knob), numbers, flatten=1.0)


def clutter_in_front(canvas: Array, u: NDArray[np.float64], knob: float) -> None:
    """Paint the first pieces of the clutter, made slim, over the solid in some of the images.

    These are the pieces that `clutter_behind` left out, up to a third of them.
    """
    for piece in range(IN_FRONT):
        numbers = u[:, piece].astype(np.float32)
        _paint_pieces(canvas, np.flatnonzero(numbers[:, 0] >= 1 - knob / 3), numbers, flatten=0.3)


def _paint_pieces(canvas: Array, images: NDArray[np.intp], numbers: Array, flatten: float) -> None:
    """Paint one box or ellipse onto each of the chosen images, with soft edges."""
    if not images.size:
        return
    _, x, y, cosine, sine, width, height, kind, *_ = numbers[images].T[:, :, None, None]
    pixels = canvas.shape[-1]
    ticks = ((2 * np.arange(pixels) + 1) / pixels - 1).astype(np.float32)
    dx, dy = ticks - (2.2 * x - 1.1), ticks[:, None] - (2.2 * y - 1.1)
    cosine, sine = cosine - 0.5, sine - 0.5
    length = np.sqrt(cosine * cosine + sine * sine) + np.float32(1e-6)
    half_width, half_height = 0.12 + 0.4 * width, flatten * (0.12 + 0.4 * height)
    along = np.abs(dx * cosine + dy * sine) / (length * half_width)
    across = np.abs(dy * cosine - dx * sine) / (length * half_height)
    round_one = np.sqrt(along * along + across * across)
    outside = np.where(kind < 0.4, round_one, np.maximum(along, across))
    sharpness = np.minimum(half_width, half_height) * np.float32(pixels / 2)
    cover = np.minimum((1 - outside) * sharpness + 0.5, 1)
    which, row, column = np.nonzero(cover > 0)
    part, image = cover[which, row, column], images[which]
    for plane, colour in zip(canvas.transpose(1, 0, 2, 3), numbers[images, 7:].T, strict=True):
        behind = plane[image, row, column]
        plane[image, row, column] = behind + part * (colour[which] - behind)
