"""Fashion-MNIST: the real files where they are present, and small ones in the same format."""

import gzip
import hashlib
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from strides.data import DamagedData, DataNotFound, DataWarning, fashion, fashion_mnist
from strides.data.fashion import SHA256_UNPACKED, parse_idx

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "fashion-mnist"
needs_real_files = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"the published files of Fashion-MNIST are not in {REAL}"
)


def idx(array):
    """An array of bytes in the IDX format."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def small_files(train=8, test=6):
    """Unpacked files of a tiny set, by name."""
    rng = np.random.default_rng(0)
    files = {}
    for name, count in (("train", train), ("t10k", test)):
        files[f"{name}-images-idx3-ubyte"] = idx(
            rng.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        )
        files[f"{name}-labels-idx1-ubyte"] = idx(rng.integers(0, 10, count, dtype=np.uint8))
    return files


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Pin the tiny set's content instead of the published one, far from any real copy."""
    files = small_files()
    source = replace(fashion.FASHION_MNIST, system_folder=tmp_path / "system")
    monkeypatch.setattr(fashion, "FASHION_MNIST", source)
    monkeypatch.setattr(fashion, "VALIDATION", 3)
    for name, content in files.items():
        monkeypatch.setitem(SHA256_UNPACKED, name, hashlib.sha256(content).hexdigest())
    return files


@pytest.fixture(autouse=True)
def clean(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDES_DATA_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("STRIDES_FASHION_MNIST", raising=False)


def put(folder, files, packed=True):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
    return folder


# ---- the published files ----


@needs_real_files
def test_published_files_are_read():
    parts = {split: fashion_mnist(split, folder=REAL) for split in ("train", "val", "test")}
    assert [len(part) for part in parts.values()] == [55000, 5000, 10000]
    x, y = parts["train"]
    assert (x.shape[1:], x.dtype, y.dtype) == ((1, 28, 28), np.uint8, np.int64)
    labels = np.concatenate([parts["train"].labels, parts["val"].labels])
    assert np.bincount(labels).tolist() == [6000] * 10
    assert np.bincount(parts["test"].labels).tolist() == [1000] * 10
    assert y[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert x.mean() / 255 == pytest.approx(0.286, abs=0.001)


@needs_real_files
def test_published_files_are_found_through_the_variable(monkeypatch):
    monkeypatch.setenv("STRIDES_FASHION_MNIST", str(REAL))
    assert len(fashion_mnist("test", 100)) == 100


@needs_real_files
def test_published_files_in_debians_folder_are_found(monkeypatch):
    monkeypatch.setattr(
        fashion, "FASHION_MNIST", replace(fashion.FASHION_MNIST, system_folder=REAL)
    )
    assert len(fashion_mnist("test", download=False)) == 10000


@needs_real_files
def test_published_files_cut_off_are_refused(tmp_path):
    for file in REAL.glob("t10k-*.gz"):
        content = file.read_bytes()
        (tmp_path / file.name).write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(DamagedData, match=r"t10k-images-idx3-ubyte.gz: damaged or cut off"):
        fashion_mnist("test", folder=tmp_path)


# ---- where files are looked for ----


@pytest.mark.parametrize("packed", [True, False])
def test_files_are_read_packed_or_not(tmp_path, files, packed):
    folder = put(tmp_path / "mine", files, packed)
    train = fashion_mnist("train", folder=folder)
    val, test = fashion_mnist("val", folder=folder), fashion_mnist("test", folder=folder)
    assert [len(train), len(val), len(test)] == [5, 3, 6]
    both = np.concatenate([train.images, val.images])
    assert both.tobytes() == files["train-images-idx3-ubyte"][16:]
    assert test.labels.tolist() == list(files["t10k-labels-idx1-ubyte"][8:])
    assert fashion_mnist("test", 2, folder=folder).labels.tolist() == test.labels[:2].tolist()


def test_a_repacked_archive_is_as_good(tmp_path, files):
    folder = put(tmp_path / "mine", files)
    for path in folder.iterdir():
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), compresslevel=1))
    assert len(fashion_mnist("test", folder=folder)) == 6


