"""Data sets of the course: offline first, checked, the same for everybody.

`solids` draws its own images and `digits` come with scikit-learn: neither needs a network.
`fashion_mnist` and `cifar10` read published files, and fetch them where they are missing.
"""

from strides.data import augment
from strides.data.cache import data_dir
from strides.data.cifar import cifar10
from strides.data.dataset import Dataset, batches, mean_and_std, normalise, split
from strides.data.errors import (
    DamagedData,
    DataError,
    DataNotFound,
    DataWarning,
    DownloadFailed,
)
from strides.data.fashion import fashion_mnist
from strides.data.knobs import KNOB_NAMES, LEVELS, Knobs
from strides.data.packaged import digits
from strides.data.rendered import render, solids
from strides.data.shapes import NAMES as SOLIDS

__all__ = [
    "KNOB_NAMES",
    "LEVELS",
    "SOLIDS",
    "DamagedData",
    "DataError",
    "DataNotFound",
    "DataWarning",
    "Dataset",
    "DownloadFailed",
    "Knobs",
    "augment",
    "batches",
    "cifar10",
    "data_dir",
    "digits",
    "fashion_mnist",
    "mean_and_std",
    "normalise",
    "render",
    "solids",
    "split",
]
