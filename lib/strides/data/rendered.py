"""The course's own images: ten solids, drawn by the course, the same for everybody."""

import hashlib
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strides.data.cache import data_dir, load_arrays, save_arrays
from strides.data.chance import bell, draws, order_of_classes
from strides.data.choices import SPLITS, check_seed, check_size, check_split
from strides.data.dataset import Dataset
from strides.data.errors import DamagedData, DataWarning
from strides.data.knobs import LEVELS, Knobs
from strides.data.painting import paint
from strides.data.progress import Progress
from strides.data.shapes import NAMES

PIXELS = 32
BLOCK = 1000
PAINTED_AT_ONCE = 200
NOISE = 0.12
"""Standard deviation of the noise when its knob is at 1, where white is 1."""
RENDERER = 1
"""Goes up whenever the images change, so that nobody meets old ones in the cache."""
SIZES = {
    "easy": {"train": 2000, "val": 500, "test": 1000},
    "medium": {"train": 5000, "val": 1000, "test": 2000},
    "hard": {"train": 10000, "val": 1000, "test": 2000},
}


def solids(
    split: str = "train",
    level: str | Knobs = "easy",
    size: int | None = None,
    *,
    seed: int = 0,
    **knobs: float,
) -> Dataset:
    """Ten solids as colour images: uint8 (N, 3, 32, 32), labels 0 to 9, the shape alone counts.

    split is "train", "val" or "test". level is "easy", "medium", "hard" or Knobs of your own;
    any knob can be set by name: `solids("test", position=0.6)` is the easy test set with its
    solids moved about, and otherwise the same images. size is the number of images; image i is
    the same whatever the size, and every ten images show each class once. Another seed draws
    other images.

    The three levels at seed 0 are kept in `data_dir()` and read from there the next time; a
    damaged file is drawn again, with a DataWarning. Raises ValueError for an unknown split,
    level or knob, and for a size below 1.
    """
    check_split(split)
    check_size(size)
    check_seed(seed)
    preset, chosen = _resolve(level)
    chosen = chosen.but(**knobs)
    if size is None:
        size = SIZES[preset or "easy"][split]
    keep = preset is not None and chosen == LEVELS[preset] and seed == 0
    blocks = []
    with Progress(f"drawing solids, {preset or 'own knobs'}, {split}", size) as progress:
        for first in range(0, size, BLOCK):
            count = min(BLOCK, size - first)
            folder = data_dir() / "solids" / _key(chosen) if keep else None
            blocks.append(_block(split, chosen, seed, first, count, folder))
            progress.reach(first + count)
    images = np.concatenate([block[0] for block in blocks])
    labels = np.concatenate([block[1] for block in blocks])
    changes = "".join(f", {name} {value:g}" for name, value in knobs.items())
    return Dataset(images, labels, NAMES, f"solids {preset or 'own knobs'}{changes} {split}")


def render(
    shape: str, knobs: str | Knobs = "easy", seed: int = 0, pixels: int = PIXELS
) -> NDArray[np.uint8]:
    """One image (3, pixels, pixels) of the named solid, uint8.

    knobs are Knobs or a level's name. With the same seed, turning one knob changes nothing that
    the other knobs govern. Raises ValueError for an unknown shape or level.
    """
    if shape not in NAMES:
        raise ValueError(
            f"shape: expected one of {', '.join(NAMES)}; received {shape!r}; try 'cube'"
        )
    check_seed(seed)
    if pixels < 1:
        raise ValueError(f"pixels: expected 1 or more; received {pixels}; try {PIXELS}")
    labels = np.array([NAMES.index(shape)])
    return _draw((seed, len(SPLITS)), labels, 0, _resolve(knobs)[1], pixels)[0]


def _resolve(level: str | Knobs) -> tuple[str | None, Knobs]:
    """The level's name, where it has one, and its knobs."""
    if isinstance(level, Knobs):
        return None, level
    if level not in LEVELS:
        raise ValueError(
            f"level: expected one of {', '.join(map(repr, LEVELS))}, or Knobs(...); "
            f"received {level!r}; try 'easy'"
        )
    return level, LEVELS[level]


def _block(
    split: str, knobs: Knobs, seed: int, first: int, count: int, folder: Path | None
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images and labels first ... first + count - 1, from the cache where it has them all."""
    path = folder / f"{split}-{first // BLOCK:03d}.npz" if folder else None
    kept = _kept(path) if path else None
    if kept and len(kept[0]) >= count:
        return kept[0][:count], kept[1][:count]
    stream = (seed, SPLITS.index(split))
    labels = order_of_classes(stream, first, count, len(NAMES))
    images = _draw(stream, labels, first, knobs, PIXELS)
    if path:
        _keep(path, images, labels)
    return images, labels


def _draw(
    stream: tuple[int, ...], labels: NDArray[np.int64], first: int, knobs: Knobs, pixels: int
) -> NDArray[np.uint8]:
    """Draw images first ... of a stream of random numbers, showing the given classes."""
    images = np.empty((len(labels), 3, pixels, pixels), np.uint8)
    for start in range(0, len(labels), PAINTED_AT_ONCE):
        part = slice(start, start + PAINTED_AT_ONCE)
        count = len(labels[part])
        canvas = paint(labels[part], draws(stream, first + start, count), knobs, pixels)
        if knobs.noise:
            grain = bell(stream, first + start, count, 3 * pixels * pixels).reshape(canvas.shape)
            canvas += np.float32(NOISE * knobs.noise) * grain
        np.clip(canvas, 0, 1, out=canvas)
        images[part] = canvas * 255 + 0.5
    return images


def _key(knobs: Knobs) -> str:
    return hashlib.sha256(f"{RENDERER} {PIXELS} {BLOCK} {knobs!r}".encode()).hexdigest()[:16]


def _kept(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]] | None:
    """What the cache holds, or None when it holds nothing that can be used."""
    try:
        arrays = load_arrays(path)
        return arrays["images"], arrays["labels"]
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (DamagedData, KeyError, OSError) as error:
        warnings.warn(
            f"the kept images cannot be used and are drawn again: {error}",
            DataWarning,
            stacklevel=4,
        )
        return None


def _keep(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    """Put images in the cache; where that is impossible, say so and go on without."""
    try:
        save_arrays(path, {"images": images, "labels": labels})
    except OSError as error:
        warnings.warn(
            f"the images are drawn anew each time, since they cannot be kept in {path.parent}: "
            f"{error}; set STRIDES_DATA_DIR to a folder that can be written",
            DataWarning,
            stacklevel=4,
        )
