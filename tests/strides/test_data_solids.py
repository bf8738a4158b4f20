"""The drawn images: the same for everybody, and what each knob may change."""

import hashlib
import platform
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from strides.data import KNOB_NAMES, LEVELS, SOLIDS, DataWarning, Knobs, render, solids
from strides.data import rendered as rendered_module
from strides.data.cache import save_arrays

PINNED = Path(__file__).with_name("test_data_pinned.npz")
SHA256 = {
    "easy": "68592961a11c84a48081df7247a14d93dda841098b0605c1128f8fcf3373cb3e",
    "medium": "b84ba99c859c337580226a93ff2c3d1682a6dea07f153d3a8f2c953b067418ab",
    "hard": "3736df7e48975017c62c2d0b4554d3c199678ec439b1951d543f9826fe952500",
}
REFERENCE_PLATFORM = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STRIDES_DATA_DIR", str(tmp_path))
    return tmp_path


def kept_files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("level", LEVELS)
def test_content_is_pinned(level):
    """To the bit on the reference platform; elsewhere to a grey level on a few pixels."""
    data = solids("train", level, 200)
    with np.load(PINNED) as file:
        images, labels = file[f"{level}_images"], file[f"{level}_labels"]
    assert np.array_equal(data.labels[: len(labels)], labels)
    gap = np.abs(data.images[: len(images)].astype(int) - images)
    assert gap.max() <= 1
    assert np.mean(gap > 0) < 0.001
    if REFERENCE_PLATFORM:
        digest = hashlib.sha256(data.images.tobytes() + data.labels.tobytes()).hexdigest()
        assert digest == SHA256[level]


def test_default_is_the_easy_training_set():
    x, y = data = solids()
    assert (x.shape, x.dtype) == ((2000, 3, 32, 32), np.uint8)
    assert (y.shape, y.dtype) == ((2000,), np.int64)
    assert data.names == SOLIDS
    assert "easy train" in repr(data)


@pytest.mark.parametrize("size", [1, 7, 205, 1003])
def test_an_image_does_not_depend_on_how_many_are_drawn(size):
    x, y = solids("val", Knobs(pose=1, texture=1, clutter=1, noise=1), size)
    more_x, more_y = solids("val", Knobs(pose=1, texture=1, clutter=1, noise=1), 1010)
    assert np.array_equal(x, more_x[:size])
    assert np.array_equal(y, more_y[:size])


def test_an_image_does_not_depend_on_how_many_are_painted_at_once(monkeypatch):
    together = solids("test", "hard", 60).images
    monkeypatch.setattr(rendered_module, "PAINTED_AT_ONCE", 7)
    apart = solids("test", LEVELS["hard"], 60).images
    assert np.array_equal(together, apart)


def test_every_ten_images_show_each_class_once():
    _, y = solids("train", "easy", 100)
    assert all(sorted(ten) == list(range(10)) for ten in y.reshape(10, 10))
    assert len({tuple(ten) for ten in y.reshape(10, 10)}) > 1


def test_splits_and_seeds_differ():
    sets = [solids(split, "easy", 20).images for split in ("train", "val", "test")]
    sets.append(solids("train", "easy", 20, seed=1).images)
    assert len({images.tobytes() for images in sets}) == 4


@pytest.mark.parametrize("knob", KNOB_NAMES)
def test_each_knob_changes_the_image(knob):
    still = render("cylinder", Knobs(), seed=2)
    assert not np.array_equal(still, render("cylinder", Knobs().but(**{knob: 1.0}), seed=2))


@pytest.mark.parametrize("knob", ["pose", "scale", "position", "light", "colour", "texture"])
def test_knobs_of_the_solid_leave_the_background_alone(knob):
    """Far from the solid nothing moves, so the background's own numbers are untouched."""
    knobs = Knobs(background=1.0, noise=1.0)
    before = render("ball", knobs, seed=5)
    after = render("ball", knobs.but(**{knob: 0.2}), seed=5)
    corners = np.s_[:, [0, 0, 0, -1, -1, -1], [0, 1, -1, 0, 1, -1]]
    assert np.array_equal(before[corners], after[corners])
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("knob", ["background", "clutter"])
def test_knobs_of_the_background_leave_the_solid_alone(knob):
    """The middle of the ball shows the ball, whatever lies behind it."""
    knobs = Knobs(colour=1.0, light=1.0, texture=1.0)
    centre = np.s_[:, 12:20, 12:20]
    seeds = [s for s in range(8) if not in_front(s)]
    for seed in seeds:
        before = render("ball", knobs, seed)
        after = render("ball", knobs.but(**{knob: 0.7}), seed)
        assert np.array_equal(before[centre], after[centre])
    assert len(seeds) >= 2


def in_front(seed):
    """Whether a piece of clutter comes before the solid at this seed."""
    from strides.data.chance import draws

    return bool((draws((seed, 3), 0, 1)["clutter"][0, :2, 0] >= 1 - 0.7 / 3).any())


