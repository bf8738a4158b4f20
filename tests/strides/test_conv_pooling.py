"""Pooling against torch, the loops of its definition and the gradient checker."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from against_torch import assert_close, assert_same_as_torch, drawn, dtypes, frozen, normals, seeds
from conv_cases import with_options
from strides.conv import avg_pool2d, blocks, global_avg_pool2d, max_pool2d, max_pool2d_naive
from strides.gradcheck import gradient_check

functional = torch.nn.functional


@st.composite
def cases(draw: Any, most: int = 11) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """A shape of x and the options window, stride, pad: overlapping, apart, as large as x."""
    n, c, sides = draw(st.integers(0, 4)), draw(st.integers(1, 3)), []
    for _ in range(2):
        window = draw(st.integers(1, 6))
        pad = draw(st.integers(0, min(3, window // 2)))
        size = draw(st.integers(max(1, window - 2 * pad), max(most, window)))
        sides.append((size, window, draw(st.integers(1, 5)), pad))
    sizes, *options = zip(*sides, strict=True)
    return (n, c, *sizes), tuple(options)


@drawn
@given(case=cases(), seed=seeds, dtype=dtypes, negative=st.booleans())
def test_max_pool2d_equals_torch(case, seed, dtype, negative):
    shape, options = case
    (x,) = normals(seed, dtype, shape)
    x = frozen(-np.abs(x) - 1) if negative else x  # zeros of the padding would win
    ours, theirs = (with_options(f, *options) for f in (max_pool2d, functional.max_pool2d))
    assert_same_as_torch(ours, theirs, [x])


@drawn
@given(case=cases(), seed=seeds, dtype=dtypes)
def test_avg_pool2d_equals_torch(case, seed, dtype):
    shape, options = case
    ours, theirs = (with_options(f, *options) for f in (avg_pool2d, functional.avg_pool2d))
    assert_same_as_torch(ours, theirs, normals(seed, dtype, shape))


@drawn
@given(case=cases(), seed=seeds, dtype=dtypes)
def test_global_avg_pool2d_equals_torch(case, seed, dtype):
    theirs = lambda x: x.mean(dim=(2, 3))  # noqa: E731
    assert_same_as_torch(global_avg_pool2d, theirs, normals(seed, dtype, case[0]))


@drawn
@given(case=cases(most=6), seed=seeds, dtype=dtypes, whole=st.booleans())
def test_the_fast_form_equals_the_naive_one_ties_included(case, seed, dtype, whole):
    shape, options = case
    (x,) = normals(seed, dtype, shape)
    x = frozen(np.round(x)) if whole else x
    (out, backward), (slow, slow_backward) = (
        f(x, *options) for f in (max_pool2d, max_pool2d_naive)
    )
    np.testing.assert_array_equal(out, slow)
    (dout,) = normals(seed, dtype, out.shape)
    assert_close(backward(dout), slow_backward(dout))


@pytest.mark.parametrize("block_bytes", [1, 4000])
@pytest.mark.parametrize("options", [(3, 2, 1), ((3, 2), (3, 2), 0), (2, 2, 0), (2, 3, 0)])
@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_blocks_of_any_size_give_the_same(monkeypatch, pool, options, block_bytes):
    """Windows that overlap, that are tiles of the image, and that leave some of it out."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block_bytes)
    reference = with_options(getattr(functional, pool.__name__), *options)
    arrays = normals(0, np.float64, (7, 2, 9, 8))
    assert_same_as_torch(with_options(pool, *options), reference, arrays)


@drawn
@given(case=cases(most=6), seed=seeds)
def test_gradients_agree_with_slopes(case, seed):
    shape, options = case
    n = max(1, shape[0])
    numbers = np.random.default_rng(seed).permutation(n * int(np.prod(shape[1:])))
    x = numbers.reshape(n, *shape[1:]) / 10  # far enough apart for a step of the checker
    for report in [
        gradient_check(max_pool2d, x, *options),
        gradient_check(avg_pool2d, x, *options),
        gradient_check(global_avg_pool2d, x),
    ]:
        assert report.ok, str(report)


