"""CIFAR-10: 60,000 small colour photographs, from the archive that its authors publish.

Source: Krizhevsky, Learning multiple layers of features from tiny images (2009). The archive
holds pickles, which could run any code: these are read by an unpickler that admits nothing but
arrays and plain values.
"""

import hashlib
import io
import pickle
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides.data.choices import check_size, check_split, rows_of
from strides.data.dataset import Dataset
from strides.data.errors import DamagedData
from strides.data.sources import Folder, Source, SourceFile, obtain

CIFAR_10 = Source(
    title="CIFAR-10",
    folder_name="cifar-10",
    variable="STRIDES_CIFAR10",
    address="https://www.cs.toronto.edu/~kriz/",
)
ARCHIVE = SourceFile(
    "cifar-10-python.tar.gz", "cifar-10-batches-py", md5="c58f30108f718f92721af3b95e74349a"
)
MD5_MEMBERS = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
NAMES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
VALIDATION = 5000
SHAPE = (3, 32, 32)

Arrays = tuple[NDArray[np.uint8], NDArray[np.int64]]


def cifar10(
    split: str = "train",
    size: int | None = None,
    *,
    folder: Folder = None,
    download: bool = True,
) -> Dataset:
    """CIFAR-10 as uint8 images (N, 3, 32, 32), labels 0 to 9.

    The last 5,000 of the 50,000 published training images are "val", the others "train"; "test"
    are the 10,000 published ones. size takes the first so many. cifar-10-python.tar.gz, or the
    folder cifar-10-batches-py that it unpacks to, is looked for in `folder` or $STRIDES_CIFAR10;
    else in the cache, and at the official address (170 MB) unless download is False. The content
    is checked. Raises DataNotFound, DamagedData or DownloadFailed, all DataError;
    ValueError for an unknown split or size.
    """
    check_split(split)
    wanted = [name for name in MD5_MEMBERS if (name == "test_batch") == (split == "test")]
    read = partial(read_batches, wanted=wanted)
    images, labels = obtain(CIFAR_10, ARCHIVE, read, folder, download)
    rows = rows_of(split, VALIDATION)
    data = Dataset(images[rows], labels[rows], NAMES, f"CIFAR-10 {split}")
    check_size(size, len(data))
    return data[:size]


def read_batches(path: Path, wanted: list[str]) -> Arrays:
    """Images and labels of the wanted members of an archive or a folder; raises DamagedData."""
    contents = _unpacked_folder(path, wanted) if path.is_dir() else _archive(path, wanted)
    parsed = []
    for name in wanted:
        if name not in contents:
            raise DamagedData(f"{path}: expected a file {name}; there is none")
        received = hashlib.md5(contents[name], usedforsecurity=False).hexdigest()
        if received != MD5_MEMBERS[name]:
            raise DamagedData(
                f"{path}: expected {name} with md5 {MD5_MEMBERS[name]}; received {received}"
            )
        parsed.append(parse_batch(contents[name], f"{path}, {name}"))
    return np.concatenate([p[0] for p in parsed]), np.concatenate([p[1] for p in parsed])


def _unpacked_folder(path: Path, wanted: list[str]) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in wanted if (path / name).is_file()}


def _archive(path: Path, wanted: list[str]) -> dict[str, bytes]:
    """The wanted members' content; nothing is unpacked onto the disk."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            return dict(_members(archive, wanted))
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise DamagedData(f"{path}: damaged or cut off ({error})") from error


def _members(archive: tarfile.TarFile, wanted: list[str]) -> Iterator[tuple[str, bytes]]:
    for member in archive:
        name = member.name.rsplit("/", 1)[-1]
        file = archive.extractfile(member) if name in wanted else None
        if file:
            yield name, file.read()


def parse_batch(content: bytes, place: str) -> Arrays:
    """Images (n, 3, 32, 32) and labels (n,) of one pickled batch.

    Raises DamagedData naming `place`, also when the pickle asks for anything but plain data.
    """
    try:
        batch = _PlainUnpickler(io.BytesIO(content), encoding="bytes").load()
    except _Refused as refusal:
        raise DamagedData(f"{place}: refused, because it {refusal}") from refusal
    except Exception as error:  # a damaged pickle may raise anything
        raise DamagedData(f"{place}: not a pickle of plain data ({error})") from error
    if not isinstance(batch, Mapping):
        raise DamagedData(f"{place}: expected a dictionary; received {type(batch).__name__}")
    images, labels = batch.get(b"data"), batch.get(b"labels")
    if not (
        isinstance(images, np.ndarray)
        and images.dtype == np.uint8
        and images.shape[1:] == (int(np.prod(SHAPE)),)
        and isinstance(labels, list)
        and len(labels) == len(images)
        and all(type(label) is int and 0 <= label < len(NAMES) for label in labels)
    ):
        raise DamagedData(f"{place}: expected images (n, 3072) of bytes and n labels 0 to 9")
    return images.reshape(-1, *SHAPE), np.array(labels, np.int64)


class _Refused(Exception):
    """A pickle asked for something that is not plain data."""


class _PlainUnpickler(pickle.Unpickler):
    """Admits numbers, strings, lists, dictionaries and arrays, and no other name at all."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy", "dtype"):
            return np.dtype
        if module in ("numpy.core.multiarray", "numpy._core.multiarray") and name == "_reconstruct":
            return super().find_class("numpy._core.multiarray", "_reconstruct")
        raise _Refused(f"asks to use {module}.{name}")
