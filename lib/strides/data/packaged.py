"""A real data set that comes with a package: scikit-learn's handwritten digits."""

import numpy as np

from strides.data.choices import SPLITS, check_seed, check_size, check_split
from strides.data.dataset import Dataset
from strides.data.dataset import split as cut

DIGIT_SIZES = (1197, 300, 300)
INK = 16
"""The highest value in scikit-learn's images."""


def digits(split: str = "train", size: int | None = None, *, seed: int = 0) -> Dataset:
    """Handwritten digits as uint8 images (N, 1, 8, 8) from 0 to 255, labels 0 to 9.

    1,197 are for "train", 300 for "val" and 300 for "test", shuffled as the seed says; size
    takes the first so many. Needs no network. Raises ValueError for an unknown split or size.

    Source: the optical digits of Alpaydin and Kaynak (UCI, 1998), in scikit-learn.
    """
    check_split(split)
    check_seed(seed)
    from sklearn.datasets import load_digits  # slow to import, and nothing else here needs it

    pixels, labels = load_digits(return_X_y=True)
    images = np.rint(pixels * (255 / INK)).astype(np.uint8).reshape(-1, 1, 8, 8)
    everything = Dataset(
        images, labels.astype(np.int64), tuple(map(str, range(10))), f"digits {split}"
    )
    data = cut(everything, *DIGIT_SIZES, seed=seed)[SPLITS.index(split)]
    check_size(size, len(data))
    return data[:size]
