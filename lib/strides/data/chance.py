"""Random numbers that belong to one image each, the same on every platform.

Image i reads its own stretch of one long stream, so that it does not depend on how many images
are drawn, nor on the knobs. Only the raw 64-bit words of NumPy's PCG64 are used: these are
guaranteed never to change, which the distributions built on them are not.
"""

import numpy as np
from numpy.typing import NDArray

from strides.data.shapes import Array

GRIDS = (4, 9)
"""Sides of the coarse and the fine grid of random colours behind the solid."""
MOST_CLUTTER = 6

_FIELDS = {
    "pose": (3,),
    "scale": (),
    "position": (2,),
    "light": (5,),
    "colour": (3,),
    "pattern": (12,),
    "background": (3,),
    "coarse": (3, GRIDS[0], GRIDS[0]),
    "fine": (3, GRIDS[1], GRIDS[1]),
    "clutter": (MOST_CLUTTER, 10),
}
_WORDS = sum(int(np.prod(shape)) for shape in _FIELDS.values())

Draws = dict[str, NDArray[np.float64]]


def draws(stream: tuple[int, ...], first: int, count: int) -> Draws:
    """Uniform numbers in [0, 1) for images first ... first + count - 1, by what they are for."""
    words = _words((*stream, 0), first, count, _WORDS)
    uniform = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
    parts: Draws = {}
    start = 0
    for name, shape in _FIELDS.items():
        size = int(np.prod(shape))
        parts[name] = uniform[:, start : start + size].reshape(count, *shape)
        start += size
    return parts


def bell(stream: tuple[int, ...], first: int, count: int, size: int) -> Array:
    """Nearly normal numbers (count, size), mean 0, variance 1: each a sum of four uniform ones."""
    words = _words((*stream, 1), first, count, size)
    total = np.zeros((count, size), np.float32)
    for shift in (0, 16, 32, 48):
        total += ((words >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.float32)
    total -= np.float32(2 * 65535)
    total *= np.float32(3**0.5 / 65536)
    return total


def order_of_classes(
    stream: tuple[int, ...], first: int, count: int, classes: int
) -> NDArray[np.int64]:
    """Labels of images first ... : each run of `classes` images holds every class once."""
    begin, end = first // classes, -(-(first + count) // classes)
    words = _words((*stream, 2), begin, end - begin, classes)
    labels = np.argsort(words, axis=1, kind="stable").reshape(-1)
    return labels[first - begin * classes :][:count]


def _words(stream: tuple[int, ...], first: int, count: int, each: int) -> NDArray[np.uint64]:
    """Rows `first` onwards of the endless table with `each` raw words a row."""
    generator = np.random.PCG64(np.random.SeedSequence(stream))
    generator.advance(first * each)
    return generator.random_raw(count * each).reshape(count, each)