def test_the_given_folder_comes_before_the_variable(tmp_path, files, monkeypatch):
    monkeypatch.setenv("STRIDES_FASHION_MNIST", str(tmp_path / "nothing"))
    assert len(fashion_mnist("test", folder=put(tmp_path / "mine", files))) == 6


def test_a_given_folder_without_the_files_is_an_error(tmp_path, files):
    put(tmp_path / "cache" / "fashion-mnist", files)  # would do, and is not a silent substitute
    with pytest.raises(DataNotFound) as caught:
        fashion_mnist("test", folder=tmp_path / "empty")
    assert "t10k-images-idx3-ubyte.gz" in str(caught.value)
    assert str(tmp_path / "empty") in str(caught.value)


@pytest.mark.parametrize("place", ["cache/fashion-mnist", "system"])
def test_cache_and_system_folder_are_searched(tmp_path, files, place):
    put(tmp_path / place, files)
    assert len(fashion_mnist("test", download=False)) == 6


def test_a_damaged_file_in_the_cache_is_passed_over_aloud(tmp_path, files):
    put(tmp_path / "system", files)
    put(tmp_path / "cache" / "fashion-mnist", {"t10k-labels-idx1-ubyte": b"rubbish"})
    with pytest.warns(DataWarning, match="t10k-labels-idx1-ubyte.gz.*another copy"):
        assert len(fashion_mnist("test", download=False)) == 6


def test_nowhere_says_where_it_looked_and_what_to_do(tmp_path, files):
    with pytest.raises(DataNotFound) as caught:
        fashion_mnist("test", download=False)
    message = str(caught.value)
    for part in (
        "t10k-images-idx3-ubyte.gz",
        str(tmp_path / "cache" / "fashion-mnist"),
        str(tmp_path / "system"),
        "STRIDES_FASHION_MNIST",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "solids()",
        "digits()",
    ):
        assert part in message


def test_other_content_is_refused(tmp_path, files):
    changed = bytearray(files["t10k-labels-idx1-ubyte"])
    changed[-1] ^= 1
    folder = put(tmp_path / "mine", {**files, "t10k-labels-idx1-ubyte": bytes(changed)})
    with pytest.raises(DamagedData, match="expected unpacked content with sha256"):
        fashion_mnist("test", folder=folder)


def test_wrong_requests_say_what_was_expected(tmp_path, files):
    folder = put(tmp_path / "mine", files)
    with pytest.raises(ValueError, match="split: expected one of"):
        fashion_mnist("validation", folder=folder)
    with pytest.raises(ValueError, match="size: expected at most 6"):
        fashion_mnist("test", 7, folder=folder)


# ---- the format ----


def test_idx_is_parsed():
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    assert np.array_equal(parse_idx(idx(array), Path("f")), array)
    parse_idx(idx(array), Path("f"))[0] = 1  # the caller's own, and writable


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "begins 00 00 08; received nothing"),
        (b"<html>", "begins 00 00 08; received 3c 68 74 6d"),
        (struct.pack(">HBBI", 0, 13, 1, 1) + b"....", "unsigned bytes"),
        (struct.pack(">HBBI", 0, 8, 3, 2), "cut off within its header"),
        (idx(np.zeros((2, 3), np.uint8))[:-1], r"expected 6 bytes .* \(2, 3\); received 5"),
        (idx(np.zeros((2, 3), np.uint8)) + b"!", "expected 6 bytes .* received 7"),
        (struct.pack(">HBB3I", 0, 8, 3, *[2**32 - 1] * 3), "received 0"),
    ],
)
def test_other_files_are_refused(content, message):
    with pytest.raises(DamagedData, match=f"f: .*{message}"):
        parse_idx(content, Path("f"))