def test_the_example_of_the_course():
    x = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])[None, None]
    for pool in (max_pool2d, max_pool2d_naive):
        out, backward = pool(x, 2, stride=2)
        np.testing.assert_array_equal(out[0, 0], [[6, 8], [3, 4]])
        expected = np.zeros((4, 4))
        expected[1, 1], expected[1, 3], expected[2, 0], expected[3, 3] = 1, 2, 3, 4
        np.testing.assert_array_equal(backward(np.array([[[[1, 2], [3, 4]]]]))[0, 0], expected)
    out, _ = avg_pool2d(x, 2)
    np.testing.assert_array_equal(out[0, 0], [[13 / 4, 21 / 4], [2, 2]])


def test_equal_numbers_share_no_gradient():
    out, backward = max_pool2d(np.zeros((1, 1, 4, 4)), 2)
    dx = backward(np.ones_like(out))
    np.testing.assert_array_equal(dx[0, 0, ::2, ::2], np.ones((2, 2)))
    assert dx.sum() == 4


def test_pixels_that_no_window_sees_get_no_gradient():
    out, backward = max_pool2d(np.arange(25.0).reshape(1, 1, 5, 5), 2)
    assert out.shape == (1, 1, 2, 2)
    dx = backward(np.ones_like(out))
    assert dx[0, 0, 4].tolist() == dx[0, 0, :, 4].tolist() == [0] * 5


def test_nan_passes_on_to_the_windows_that_see_it():
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 1, 2] = np.nan
    for pool in (max_pool2d, avg_pool2d):
        out, _ = pool(x, 2)
        assert np.isnan(out).tolist() == [[[[False, True], [False, False]]]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_outputs_and_gradients_belong_to_the_caller(pool):
    (x,) = normals(0, np.float32, (2, 3, 6, 6))
    out, backward = pool(x, 2)
    dout = np.ones_like(out)
    kept = backward(dout).copy()
    out[...] = 99
    backward(dout)[...] = 99
    np.testing.assert_array_equal(backward(dout.astype(np.float64)), kept)
    assert backward(dout.astype(np.float64)).dtype == np.float32


def test_integers_count_as_float64():
    x = np.arange(32, dtype=np.uint8).reshape(1, 2, 4, 4)
    for pool in (max_pool2d, avg_pool2d):
        np.testing.assert_array_equal(pool(x, 2)[0], pool(x.astype(np.float64), 2)[0])
    assert global_avg_pool2d(x)[0].tolist() == [[7.5, 23.5]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d, max_pool2d_naive])
@pytest.mark.parametrize(
    ("x", "options", "said"),
    [
        ((1, 1, 3, 8), (4,), "no larger than the input of 3; received 4"),
        ((3, 8, 8), (2,), r"x: expected shape \(N, C, H, W\); received \(3, 8, 8\); try x\[None\]"),
        ((1, 1, 8, 8), (0,), "window: expected a whole number of 1 or more"),
        ((1, 1, 8, 8), (2, 0), "stride: expected a whole number of 1 or more"),
        ((1, 1, 8, 8), (2, 2, -1), "pad: expected a whole number of 0 or more"),
        ((1, 1, 8, 8), (3, 2, 2), r"pad: expected at most half the window \(3, 3\).*try \(1, 1\)"),
    ],
)
def test_what_does_not_fit_says_so(pool, x, options, said):
    with pytest.raises(ValueError, match=said):
        pool(np.ones(x), *options)


def test_an_upstream_gradient_of_another_shape():
    x = np.ones((2, 3, 4, 4))
    for pool in (with_options(max_pool2d, 2), with_options(avg_pool2d, 2), global_avg_pool2d):
        _, backward = pool(x)
        with pytest.raises(ValueError, match=r"dout: expected the shape of out.* received \(5,\)"):
            backward(np.ones(5))


def test_images_without_pixels_have_no_mean():
    with pytest.raises(ValueError, match=r"x: expected images of one pixel or more; received"):
        global_avg_pool2d(np.ones((2, 3, 0, 4)))
