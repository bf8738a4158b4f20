"""Fashion-MNIST: 70,000 grey pictures of clothes, from the files that its authors publish.

Source: Xiao, Rasul and Vollgraf, Fashion-MNIST (2017); the IDX format is LeCun's, of MNIST.
"""

import gzip
import hashlib
import struct
import zlib
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strides.data.choices import check_size, check_split, rows_of
from strides.data.dataset import Dataset
from strides.data.errors import DamagedData
from strides.data.sources import Folder, Source, SourceFile, obtain

FASHION_MNIST = Source(
    title="Fashion-MNIST",
    folder_name="fashion-mnist",
    variable="STRIDES_FASHION_MNIST",
    address="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    system_folder=Path("/usr/share/datasets/fashion-mnist"),
)
SHA256_UNPACKED = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
NAMES = (
    "T-shirt",
    "trousers",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
VALIDATION = 5000
UNSIGNED_BYTE = 8


def fashion_mnist(
    split: str = "train",
    size: int | None = None,
    *,
    folder: Folder = None,
    download: bool = True,
) -> Dataset:
    """Fashion-MNIST as uint8 images (N, 1, 28, 28), labels 0 to 9.

    The last 5,000 of the 60,000 published training images are "val", the others "train"; "test"
    are the 10,000 published ones. size takes the first so many. The files are looked for in
    `folder` or $STRIDES_FASHION_MNIST; else in the cache, in Debian's package
    dataset-fashion-mnist, and at the official address unless download is False. Their unpacked
    content is checked. Raises DataNotFound, DamagedData or DownloadFailed, all DataError;
    ValueError for an unknown split or size.
    """
    check_split(split)
    published = "t10k" if split == "test" else "train"
    images = _read(f"{published}-images-idx3-ubyte", folder, download)[:, None]
    labels = _read(f"{published}-labels-idx1-ubyte", folder, download).astype(np.int64)
    rows = rows_of(split, VALIDATION)
    data = Dataset(images[rows], labels[rows], NAMES, f"Fashion-MNIST {split}")
    check_size(size, len(data))
    return data[:size]


def _read(name: str, folder: Folder, download: bool) -> NDArray[np.uint8]:
    file = SourceFile(name + ".gz", name)
    return obtain(FASHION_MNIST, file, partial(read_idx, name=name), folder, download)


def read_idx(path: Path, name: str) -> NDArray[np.uint8]:
    """The array in an IDX file, packed with gzip or not, whose unpacked content is pinned.

    Raises DamagedData.
    """
    content = _unpacked(path)
    array = parse_idx(content, path)
    received = hashlib.sha256(content).hexdigest()
    if received != SHA256_UNPACKED[name]:
        raise DamagedData(
            f"{path}: expected unpacked content with sha256 {SHA256_UNPACKED[name]}; "
            f"received {received}"
        )
    return array


def parse_idx(content: bytes, path: Path) -> NDArray[np.uint8]:
    """The array of unsigned bytes in an IDX file's content; raises DamagedData naming path."""
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTE:
        raise DamagedData(
            f"{path}: expected an IDX file of unsigned bytes, which begins 00 00 08; "
            f"received {content[:4].hex(' ') or 'nothing'}"
        )
    axes = content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise DamagedData(f"{path}: cut off within its header, after {len(content)} bytes")
    shape = struct.unpack(f">{axes}I", content[4:start])
    expected = int(np.prod(shape, dtype=object))
    if len(content) - start != expected:
        raise DamagedData(
            f"{path}: expected {expected:,} bytes for an array {shape}; "
            f"received {len(content) - start:,}"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedData(f"{path}: damaged or cut off ({error})") from error