def test_position_moves_the_solid_and_nothing_else():
    centred = Knobs(colour=1.0, pose=0.5)
    moved = centred.but(position=1.0)
    background = int(0.45 * 255 + 0.5)
    areas = []
    for knobs in (centred, moved):
        image = render("ball", knobs, seed=3).astype(int)
        rows, columns = np.nonzero((np.abs(image - background) > 12).any(axis=0))
        areas.append((len(rows), rows.mean(), columns.mean()))
    assert areas[0][1:] == pytest.approx((15.5, 15.5), abs=0.6)
    assert np.hypot(areas[1][1] - 15.5, areas[1][2] - 15.5) > 2
    assert areas[1][0] == pytest.approx(areas[0][0], rel=0.1)


def test_a_shifted_test_set_has_the_same_labels_and_other_pixels():
    usual, shifted = solids("test", size=40), solids("test", size=40, position=0.8)
    assert np.array_equal(usual.labels, shifted.labels)
    assert not np.array_equal(usual.images, shifted.images)
    assert "position 0.8" in repr(shifted)


def test_noise_has_the_stated_strength():
    plain = Knobs()
    gap = render("ball", plain.but(noise=1.0), seed=1).astype(float) - render("ball", plain, seed=1)
    assert gap.std() == pytest.approx(0.12 * 255, rel=0.1)
    assert gap.mean() == pytest.approx(0, abs=2)


def test_render_draws_any_size():
    small, large = render("jack", pixels=8), render("jack", pixels=96)
    assert small.shape == (3, 8, 8)
    assert large.shape == (3, 96, 96)


def test_solids_without_noise_can_be_told_apart():
    """At fixed knobs no two of the ten look alike: a person could name them, too."""
    images = [render(name, Knobs()).astype(int) for name in SOLIDS]
    for i, one in enumerate(images):
        for other in images[:i]:
            assert (np.abs(one - other).max(axis=0) > 25).sum() > 30


# ---- the cache ----


def test_a_level_is_kept_and_read_again(folder, monkeypatch):
    first = solids("val", "easy", 30)
    assert len(kept_files(folder)) == 1
    monkeypatch.setattr(rendered_module, "_draw", None)
    assert np.array_equal(first.images, solids("val", "easy", 30).images)
    assert np.array_equal(first.images[:12], solids("val", "easy", 12).images)


def test_own_knobs_and_seeds_are_not_kept(folder):
    solids("val", "easy", 10, position=0.3)
    solids("val", Knobs(), 10)
    solids("val", "easy", 10, seed=1)
    assert kept_files(folder) == []


def test_more_images_than_were_kept_are_drawn(folder):
    few, many = solids("val", "easy", 10), solids("val", "easy", 25)
    assert np.array_equal(few.images, many.images[:10])
    assert len(solids("val", "easy", 25)) == 25
    assert len(kept_files(folder)) == 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other", "wrong arrays"])
def test_a_damaged_file_is_drawn_again(folder, damage):
    good = solids("train", "easy", 20)
    (path,) = kept_files(folder)
    content = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "flipped":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "other":
        path.write_bytes(b"not a file of arrays")
    else:
        save_arrays(path, {"images": good.images})
    with pytest.warns(DataWarning, match="drawn again"):
        again = solids("train", "easy", 20)
    assert np.array_equal(good.images, again.images)
    assert np.array_equal(good.images, solids("train", "easy", 20).images)  # mended: no warning


def test_a_file_with_right_checksum_and_wrong_values_is_the_users_own(folder):
    """The checksum guards against damage; it is no signature."""
    solids("train", "easy", 10)
    (path,) = kept_files(folder)
    black = np.zeros((10, 3, 32, 32), np.uint8)
    save_arrays(path, {"images": black, "labels": np.arange(10)})
    assert not solids("train", "easy", 10).images.any()


def test_a_folder_that_cannot_be_written_is_no_obstacle(folder, monkeypatch):
    (folder / "file").write_text("in the way")
    monkeypatch.setenv("STRIDES_DATA_DIR", str(folder / "file"))
    with pytest.warns(DataWarning, match="STRIDES_DATA_DIR"):
        assert len(solids("val", "easy", 10)) == 10


# ---- what is asked for ----


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"split": "training"}, "split: expected one of 'train', 'val', 'test'"),
        ({"level": "impossible"}, "level: expected one of 'easy', 'medium', 'hard'"),
        ({"size": 0}, "size: expected a whole number"),
        ({"size": 2.5}, "size: expected a whole number"),
        ({"size": True}, "size: expected a whole number"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"position": 1.5}, "position: expected a number from 0"),
        ({"position": float("nan")}, "position: expected a number from 0"),
        ({"position": "far"}, "position: expected a number from 0"),
        ({"angle": 0.5}, "knob: expected one of pose, .*received 'angle'; try"),
    ],
)
def test_wrong_requests_say_what_was_expected(wrong, message):
    with pytest.raises(ValueError, match=message):
        solids(**wrong)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"shape": "sphere"}, "shape: expected one of ball, cube"),
        ({"shape": "ball", "pixels": 0}, "pixels: expected 1 or more"),
        ({"shape": "ball", "knobs": "tough"}, "level: expected one of"),
    ],
)
def test_wrong_renderings_say_what_was_expected(wrong, message):
    with pytest.raises(ValueError, match=message):
        render(**wrong)


def test_levels_get_harder_knob_by_knob():
    for field in fields(Knobs):
        easy, medium, hard = (getattr(LEVELS[level], field.name) for level in LEVELS)
        assert easy <= medium <= hard
