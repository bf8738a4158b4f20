"""conv2d against torch, the loops of its definition and the gradient checker."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from against_torch import assert_same_as_torch, drawn, dtypes, normals, seeds
from conv_cases import side, with_options
from strides.conv import blocks, conv1d, conv2d, conv2d_naive, shifted
from strides.gradcheck import gradient_check


@st.composite
def cases(draw: Any, most: int = 9) -> tuple[list[tuple[int, ...]], tuple[Any, ...]]:
    """Shapes of x, w, b and the options stride, pad, dilation, groups."""
    rows, columns = side(draw, most), side(draw, most)
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    n, depth, filters = (draw(st.integers(*limits)) for limits in [(0, 5), (1, 3), (1, 8)])
    x = (n, groups * depth, rows[0], columns[0])
    w = (groups * filters, depth, rows[1], columns[1])
    options = [(rows[i], columns[i]) for i in (2, 3, 4)]
    return [x, w, w[:1]], (*options, groups)


@drawn
@given(case=cases(), seed=seeds, dtype=dtypes)
def test_conv2d_equals_torch(case, seed, dtype):
    shapes, options = case
    arrays = normals(seed, dtype, *shapes)
    assert_same_as_torch(
        with_options(conv2d, *options), with_options(torch.conv2d, *options), arrays
    )


@drawn
@given(case=cases(most=5), seed=seeds)
def test_the_naive_form_equals_torch(case, seed):
    shapes, options = case
    arrays = normals(seed, np.float64, *shapes)
    assert_same_as_torch(
        with_options(conv2d_naive, *options), with_options(torch.conv2d, *options), arrays
    )


@drawn
@given(case=cases(most=5), seed=seeds, dtype=dtypes)
def test_the_fast_form_equals_the_naive_one(case, seed, dtype):
    shapes, options = case
    arrays = normals(seed, dtype, *shapes)
    (out, backward), (slow, slow_backward) = (f(*arrays, *options) for f in (conv2d, conv2d_naive))
    tolerance = 1e-10 if dtype == np.float64 else 2e-4
    np.testing.assert_allclose(out, slow, atol=tolerance, rtol=tolerance)
    (dout,) = normals(seed, dtype, out.shape)
    for fast, naive in zip(backward(dout), slow_backward(dout), strict=True):
        assert fast.dtype == naive.dtype == dtype
        np.testing.assert_allclose(fast, naive, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("small_output", [0, 10_000])
@pytest.mark.parametrize("block_bytes", [1, 20_000, 2**20])
@pytest.mark.parametrize("options", [(1, 1), (2, 0), ((1, 2), (2, 1), 2), ((3, 1), 1, 1, 2)])
@pytest.mark.parametrize("filters", [6, 24])
def test_blocks_of_any_size_give_the_same(monkeypatch, filters, options, block_bytes, small_output):
    """One image at a time, some and a rest, all at once; beside each other or one by one.

    A product for each kernel row, or one for all of them.
    """
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(shifted, "SMALL_OUTPUT", small_output)
    groups = options[3] if len(options) == 4 else 1
    arrays = normals(0, np.float64, (7, 4, 11, 13), (filters, 4 // groups, 3, 5), (filters,))
    assert_same_as_torch(
        with_options(conv2d, *options), with_options(torch.conv2d, *options), arrays
    )


@pytest.mark.parametrize(
    ("x", "w", "options"),
    [
        ((2, 3, 16, 16), (4, 3, 1, 1), {}),  # 1x1
        ((2, 3, 5, 7), (4, 3, 5, 7), {}),  # a kernel as large as the image
        ((2, 6, 9, 8), (6, 1, 3, 3), {"groups": 6}),  # each channel on its own
        ((1, 1, 1, 1), (1, 1, 1, 1), {}),
        ((2, 3, 8, 8), (4, 3, 3, 3), {"stride": 3}),  # a rest that is never seen
        ((2, 2, 6, 6), (4, 2, 1, 1), {"stride": 2, "pad": 3}),  # whole outputs in the padding
        ((2, 3, 224, 20), (4, 3, 7, 7), {"stride": 2, "pad": 3}),
        ((2, 1, 9, 8), (16, 1, 3, 3), {"pad": 1}),  # many filters of few channels
        ((2, 2, 9, 8), (32, 1, 3, 2), {"stride": 2, "groups": 2}),
        ((2, 3, 1, 1), (4, 3, 1, 1), {"stride": 2}),  # a stride larger than the image
        ((0, 3, 8, 8), (4, 3, 3, 3), {"pad": 1}),
        ((0, 3, 8, 8), (4, 3, 3, 3), {"stride": 2}),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shapes_of_note(x, w, options, dtype):
    arrays = normals(1, dtype, x, w, w[:1])
    assert_same_as_torch(
        lambda *a: conv2d(*a, **options),
        lambda x, w, b: torch.nn.functional.conv2d(x, w, b, **{"padding": 0, **renamed(options)}),
        arrays,
    )


def renamed(options: dict[str, Any]) -> dict[str, Any]:
    return {{"pad": "padding"}.get(name, name): value for name, value in options.items()}


@drawn
@given(case=cases(most=4), seed=seeds)
def test_gradients_agree_with_slopes(case, seed):
    shapes, options = case
    shapes[0] = (max(1, shapes[0][0]), *shapes[0][1:])
    report = gradient_check(conv2d, *normals(seed, np.float64, *shapes), *options)
    assert report.ok, str(report)


@drawn
@given(data=st.data(), seed=seeds, dtype=dtypes)
def test_conv1d_equals_torch(data, seed, dtype):
    length, window, *options = side(data.draw, 20)
    groups = data.draw(st.sampled_from([1, 2]))
    arrays = normals(seed, dtype, (3, 2 * groups, length), (3 * groups, 2, window), (3 * groups,))
    ours, theirs = (with_options(f, *options, groups) for f in (conv1d, torch.conv1d))
    assert_same_as_torch(ours, theirs, arrays)


def test_a_filter_is_not_flipped():
    x = np.arange(5.0).reshape(1, 1, 5)
    out, _ = conv1d(x, np.array([[[1.0, 0.0, -1.0]]]), np.zeros(1))
    np.testing.assert_array_equal(out[0, 0], [-2, -2, -2])


# dtypes, and who owns what


X, W, B = normals(0, np.float64, (2, 3, 6, 7), (4, 3, 3, 3), (4,))


@pytest.mark.parametrize("operation", [conv2d, conv2d_naive])
def test_integers_count_as_floats(operation):
    pixels = (X * 50).astype(np.uint8)
    expected, expected_backward = operation(pixels.astype(np.float64), W, B)
    out, backward = operation(pixels, W, B)
    np.testing.assert_array_equal(out, expected)
    for ours, theirs in zip(backward(out), expected_backward(out), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert operation(pixels, W.astype(np.float32), B.astype(np.float32))[0].dtype == np.float32
    assert operation(pixels, np.ones_like(W, dtype=int), [0] * 4)[0].dtype == np.float64


def test_half_precision_stays_half():
    out, backward = conv2d(*(a.astype(np.float16) for a in (X, W, B)), 2, 1)
    assert {out.dtype, *(g.dtype for g in backward(out))} == {np.dtype(np.float16)}


def test_an_upstream_gradient_of_another_dtype_changes_no_dtype():
    out, backward = conv2d(*(a.astype(np.float32) for a in (X, W, B)))
    assert {g.dtype for g in backward(out.astype(np.float64))} == {np.dtype(np.float32)}


@pytest.mark.parametrize("options", [(1, 1), (2, 0)])
def test_arrays_in_any_memory_order(options):
    def strange(a: np.ndarray) -> np.ndarray:
        return np.asfortranarray(np.repeat(a, 2, axis=-1))[..., ::2]

    out, backward = conv2d(X, W, B, *options)
    other, other_backward = conv2d(strange(X), strange(W), strange(B), *options)
    np.testing.assert_allclose(out, other, atol=1e-12)
    for one, two in zip(backward(out), other_backward(strange(out)), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-12)


@pytest.mark.parametrize("options", [(1, 1), (2, 0)])
def test_outputs_and_gradients_belong_to_the_caller(options):
    out, backward = conv2d(X, W, B, *options)
    dout = np.ones_like(out)
    once = [g.copy() for g in backward(dout)]
    out[...] = 99
    for gradient in backward(dout):
        gradient[...] = 99
    for kept, gradient in zip(once, backward(dout), strict=True):
        np.testing.assert_array_equal(kept, gradient)


# What does not fit


def replaced(**changed: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    arrays = {"x": X, "w": W, "b": B}
    options = {name: value for name, value in changed.items() if name not in arrays}
    return tuple(changed.get(name, array) for name, array in arrays.items()), options


@pytest.mark.parametrize("operation", [conv2d, conv2d_naive])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"w": np.ones((4, 3, 9, 3))}, "no larger than the input of 6; received 9; try"),
        ({"dilation": 4}, "no larger than the input of 6; received 3 .which spans 9 with"),
        ({"w": W[:, :2]}, r"w: expected filters of 3 channels for x \(2, 3, 6, 7\); received"),
        ({"b": B[:3]}, r"b: expected shape \(4,\), one bias for each filter; received \(3,\); try"),
        ({"x": X[0]}, r"x: expected shape \(N, C, H, W\); received \(3, 6, 7\); try x\[None\]"),
        ({"w": W[0]}, r"w: expected shape \(F, C, KH, KW\); received \(3, 3, 3\); try"),
        ({"groups": 2}, "groups: expected a number that divides the 3 channels of x and the 4 fil"),
        ({"groups": 0}, "groups: expected a number that divides .*; received 0; try 1"),
        ({"stride": 0}, "stride: expected a whole number of 1 or more, or two .*; received 0"),
        ({"stride": (1, 2, 3)}, r"stride: expected .* received \(1, 2, 3\); try 1"),
        ({"pad": -1}, "pad: expected a whole number of 0 or more.*; received -1"),
        ({"x": np.where(X.max() == X, np.nan, X)}, r"x: expected finite numbers; received nan at"),
        ({"w": np.full_like(W, np.inf)}, "w: expected finite numbers; received inf at"),
        ({"b": np.full_like(B, np.nan)}, r"b: expected finite numbers; received nan at \[0\]"),
    ],
)
def test_what_does_not_fit_says_so(operation, changed, said):
    arrays, options = replaced(**changed)
    with pytest.raises(ValueError, match=said):
        operation(*arrays, **options)


def test_numbers_that_are_none():
    with pytest.raises(TypeError, match="x: expected real numbers; received dtype complex128"):
        conv2d(X + 1j, W, B)
    with pytest.raises(TypeError):
        conv2d(X, W, B, stride=1.5)


def test_large_numbers_whose_sum_overflows_are_no_error():
    x = np.full((1, 1, 3, 3), 3e38, dtype=np.float32)
    out, _ = conv2d(x, np.full((1, 1, 1, 1), 0.5, np.float32), np.zeros(1, np.float32))
    np.testing.assert_array_equal(out, x / 2)


def test_an_upstream_gradient_of_another_shape():
    for arguments in [(X, W, B), (X, W, B, 2)]:
        out, backward = conv2d(*arguments)
        with pytest.raises(ValueError, match=r"dout: expected the shape of out.*; received \(4,\)"):
            backward(np.ones(4))
        assert len(backward(np.ones_like(out))) == 3
