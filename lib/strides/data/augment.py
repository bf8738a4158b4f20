"""Augmentation in NumPy: new training images from old ones, that keep their label.

Each step takes a batch of images (N, C, H, W) and `rng`, draws for each image on its own, and
returns new images in the same dtype; the batch it was given stays as it was. `rng` is a seed, or a
NumPy Generator that several steps share. The same seed gives the same images.

    for x, y in augment.batches(images, labels, 128, epoch, augment.flip, augment.crop):
        ...
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides.data import dataset

Array = NDArray[Any]
Rng = int | np.random.Generator
Step = Callable[[Array, np.random.Generator], Array]

GREY = (0.299, 0.587, 0.114)
"""What red, green and blue add to brightness (ITU-R BT.601)."""


def flip(images: Array, rng: Rng, p: float = 0.5) -> Array:
    """Mirror each image left to right with probability p.

    Raises ValueError for images that are not (N, C, H, W), and for p outside 0 to 1.
    """
    _expect_images(images)
    _expect_range("p", p, 0, 1)
    mirrored = np.random.default_rng(rng).random(len(images)) < p
    return np.where(mirrored[:, None, None, None], images[..., ::-1], images)


def crop(images: Array, rng: Rng, pad: int = 4, fill: float = 0) -> Array:
    """Cut each image out again after `pad` pixels of `fill` on every side: a shift by up to pad.

    Raises ValueError for images that are not (N, C, H, W), for a negative pad, and for a fill that
    the dtype of the images cannot hold.
    Source: He, Zhang, Ren and Sun, 2015, section 4.2.
    """
    count, _, height, width = _expect_images(images)
    _expect_range("pad", pad, 0)
    generator = np.random.default_rng(rng)
    sides = ((0, 0), (0, 0), (pad, pad), (pad, pad))
    padded = np.pad(images, sides, constant_values=_as_dtype(fill, images))
    top, left = generator.integers(0, 2 * pad + 1, (2, count))
    if not count:
        return images.copy()
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(2, 3))
    return windows[np.arange(count), :, top, left]


def colour(
    images: Array,
    rng: Rng,
    brightness: float = 0.2,
    contrast: float = 0.2,
    saturation: float = 0.2,
) -> Array:
    """Change brightness, contrast and saturation by factors from 1 - amount to 1 + amount.

    Brightness multiplies every value; contrast pulls towards or pushes from the image's mean;
    saturation does so with each pixel's grey, and leaves images without three channels alone.
    uint8 images stay within 0 to 255, floats within 0 to 1. Raises ValueError for amounts outside
    0 to 1 and for floats outside 0 to 1, which normalised images are: change colours first.
    """
    _, channels, _, _ = _expect_images(images)
    amounts = {"brightness": brightness, "contrast": contrast, "saturation": saturation}
    for name, amount in amounts.items():
        _expect_range(name, amount, 0, 1)
    top = _white(images)
    generator = np.random.default_rng(rng)
    draws = generator.uniform(-1, 1, (3, len(images), 1, 1, 1))
    factors = 1 + np.reshape(list(amounts.values()), (3, 1, 1, 1, 1)) * draws
    dtype = np.float64 if images.dtype == np.float64 else np.float32
    light, spread, vividness = factors.astype(dtype)
    x = images.astype(dtype) * light
    mean = x.mean(axis=(1, 2, 3), keepdims=True)
    x = mean + (x - mean) * spread
    if channels == 3:
        grey = np.tensordot(np.array(GREY, dtype), x, axes=(0, 1))[:, None]
        x = grey + (x - grey) * vividness
    x = np.clip(x, 0, top)
    return (np.rint(x) if images.dtype == np.uint8 else x).astype(images.dtype)


def cutout(images: Array, rng: Rng, size: int = 8, fill: float = 0) -> Array:
    """Fill a square of size x size pixels around a random pixel of each image.

    What stands over the edge is cut off, so that some squares are smaller. Raises ValueError for
    images that are not (N, C, H, W), for a negative size, and for a fill that the dtype of the
    images cannot hold. Source: DeVries and Taylor, 2017.
    """
    count, _, height, width = _expect_images(images)
    _expect_range("size", size, 0)
    generator = np.random.default_rng(rng)
    top = generator.integers(0, height, count)[:, None] - size // 2
    left = generator.integers(0, width, count)[:, None] - size // 2
    rows, columns = np.arange(height), np.arange(width)
    in_rows = (rows >= top) & (rows < top + size)
    in_columns = (columns >= left) & (columns < left + size)
    hidden = in_rows[:, None, :, None] & in_columns[:, None, None, :]
    return np.where(hidden, _as_dtype(fill, images), images)


def mixup(
    images: Array, labels: Array, classes: int, rng: Rng, alpha: float = 0.2
) -> tuple[Array, NDArray[np.float32]]:
    """Blend each image with a random other one of the batch, and their labels by the same share.

    The share comes from Beta(alpha, alpha), one for each image. Returns floating point images
    (uint8 gives float32, still 0 to 255) and targets (N, classes) whose rows sum to 1.
    Raises ValueError for labels outside 0 to classes - 1, for a label too few or too many, and
    for an alpha that is not positive. Source: Zhang, Cisse, Dauphin and Lopez-Paz, 2018.
    """
    count = _expect_images(images)[0]
    labels = np.asarray(labels)
    if labels.shape != (count,):
        raise ValueError(
            f"labels: expected {count}, one an image; received shape {labels.shape}; "
            f"try taking the same rows of both"
        )
    if count and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels: expected 0 to {classes - 1}; received {labels.min()} to {labels.max()}; "
            f"try counting classes from 0"
        )
    if not alpha > 0:
        raise ValueError(f"alpha: expected a positive number; received {alpha}; try 0.2")
    generator = np.random.default_rng(rng)
    partners = generator.permutation(count)
    share = generator.beta(alpha, alpha, count).astype(np.float32)
    targets = np.zeros((count, classes), np.float32)
    np.add.at(targets, (np.arange(count), labels), share)
    np.add.at(targets, (np.arange(count), labels[partners]), 1 - share)
    x = images if images.dtype.kind == "f" else images.astype(np.float32)
    weight = share.astype(x.dtype)[:, None, None, None]
    return weight * x + (1 - weight) * x[partners], targets


def batches(
    x: Array, y: Array, size: int, seed: int, *steps: Step
) -> Iterator[tuple[Array, Array]]:
    """Yield shuffled batches of (x, y), once through, with each step applied to the images.

    What is drawn for batch k follows from the seed and k alone, whichever batches came before it.
    Give each epoch its own seed, and settings to a step with functools.partial.
    Raises ValueError as `strides.data.batches` and the steps do.
    """
    for number, (images, labels) in enumerate(dataset.batches(x, y, size, seed)):
        source = np.random.SeedSequence(seed, spawn_key=(number,))
        generator = np.random.default_rng(source)
        for step in steps:
            images = step(images, generator)
        yield images, labels


def _expect_images(images: Array) -> tuple[int, int, int, int]:
    """The shape of images (N, C, H, W)."""
    if images.ndim != 4:
        raise ValueError(
            f"images: expected shape (N, C, H, W); received {images.shape}; "
            f"try images[None] for a single image"
        )
    count, channels, height, width = images.shape
    return count, channels, height, width


def _expect_range(name: str, value: float, low: float, high: float | None = None) -> None:
    """Raise ValueError unless low <= value <= high."""
    if not low <= value <= (np.inf if high is None else high):
        wanted = f"{low} or more" if high is None else f"{low} to {high}"
        raise ValueError(f"{name}: expected {wanted}; received {value}; try {low}")


def _as_dtype(fill: float, images: Array) -> Any:
    """The filling value in the dtype of the images, so that neither changes the other."""
    value = np.asarray(fill).astype(images.dtype)
    if value != fill and images.dtype.kind in "iu":
        raise ValueError(
            f"fill: expected a value of dtype {images.dtype}; received {fill}; try {value}"
        )
    return value


def _white(images: Array) -> int:
    """The largest value a pixel may have: 255 for uint8, 1 for floats."""
    if images.dtype == np.uint8:
        return 255
    if images.dtype.kind != "f":
        raise ValueError(
            f"images: expected uint8 or floats; received {images.dtype}; "
            f"try images.astype(np.uint8) for values from 0 to 255"
        )
    if images.size and not 0 <= images.min() <= images.max() <= 1:
        raise ValueError(
            f"images: expected floats from 0 to 1; received {images.min():.3g} to "
            f"{images.max():.3g}; try colour before normalising"
        )
    return 1
