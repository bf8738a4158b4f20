"""Parameters, multiplications and receptive fields: numbers of the course, torch, gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from strides.conv import (
    Affine,
    BatchNorm,
    Conv,
    GlobalPool,
    Local,
    Pool,
    avg_pool2d,
    conv2d,
    costs,
    mac_count,
    parameter_count,
    receptive_field,
    seen_by,
)

LENET = [Conv(6, 5, pad=2), Pool(2), Conv(16, 5), Pool(2), Affine(120), Affine(84), Affine(10)]


def test_a_fully_connected_layer_on_a_photograph():
    assert Affine(1000, bias=False).parameters((3, 256, 256)) == 196_608_000
    assert Affine(1000).parameters((3, 256, 256)) == 196_608_000 + 1000


def test_ten_5x5_filters():
    layer = Conv(10, 5, stride=1, pad=2)
    assert layer.output((3, 32, 32)) == (10, 32, 32)
    assert layer.parameters((3, 32, 32)) == 760
    assert layer.macs((3, 32, 32)) == 10 * 32 * 32 * 75


def test_six_5x5_filters_without_padding():
    assert Conv(6, 5).output((3, 32, 32)) == (6, 28, 28)


def test_alexnet_first_layer():
    assert np.prod(Conv(96, 11, stride=4).output((3, 227, 227))) == 290_400


def test_local_filters_are_not_shared():
    shape, options = (3, 8, 9), {"window": (3, 2), "stride": 2, "pad": 1}
    shared, local = Conv(5, **options), Local(5, **options)
    assert local.output(shape) == shared.output(shape)
    assert local.macs(shape) == shared.macs(shape)
    places = np.prod(shared.output(shape)[1:])
    assert local.parameters(shape) == places * shared.parameters(shape)


def test_a_whole_net():
    assert parameter_count((1, 28, 28), LENET) == 61_706
    assert mac_count((1, 28, 28), LENET) == sum(
        [6 * 28 * 28 * 25, 16 * 10 * 10 * 150, 400 * 120, 120 * 84, 84 * 10]
    )
    rows = list(costs((1, 28, 28), LENET))
    assert [row.output for row in rows] == [
        *[(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120,), (84,), (10,)]
    ]
    assert [row.activations for row in rows[:2]] == [4704, 1176]
    assert [row.parameters for row in rows] == [156, 0, 2416, 0, 48120, 10164, 850]


def test_vgg16_of_the_course_map():
    net = []
    for filters, repeats in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]:
        net += [Conv(filters, 3, pad=1)] * repeats + [Pool(2)]
    net += [Affine(4096), Affine(4096), Affine(1000)]
    assert parameter_count((3, 224, 224), net) == 138_357_544
    assert round(mac_count((3, 224, 224), net) / 1e9, 1) == 15.5


def test_counts_equal_torch_layer_by_layer():
    layers = [
        Conv(8, (3, 5), stride=(2, 1), pad=(1, 2), groups=2, bias=False),
        BatchNorm(),
        Pool(3, 2, 1),
        Conv(6, 3, dilation=2),
        GlobalPool(),
        Affine(7),
    ]
    net = torch.nn.Sequential(
        torch.nn.Conv2d(4, 8, (3, 5), (2, 1), (1, 2), groups=2, bias=False),
        torch.nn.BatchNorm2d(8),
        torch.nn.MaxPool2d(3, 2, 1),
        torch.nn.Conv2d(8, 6, 3, dilation=2),
        torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()),
        torch.nn.Linear(6, 7),
    )
    x = torch.randn(2, 4, 25, 17)
    for row, module in zip(costs((4, 25, 17), layers), net, strict=True):
        x = module(x)
        assert row.output == tuple(x.shape[1:])
        assert row.parameters == sum(p.numel() for p in module.parameters())


def test_receptive_fields_known_by_heart():
    assert receptive_field([Conv(1, 3)] * 2) == (5, 5)
    assert receptive_field([Conv(1, 3)] * 3) == (7, 7)
    assert receptive_field(LENET[:4]) == (16, 16)
    assert receptive_field([Conv(1, 3), Conv(1, 3, dilation=2), Conv(1, 3, dilation=4)]) == (15, 15)
    assert receptive_field([]) == (1, 1)
    assert receptive_field([Conv(1, (1, 5)), BatchNorm(), Pool(2)]) == (2, 6)


windowed = st.builds(
    lambda pool, window, stride, pad, dilation: (
        Pool(window, stride, min(pad, window[0] // 2, window[1] // 2))
        if pool
        else Conv(1, window, stride, pad, dilation)
    ),
    st.booleans(),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.integers(1, 2),
    st.integers(0, 2),
    st.integers(1, 2),
)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(layers=st.lists(windowed, max_size=3), seed=st.integers(0, 2**32 - 1))
def test_seen_by_is_where_the_gradient_is_not_zero(layers, seed):
    """Send a gradient into one number of the output and see where in the image it arrives."""
    rng = np.random.default_rng(seed)
    out, backwards = rng.standard_normal((1, 1, 24, 26)), []
    for layer in layers:
        if isinstance(layer, Pool):
            out, backward = avg_pool2d(out, layer.window, layer.stride, layer.pad)
        else:
            w = 1 + rng.random((1, 1, *layer.window))
            options = (layer.stride, layer.pad, layer.dilation)
            out, backward = conv2d(out, w, np.zeros(1), *options)
        backwards.append(backward)
    row, column = out.shape[2] // 2, out.shape[3] // 2
    gradient = np.zeros_like(out)
    gradient[0, 0, row, column] = 1
    for backward in reversed(backwards):
        gradients = backward(gradient)
        gradient = gradients[0] if isinstance(gradients, tuple) else gradients
    reached = np.argwhere(gradient[0, 0])
    if len(reached) == 0:
        return
    (top, left), (bottom, right) = seen_by(layers, row, column)
    assert top <= reached[:, 0].min() <= reached[:, 0].max() <= bottom
    assert left <= reached[:, 1].min() <= reached[:, 1].max() <= right
    if top >= 0 and left >= 0 and bottom < 24 and right < 26:
        assert tuple(reached.min(axis=0)) == (top, left)
        assert tuple(reached.max(axis=0)) == (bottom, right)
        assert receptive_field(layers) == (bottom - top + 1, right - left + 1)


def test_what_cannot_be_counted_says_so():
    with pytest.raises(ValueError, match=r"layers: expected convolutions and pooling; received"):
        receptive_field(LENET)
    with pytest.raises(ValueError, match=r"shape: expected \(C, H, W\); received \(3, 32\); try"):
        Conv(1, 3).output((3, 32))
    with pytest.raises(ValueError, match="no larger than the input of 4; received 5"):
        parameter_count((3, 4, 4), [Conv(1, 5)])
    with pytest.raises(ValueError, match="groups: expected a divisor of 3 channels and 4 filters"):
        Conv(4, 3, groups=2).parameters((3, 8, 8))
