"""Augmentation: what each step may change, what it must not, and that the seed fixes it all."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strides import data
from strides.data import augment

drawn = settings(deadline=None, derandomize=True, max_examples=25)
seeds = st.integers(0, 2**32 - 1)
shapes = st.tuples(*(st.integers(low, 7) for low in (0, 1, 1, 1)))
dtypes = st.sampled_from([np.uint8, np.float32, np.float64])

STEPS = (
    augment.flip,
    augment.crop,
    augment.colour,
    augment.cutout,
    partial(augment.crop, pad=1),
    partial(augment.cutout, size=3),
)


def picture(shape, dtype, seed=0):
    """Random images of this shape, without zeros, so that filled pixels are seen."""
    values = np.random.default_rng(seed).integers(1, 256, shape)
    return values.astype(np.uint8) if dtype == np.uint8 else (values / 255).astype(dtype)


@drawn
@given(step=st.sampled_from(STEPS), shape=shapes, dtype=dtypes, seed=seeds)
def test_steps_keep_shape_and_dtype_and_the_batch_they_were_given(step, shape, dtype, seed):
    images = picture(shape, dtype)
    before = images.copy()
    out = step(images, seed)
    assert out.shape == shape
    assert out.dtype == dtype
    assert not np.shares_memory(out, images)
    assert np.array_equal(images, before)


@pytest.mark.parametrize("step", STEPS)
def test_the_seed_fixes_the_images_and_a_generator_moves_on(step):
    images = picture((12, 3, 9, 8), np.uint8)
    assert np.array_equal(step(images, 5), step(images, 5))
    assert not np.array_equal(step(images, 5), step(images, 6))
    generator = np.random.default_rng(5)
    first, second = step(images, generator), step(images, generator)
    assert np.array_equal(first, step(images, 5))
    assert not np.array_equal(first, second)


def test_flip_mirrors_some_images_whole():
    images = picture((200, 3, 4, 5), np.uint8)
    out = augment.flip(images, 0)
    same = (out == images).all(axis=(1, 2, 3))
    mirrored = (out == images[..., ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    assert 70 < mirrored.sum() < 130
    assert np.array_equal(augment.flip(images, 0, p=1), images[..., ::-1])
    assert np.array_equal(augment.flip(images, 0, p=0), images)


def test_crop_is_a_shift_by_up_to_pad():
    images = picture((300, 2, 5, 6), np.float32)
    out = augment.crop(images, 1, pad=2, fill=0.5)
    padded = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)), constant_values=0.5)
    found = set()
    for image, frame in zip(out, padded, strict=True):
        places = [
            (top, left)
            for top in range(5)
            for left in range(5)
            if np.array_equal(image, frame[:, top : top + 5, left : left + 6])
        ]
        assert len(places) == 1
        found.add(places[0])
    assert len(found) == 25
    assert np.array_equal(augment.crop(images, 1, pad=0), images)


def test_colour_stays_in_range_and_without_amounts_changes_nothing():
    images = picture((20, 3, 4, 4), np.uint8)
    assert np.array_equal(augment.colour(images, 0, 0, 0, 0), images)
    floats = picture((20, 3, 4, 4), np.float64)
    out = augment.colour(floats, 0, 1, 1, 1)
    assert out.min() >= 0
    assert out.max() <= 1


def test_brightness_multiplies_contrast_keeps_the_mean_saturation_keeps_the_grey():
    images = 0.25 + picture((50, 3, 4, 4), np.float64) / 4
    ratio = augment.colour(images, 3, 0.5, 0, 0) / images
    assert np.allclose(ratio, ratio[:, :1, :1, :1])
    assert 0.5 <= ratio.min() < 0.6
    assert 1.4 < ratio.max() <= 1.5
    spread = augment.colour(images, 3, 0, 0.5, 0)
    assert np.allclose(spread.mean((1, 2, 3)), images.mean((1, 2, 3)))
    assert not np.allclose(spread, images)
    vivid = augment.colour(images, 3, 0, 0, 0.5)
    weights = np.reshape(augment.GREY, (1, 3, 1, 1))
    assert np.allclose((vivid * weights).sum(1), (images * weights).sum(1))
    assert not np.allclose(vivid, images)
    grey = images[:, :1]
    assert np.allclose(augment.colour(grey, 3, 0, 0, 0.5), grey)


def test_cutout_fills_one_rectangle_an_image():
    images = picture((300, 2, 9, 7), np.uint8)
    out = augment.cutout(images, 2, size=4)
    hidden = (out == 0).all(axis=1)
    assert np.array_equal(out, np.where(hidden[:, None], 0, images))
    rows, columns = hidden.any(axis=2), hidden.any(axis=1)
    assert np.array_equal(hidden, rows[:, :, None] & columns[:, None, :])
    assert rows.sum(1).max() == columns.sum(1).max() == 4
    assert rows.sum(1).min() == 2
    assert hidden.any(axis=0).all()
    filled = augment.cutout(images, 2, size=4, fill=7)
    assert np.array_equal(filled, np.where(hidden[:, None], 7, images))


@drawn
@given(count=st.integers(0, 9), dtype=dtypes, seed=seeds, alpha=st.sampled_from([0.2, 1.0]))
def test_mixup_mixes_images_and_labels_by_the_same_share(count, dtype, seed, alpha):
    # every pixel of an image holds its label, so that the blend can be read off the targets
    labels = np.random.default_rng(seed).integers(0, 4, count)
    images = np.broadcast_to(labels[:, None, None, None], (count, 2, 3, 3)).astype(dtype)
    mixed, targets = augment.mixup(images, labels, 4, seed, alpha)
    assert mixed.dtype == (np.float32 if dtype == np.uint8 else dtype)
    assert targets.dtype == np.float32
    assert targets.shape == (count, 4)
    assert np.allclose(targets.sum(axis=1), 1, atol=1e-6)
    expected = (targets * np.arange(4)).sum(axis=1)[:, None, None, None]
    assert np.allclose(mixed, expected, atol=1e-5)
    again = augment.mixup(images, labels, 4, seed, alpha)
    assert np.array_equal(mixed, again[0])
    assert np.array_equal(targets, again[1])


def test_mixup_draws_a_share_for_each_image():
    images, labels = picture((40, 1, 2, 2), np.float32), np.arange(40)
    _, targets = augment.mixup(images, labels, 40, 0, alpha=1.0)
    assert len(np.unique(targets.max(axis=1))) > 30


def test_batches_are_the_shuffled_ones_with_the_steps_applied():
    images, labels = picture((25, 3, 6, 6), np.uint8), np.arange(25)
    steps = (augment.flip, partial(augment.crop, pad=2), augment.colour)
    plain = list(data.batches(images, labels, 10, seed=3))
    some = list(augment.batches(images, labels, 10, 3, *steps))
    assert [len(x) for x, _ in some] == [10, 10, 5]
    for (x, y), (x_plain, y_plain) in zip(some, plain, strict=True):
        assert np.array_equal(y, y_plain)
        assert x.dtype == np.uint8
        assert not np.array_equal(x, x_plain)
    for (x, y), (x_again, y_again) in zip(
        some, augment.batches(images, labels, 10, 3, *steps), strict=True
    ):
        assert np.array_equal(x, x_again)
        assert np.array_equal(y, y_again)
    unchanged = list(augment.batches(images, labels, 10, 3))
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(unchanged, plain, strict=True))


def test_batches_of_equal_images_differ_from_one_another():
    images = np.broadcast_to(picture((1, 1, 8, 8), np.uint8), (20, 1, 8, 8))
    first, second = (x for x, _ in augment.batches(images, np.zeros(20), 10, 0, augment.crop))
    assert not np.array_equal(first, second)


IMAGES = picture((2, 3, 4, 4), np.uint8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: augment.flip(IMAGES[0], 0), r"images: expected shape \(N, C, H, W\).*try images"),
        (lambda: augment.flip(IMAGES, 0, p=1.5), "p: expected 0 to 1; received 1.5"),
        (lambda: augment.crop(IMAGES, 0, pad=-1), "pad: expected 0 or more; received -1"),
        (lambda: augment.crop(IMAGES, 0, fill=0.5), "fill: expected a value of dtype uint8"),
        (lambda: augment.colour(IMAGES, 0, contrast=2), "contrast: expected 0 to 1; received 2"),
        (lambda: augment.colour(IMAGES - 1.5, 0), "floats from 0 to 1.*before normalising"),
        (lambda: augment.colour(IMAGES.astype(int), 0), "expected uint8 or floats; received int64"),
        (lambda: augment.cutout(IMAGES, 0, size=-2), "size: expected 0 or more; received -2"),
        (lambda: augment.mixup(IMAGES, np.array([0]), 3, 0), "labels: expected 2, one an image"),
        (
            lambda: augment.mixup(IMAGES, np.array([0, 3]), 3, 0),
            "labels: expected 0 to 2; received",
        ),
        (lambda: augment.mixup(IMAGES, np.array([0, 1]), 3, 0, alpha=0), "alpha: expected a pos"),
        (lambda: list(augment.batches(IMAGES, np.zeros(3), 2, 0)), "y: expected 2 rows"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
