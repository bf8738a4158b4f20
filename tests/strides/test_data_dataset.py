"""Datasets, splits, batches, normalisation, scikit-learn's digits, and the small tools beneath."""

import io
import os
import sys

import numpy as np
import pytest

from strides.data import Dataset, batches, data_dir, digits, mean_and_std, normalise, split
from strides.data import progress as progress_module
from strides.data.cache import load_arrays, save_arrays, write_whole
from strides.data.errors import DamagedData
from strides.data.progress import Progress


def small(count=10):
    images = np.arange(count * 12, dtype=np.uint8).reshape(count, 3, 2, 2)
    return Dataset(images, np.arange(count) % 4, ("a", "b", "c", "d"), "small")


# ---- Dataset ----


def test_dataset_unpacks_slices_and_reads_well():
    data = small()
    x, y = data
    assert x is data.images
    assert y is data.labels
    assert len(data) == 10
    assert repr(data) == "small: 10 images 3x2x2 (uint8), 4 classes (a, b, c, d)"
    assert np.array_equal(data[3:5].labels, [3, 0])
    assert np.array_equal(data[np.array([7, 1])].images, data.images[[7, 1]])
    with pytest.raises(TypeError, match=r"try .images\[3\]"):
        data[3]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((2, 3, 4)), [0, 1], r"images: expected shape \(N, C, H, W\)"),
        (np.zeros((2, 3, 4, 4)), [0], r"labels: expected shape \(2,\)"),
        (np.zeros((2, 3, 4, 4)), [0.0, 1.0], "labels: expected integers; received float64"),
        (np.zeros((2, 3, 4, 4)), [0, 4], "labels: expected 0 to 3"),
        (np.zeros((2, 3, 4, 4)), [-1, 0], "labels: expected 0 to 3"),
    ],
)
def test_parts_that_do_not_fit_are_refused(images, labels, message):
    with pytest.raises(ValueError, match=message):
        Dataset(images, np.array(labels), ("a", "b", "c", "d"))


def test_split_is_disjoint_shuffled_and_fixed_by_its_seed():
    data = small(20)
    first, second = split(data, 12, 5, seed=3)
    keys = [set(part.images[:, 0, 0, 0].tolist()) for part in (first, second)]
    assert [len(key) for key in keys] == [12, 5]
    assert not keys[0] & keys[1]
    assert np.array_equal(first.images, split(data, 12, 5, seed=3)[0].images)
    assert not np.array_equal(first.images, split(data, 12, 5, seed=4)[0].images)
    assert not np.array_equal(first.images, data.images[:12])


@pytest.mark.parametrize("sizes", [(), (11,), (6, 5), (0, 3), (-1,)])
def test_split_refuses_sizes_that_do_not_fit(sizes):
    with pytest.raises(ValueError, match="add up to at most 10"):
        split(small(), *sizes)


