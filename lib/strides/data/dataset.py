"""A labelled set of images, and the few things that every course exercise does with one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images (N, C, H, W), integer labels (N,), and a name for each class.

    Unpacks into images and labels: `x, y = solids("train")`. A slice or an array of indices
    gives a smaller Dataset. Raises ValueError when the parts do not fit together.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    title: str = "dataset"

    def __post_init__(self) -> None:
        if self.images.ndim != 4:
            raise ValueError(
                f"images: expected shape (N, C, H, W); received {self.images.shape}; "
                f"try images[:, None] for grey images, or images[None] for a single one"
            )
        if self.labels.shape != self.images.shape[:1]:
            raise ValueError(
                f"labels: expected shape {self.images.shape[:1]}, one for each image; "
                f"received {self.labels.shape}; try taking the same rows of both"
            )
        if not np.issubdtype(self.labels.dtype, np.integer):
            raise ValueError(
                f"labels: expected integers; received {self.labels.dtype}; try labels.astype(int)"
            )
        if self.labels.size and not 0 <= self.labels.min() <= self.labels.max() < len(self.names):
            raise ValueError(
                f"labels: expected 0 to {len(self.names) - 1}, one of {len(self.names)} classes; "
                f"received {self.labels.min()} to {self.labels.max()}; try counting from 0"
            )

    def __iter__(self) -> Iterator[NDArray]:
        return iter((self.images, self.labels))

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: slice | NDArray) -> "Dataset":
        if isinstance(rows, (int, np.integer)):
            raise TypeError(
                f"rows: expected a slice or an array of indices; received {rows}; "
                f"try .images[{rows}] and .labels[{rows}]"
            )
        return Dataset(self.images[rows], self.labels[rows], self.names, self.title)

    def __repr__(self) -> str:
        size = "x".join(str(side) for side in self.images.shape[1:])
        return (
            f"{self.title}: {len(self):,} images {size} ({self.images.dtype}), "
            f"{len(self.names)} classes ({', '.join(self.names)})"
        )


def split(data: Dataset, *sizes: int, seed: int = 0) -> tuple[Dataset, ...]:
    """Shuffle a Dataset and cut it into parts of the given sizes that have no image in common.

    The same seed gives the same parts. Raises ValueError when the sizes add up to more images
    than there are.
    """
    if not sizes or any(size < 1 for size in sizes) or sum(sizes) > len(data):
        raise ValueError(
            f"sizes: expected positive numbers that add up to at most {len(data)}, "
            f"the images there are; received {sizes}, which add up to {sum(sizes)}; "
            f"try fewer images a part"
        )
    order = np.random.default_rng(seed).permutation(len(data))
    ends = np.cumsum(sizes)
    return tuple(data[order[end - size : end]] for size, end in zip(sizes, ends, strict=True))


def batches(
    x: NDArray, y: NDArray, size: int, seed: int | None = None
) -> Iterator[tuple[NDArray, NDArray]]:
    """Yield (x, y) in batches of `size` rows, once through; the last may be smaller.

    With a seed the rows come in a shuffled order that the seed fixes: give each epoch its own.
    Without one they come in their own order. Raises ValueError when x and y differ in length,
    or when size is not positive.
    """
    if len(x) != len(y):
        raise ValueError(
            f"y: expected {len(x)} rows, as many as x; received {len(y)}; "
            f"try taking the same rows of both"
        )
    if size < 1:
        raise ValueError(f"size: expected at least 1 row a batch; received {size}; try 128")
    return _batches(x, y, size, seed)


def _batches(
    x: NDArray, y: NDArray, size: int, seed: int | None
) -> Iterator[tuple[NDArray, NDArray]]:
    order = np.arange(len(x)) if seed is None else np.random.default_rng(seed).permutation(len(x))
    for start in range(0, len(x), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]


def mean_and_std(images: NDArray) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of each channel of images (N, C, H, W), each (1, C, 1, 1).

    Both are float32, in the units of the images. Measure them on training images alone, and use
    the same numbers for every split. Raises ValueError when there is no image.
    """
    if images.ndim != 4 or not images.size:
        raise ValueError(
            f"images: expected shape (N, C, H, W), N > 0; received {images.shape}; "
            f"try the images of a training set"
        )
    axes = (0, 2, 3)
    mean = images.mean(axis=axes, keepdims=True, dtype=np.float64)
    std = images.std(axis=axes, keepdims=True, dtype=np.float64)
    return mean.astype(np.float32), std.astype(np.float32)


def normalise(
    images: NDArray, mean: NDArray[np.float32], std: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(images - mean) / std as float32; a channel that never varies is only shifted.

    images (N, C, H, W); mean and std (1, C, 1, 1), as `mean_and_std` gives them. Raises ValueError
    for shapes that do not fit.
    """
    spread = np.where(std > 0, std, np.float32(1)).astype(np.float32)
    return (images.astype(np.float32) - mean.astype(np.float32)) / spread
