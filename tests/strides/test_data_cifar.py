"""CIFAR-10 from small files in the published format; pickles that would do harm are refused."""

import hashlib
import io
import os
import pickle
import tarfile

import numpy as np
import pytest

from strides.data import DamagedData, DataNotFound, cifar, cifar10
from strides.data.cifar import MD5_MEMBERS, parse_batch

COUNT = 4


def small_batches():
    """The six members of a tiny archive: pickles of byte strings, as Python 2 wrote them."""
    rng = np.random.default_rng(0)
    members = {}
    for name in MD5_MEMBERS:
        batch = {
            b"batch_label": name.encode(),
            b"labels": rng.integers(0, 10, COUNT).tolist(),
            b"data": rng.integers(0, 256, (COUNT, 3072), dtype=np.uint8),
            b"filenames": [b"a.png"] * COUNT,
        }
        members[name] = pickle.dumps(batch, protocol=3)
    return members


def archive(members):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, data in {"batches.meta": b"unused", **members}.items():
            info = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return content.getvalue()


@pytest.fixture(autouse=True)
def clean(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDES_DATA_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("STRIDES_CIFAR10", raising=False)
    monkeypatch.setattr(cifar, "VALIDATION", 5)


@pytest.fixture
def members(monkeypatch):
    members = small_batches()
    for name, content in members.items():
        monkeypatch.setitem(MD5_MEMBERS, name, hashlib.md5(content).hexdigest())
    return members


@pytest.fixture
def folder(tmp_path, members):
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(archive(members))
    return tmp_path


def test_archive_is_read(folder, members):
    train, val, test = (cifar10(split, folder=folder) for split in ("train", "val", "test"))
    assert [len(train), len(val), len(test)] == [5 * COUNT - 5, 5, COUNT]
    assert (test.images.shape, test.images.dtype) == ((COUNT, 3, 32, 32), np.uint8)
    published = pickle.loads(members["test_batch"])
    assert test.labels.tolist() == published[b"labels"]
    assert np.array_equal(test.images.reshape(COUNT, -1), published[b"data"])
    batches = [pickle.loads(members[f"data_batch_{i}"])[b"labels"] for i in range(1, 6)]
    assert [*train.labels, *val.labels] == [label for batch in batches for label in batch]
    assert len(cifar10("train", 7, folder=folder)) == 7


def test_unpacked_folder_and_variable_do_as_well(tmp_path, members, monkeypatch):
    unpacked = tmp_path / "cifar-10-batches-py"
    unpacked.mkdir()
    for name, content in members.items():
        (unpacked / name).write_bytes(content)
    monkeypatch.setenv("STRIDES_CIFAR10", str(tmp_path))
    assert len(cifar10("test")) == COUNT


def test_nothing_is_unpacked_onto_the_disk(folder):
    before = sorted(folder.rglob("*"))
    cifar10("test", folder=folder)
    assert sorted(folder.rglob("*")) == before


def test_archive_in_the_cache_is_found(tmp_path, members):
    cache = tmp_path / "cache" / "cifar-10"
    cache.mkdir(parents=True)
    (cache / "cifar-10-python.tar.gz").write_bytes(archive(members))
    assert len(cifar10("test", download=False)) == COUNT


def test_nowhere_says_what_to_do():
    with pytest.raises(DataNotFound, match=r"(?s)cifar-10-python.tar.gz.*STRIDES_CIFAR10.*solids"):
        cifar10(download=False)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_archive_cut_off_is_refused(folder, share):
    path = folder / "cifar-10-python.tar.gz"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DamagedData, match="damaged or cut off"):
        cifar10("test", folder=folder)


def test_archive_without_a_member_is_refused(tmp_path, members):
    del members["data_batch_3"]
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(archive(members))
    with pytest.raises(DamagedData, match="expected a file data_batch_3"):
        cifar10("train", folder=tmp_path)


def test_other_content_is_refused(tmp_path, members):
    members["test_batch"] = members["data_batch_1"]
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(archive(members))
    with pytest.raises(DamagedData, match="expected test_batch with md5"):
        cifar10("test", folder=tmp_path)


def test_published_checksums_are_pinned():
    assert cifar.ARCHIVE.md5 == "c58f30108f718f92721af3b95e74349a"
    assert all(len(md5) == 32 for md5 in MD5_MEMBERS.values())


# ---- pickles ----


class Harm:
    """Pickles to a call of os.system."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_a_pickle_that_would_run_a_command_is_refused(tmp_path):
    harmful = pickle.dumps({b"data": Harm(tmp_path / "harm"), b"labels": []})
    with pytest.raises(DamagedData, match=r"batch: refused, because it asks to use posix\.system"):
        parse_batch(harmful, "batch")
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cnumpy\nload\n(S'/etc/passwd'\ntR.",
        b"cnumpy.core.multiarray\nfromfile\n(S'/etc/passwd'\ntR.",
        b"\x80\x04\x8c\x05numpy\x8c\x0cndarray.dump\x93.",
    ],
)
def test_every_other_name_is_refused(content):
    with pytest.raises(DamagedData, match="refused, because it asks to use"):
        parse_batch(content, "batch")


GOOD = {b"data": np.zeros((2, 3072), np.uint8), b"labels": [0, 9]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a pickle of plain data"),
        (b"\x80\x03}q", "not a pickle of plain data"),
        (pickle.dumps([1, 2]), "expected a dictionary; received list"),
        (pickle.dumps({}), "expected images"),
        (pickle.dumps({**GOOD, b"labels": [0]}, protocol=3), "expected images"),
        (pickle.dumps({**GOOD, b"labels": [0, 10]}, protocol=3), "expected images"),
        (pickle.dumps({**GOOD, b"labels": [0, "1"]}, protocol=3), "expected images"),
        (pickle.dumps({**GOOD, b"data": np.zeros((2, 3072))}, protocol=3), "expected images"),
        (pickle.dumps({**GOOD, b"data": np.zeros((2, 30), "u1")}, protocol=3), "expected images"),
    ],
)
def test_other_pickles_are_refused(content, message):
    with pytest.raises(DamagedData, match=f"batch: {message}"):
        parse_batch(content, "batch")


def test_a_plain_batch_is_accepted():
    images, labels = parse_batch(pickle.dumps(GOOD, protocol=3), "batch")
    assert images.shape == (2, 3, 32, 32)
    assert labels.tolist() == [0, 9]