def test_batches_cover_every_row_once():
    x, y = small()
    parts = list(batches(x, y, 4, seed=1))
    assert [len(part[1]) for part in parts] == [4, 4, 2]
    rows = np.concatenate([part[0][:, 0, 0, 0] for part in parts])
    assert sorted(rows.tolist()) == sorted(x[:, 0, 0, 0].tolist())
    assert not np.array_equal(rows, x[:, 0, 0, 0])
    for images, labels in parts:
        assert np.array_equal(labels, images[:, 0, 0, 0] // 12 % 4)


def test_batches_are_fixed_by_their_seed():
    x, y = small()

    def order(seed):
        return [labels.tolist() for _, labels in batches(x, y, 3, seed)]

    assert order(5) == order(5)
    assert order(5) != order(6)
    assert [label for batch in order(None) for label in batch] == y.tolist()


def test_batches_refuse_at_once():
    x, y = small()
    with pytest.raises(ValueError, match="y: expected 10 rows"):
        batches(x, y[:9], 4)
    with pytest.raises(ValueError, match="size: expected at least 1"):
        batches(x, y, 0)


def test_normalised_images_have_mean_0_and_standard_deviation_1():
    rng = np.random.default_rng(0)
    images = rng.integers(0, [[[[256]], [[100]], [[9]]]], (50, 3, 6, 5)).astype(np.uint8)
    mean, std = mean_and_std(images)
    assert mean.shape == std.shape == (1, 3, 1, 1)
    assert mean.dtype == std.dtype == np.float32
    out = normalise(images, mean, std)
    assert out.dtype == np.float32
    assert out.mean(axis=(0, 2, 3)) == pytest.approx(0, abs=1e-5)
    assert out.std(axis=(0, 2, 3)) == pytest.approx(1, abs=1e-5)


def test_a_channel_that_never_varies_stays_finite():
    images = np.full((4, 1, 2, 2), 7, np.uint8)
    assert not normalise(images, *mean_and_std(images)).any()


def test_statistics_need_images():
    with pytest.raises(ValueError, match="N > 0"):
        mean_and_std(np.zeros((0, 3, 2, 2)))


# ---- digits ----


def test_digits_are_split_without_overlap():
    parts = {name: digits(name) for name in ("train", "val", "test")}
    assert [len(part) for part in parts.values()] == [1197, 300, 300]
    everything = np.concatenate([part.images for part in parts.values()])
    from sklearn.datasets import load_digits

    published = np.rint(load_digits().images * (255 / 16)).astype(np.uint8)
    assert sorted(image.tobytes() for image in everything) == sorted(
        image.tobytes() for image in published
    )
    x, y = parts["train"]
    assert (x.shape, x.dtype, x.max()) == ((1197, 1, 8, 8), np.uint8, 255)
    assert y.dtype == np.int64
    assert set(y) == set(range(10))


def test_digits_keep_their_labels():
    from sklearn.datasets import load_digits

    published = load_digits()
    label_of = {
        np.rint(image * (255 / 16)).astype(np.uint8).tobytes(): label
        for image, label in zip(published.images, published.target, strict=True)
    }
    x, y = digits("test", 50)
    assert [label_of[image.tobytes()] for image in x] == y.tolist()


def test_digits_follow_the_seed():
    assert np.array_equal(digits(seed=1).images, digits(seed=1).images)
    assert not np.array_equal(digits(seed=1).images, digits(seed=2).images)


def test_digits_refuse_what_they_do_not_have():
    with pytest.raises(ValueError, match="size: expected at most 300"):
        digits("test", 301)
    with pytest.raises(ValueError, match="split: expected one of"):
        digits("valid")
    with pytest.raises(ValueError, match="seed: expected a whole number"):
        digits(seed=-3)


# ---- the cache's tools ----


def test_data_dir_follows_the_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDES_DATA_DIR", str(tmp_path / "here"))
    assert data_dir() == tmp_path / "here"


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("linux", (".cache", "strides")),
        ("darwin", ("Library", "Caches", "strides")),
        ("win32", ("AppData", "Local", "strides")),
    ],
)
def test_data_dir_is_the_systems_own(tmp_path, monkeypatch, system, expected):
    for name in ("STRIDES_DATA_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setattr(sys, "platform", system)
    assert data_dir() == tmp_path.joinpath(*expected)


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    path = tmp_path / "deep" / "file"
    write_whole(path, lambda file: file.write(b"old"))

    def half(file):
        file.write(b"ne")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        write_whole(path, half)
    assert path.read_bytes() == b"old"
    assert os.listdir(path.parent) == ["file"]


def test_arrays_come_back_as_they_were(tmp_path):
    arrays = {"a": np.arange(6).reshape(2, 3), "b": np.array([1.5], np.float32)}
    save_arrays(tmp_path / "x.npz", arrays)
    back = load_arrays(tmp_path / "x.npz")
    assert back.keys() == arrays.keys()
    assert all(np.array_equal(back[name], arrays[name]) for name in arrays)


def test_arrays_with_another_checksum_are_damaged(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.arange(3), checksum=np.array("0" * 64))
    with pytest.raises(DamagedData, match="checksum"):
        load_arrays(tmp_path / "x.npz")


def test_arrays_of_objects_are_never_loaded(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.array([{}], dtype=object), checksum=np.array(""))
    with pytest.raises(DamagedData, match="not a file that was kept whole"):
        load_arrays(tmp_path / "x.npz")


# ---- the progress line ----


def test_progress_is_quiet_for_short_work(capsys):
    with Progress("drawing", 10) as progress:
        for done in range(11):
            progress.reach(done)
    assert capsys.readouterr().err == ""


def test_progress_of_long_work_ends_at_its_total(monkeypatch):
    clock = iter(range(100))
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with Progress("drawing", 4000) as progress:
        for done in (1000, 2000, 4000):
            progress.reach(done)
    lines = sys.stderr.getvalue().split("\r")
    assert lines[1] == "drawing [=======                       ] 1,000 of 4,000"
    assert lines[-1] == f"drawing [{'=' * 30}] 4,000 of 4,000\n"


def test_progress_without_a_total_counts():
    assert Progress("fetching f", None, " MB", 1e6).line(2_500_000) == "fetching f 2.5 MB"
