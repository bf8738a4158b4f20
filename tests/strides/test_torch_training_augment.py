"""Augmentation on the device: what each step may change, and that its source of chance fixes it."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from strides.torch_training import Augment
from strides.torch_training.augment import GREY
from strides.torch_training.chance import generator, random_state, restore_random_state, seed_all

torch.set_num_threads(1)


def picture(count=60, channels=3, height=5, width=6, dtype=torch.uint8):
    values = torch.randint(1, 256, (count, channels, height, width), generator=generator("picture"))
    return values.to(torch.uint8) if dtype == torch.uint8 else values.to(dtype) / 255


def places(image, frame, height, width):
    """Where in the frame the image stands."""
    rows, columns = frame.shape[1] - height + 1, frame.shape[2] - width + 1
    return [
        (top, left)
        for top in range(rows)
        for left in range(columns)
        if torch.equal(image, frame[:, top : top + height, left : left + width])
    ]


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_shifts_and_mirrors_are_those_of_a_padded_image(dtype):
    images = picture(dtype=dtype)
    before = images.clone()
    out = Augment(flip=True, crop=2).of_raw(images, generator(0))
    assert torch.equal(images, before)
    assert out.shape == images.shape
    assert out.dtype == dtype
    found, mirrored = set(), 0
    frames = torch.nn.functional.pad(images, (2, 2, 2, 2))
    for image, frame in zip(out, frames, strict=True):
        plain, turned = places(image, frame, 5, 6), places(image.flip(2), frame, 5, 6)
        assert len(plain) + len(turned) == 1
        mirrored += len(turned)
        found.update(plain + turned)
    assert 15 < mirrored < 45
    assert len(found) > 20


def test_each_step_alone_does_nothing_else():
    images = picture()
    only_flip = Augment(flip=True).of_raw(images, generator(0))
    same = (only_flip == images).flatten(1).all(dim=1)
    mirrored = (only_flip == images.flip(3)).flatten(1).all(dim=1)
    assert (same ^ mirrored).all()
    only_crop = Augment(crop=1).of_raw(images, generator(0))
    frames = torch.nn.functional.pad(images, (1, 1, 1, 1))
    assert all(len(places(*pair, 5, 6)) == 1 for pair in zip(only_crop, frames, strict=True))
    nothing = Augment()
    assert nothing.of_raw(images, generator(0)) is images
    assert nothing.of_normalised(images, generator(0)) == (images, None)


def test_colours_change_by_factors_of_the_whole_image():
    images = torch.full((40, 3, 4, 4), 100, dtype=torch.uint8)
    out = Augment(colour=0.3).of_raw(images, generator(1))
    assert out.dtype == torch.float32
    # one colour everywhere: contrast and saturation have nothing to change, brightness has
    assert torch.allclose(out, out[:, :1, :1, :1].expand_as(out), atol=1e-3)
    assert 70 <= out.min() < 80
    assert 120 < out.max() <= 130
    vivid = Augment(colour=0.3).of_raw(picture(), generator(1))
    assert vivid.min() >= 0
    assert vivid.max() <= 255
    assert Augment(colour=0.3).of_raw(picture(channels=1), generator(1)).shape[1] == 1
    assert sum(GREY) == pytest.approx(1)


def test_saturation_and_contrast_keep_their_means():
    images = (96 + picture() // 4).to(torch.uint8)
    out = Augment(colour=0.2).of_raw(images, generator(3))
    grey = torch.tensor(GREY)[:, None, None]
    light = (out * grey).sum(1).mean((1, 2)) / out.shape[1]
    start = (images * grey).sum(1).mean((1, 2)) / out.shape[1]
    ratio = light / start
    assert ratio.min() > 0.75
    assert ratio.max() < 1.25
    assert ratio.std() > 0.05


def test_cutout_hides_one_rectangle_an_image():
    images = picture(count=200, dtype=torch.float32)
    out, blend = Augment(cutout=3).of_normalised(images, generator(2))
    assert blend is None
    hidden = (out == 0).all(dim=1)
    assert torch.equal(out, images.masked_fill(hidden[:, None], 0))
    rows, columns = hidden.any(dim=2), hidden.any(dim=1)
    assert torch.equal(hidden, rows[:, :, None] & columns[:, None, :])
    assert rows.sum(1).unique().tolist() == [2, 3]
    assert hidden.any(dim=0).all()


def test_mixup_blends_with_partners_by_shares():
    images = picture(dtype=torch.float32)
    out, blend = Augment(mixup=0.5).of_normalised(images, generator(4))
    assert sorted(blend.partners.tolist()) == list(range(60))
    assert ((blend.share >= 0) & (blend.share <= 1)).all()
    assert len(blend.share.unique()) > 50
    for i in range(60):
        expected = blend.share[i] * images[i] + (1 - blend.share[i]) * images[blend.partners[i]]
        assert torch.allclose(out[i], expected, atol=1e-6)


def test_mixups_shares_are_beta_distributed():
    images = torch.zeros(20_000, 1, 1, 1)
    _, blend = Augment(mixup=0.4).of_normalised(images, generator(5))
    share = blend.share.double()
    assert share.mean().item() == pytest.approx(0.5, abs=0.01)
    assert share.var().item() == pytest.approx(1 / (4 * (2 * 0.4 + 1)), abs=0.005)


def test_the_source_fixes_the_images():
    every = Augment(flip=True, crop=2, colour=0.2, cutout=2, mixup=0.3)

    def run(*purpose):
        source = generator(*purpose)
        x = every.of_raw(picture(), source)
        return every.of_normalised(x / 255 - 0.5, source)[0]

    assert torch.equal(run(0, "augment", 1), run(0, "augment", 1))
    assert not torch.equal(run(0, "augment", 1), run(0, "augment", 2))
    assert {field.name for field in fields(every)} == {"flip", "crop", "colour", "cutout", "mixup"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"crop": -1}, "crop: expected whole pixels, 0 or more; received -1"),
        ({"cutout": 1.5}, "cutout: expected whole pixels, 0 or more; received 1.5"),
        ({"colour": 1.2}, "colour: expected 0 to 1; received 1.2"),
        ({"mixup": -0.1}, "mixup: expected 0 or more; received -0.1"),
    ],
)
def test_numbers_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Augment(**arguments)


# ---- chance ----


def test_generators_depend_on_their_purpose_alone():
    numbers = [
        torch.randint(2**40, (1,), generator=generator(*purpose)).item()
        for purpose in [(0, "order", 1), (0, "order", 1), (0, "order", 11), (0, "augment", 1), (1,)]
    ]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 4


def test_global_chance_goes_on_where_it_was():
    import random

    def numbers():
        return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002

    seed_all(3)
    first = numbers()
    state = random_state()
    second = numbers()
    restore_random_state(state)
    assert numbers() == second
    seed_all(3)
    assert numbers() == first
    assert first != second
