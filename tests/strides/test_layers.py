"""The layers against torch, against the gradient checker, by hand and on bad input."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from against_torch import assert_close, assert_same_as_torch, drawn, dtypes, frozen, normals, seeds
from strides.gradcheck import gradient_check
from strides.layers import affine, bias, dropout, flatten

batches = st.integers(0, 5)
sizes = st.integers(1, 6)
places = st.lists(st.integers(1, 5), max_size=2).map(tuple)


def torch_affine(x, w, b):
    return torch.nn.functional.linear(x, w.T, b)


def torch_bias(x, b):
    return x + b.reshape(-1, *[1] * (x.ndim - 2))


@drawn
@given(n=batches, d=sizes, m=sizes, seed=seeds, dtype=dtypes)
def test_affine_equals_torch(n, d, m, seed, dtype):
    assert_same_as_torch(affine, torch_affine, normals(seed, dtype, (n, d), (d, m), (m,)))


@drawn
@given(n=batches, c=sizes, places=places, seed=seeds, dtype=dtypes)
def test_bias_equals_torch(n, c, places, seed, dtype):
    assert_same_as_torch(bias, torch_bias, normals(seed, dtype, (n, c, *places), (c,)))


@drawn
@given(n=batches, shape=st.lists(sizes, max_size=3), seed=seeds, dtype=dtypes)
def test_flatten_equals_torch(n, shape, seed, dtype):
    columns = int(np.prod(shape))
    reference = partial(torch.reshape, shape=(n, columns))
    assert_same_as_torch(flatten, reference, normals(seed, dtype, (n, *shape)))


@drawn
@given(n=batches, shape=st.lists(sizes, max_size=3), p=st.floats(0, 0.95), seed=seeds, dtype=dtypes)
def test_dropout_equals_torch_where_both_drop_the_same(n, shape, p, seed, dtype):
    x = normals(seed, dtype, (n, *shape))
    draw = np.random.default_rng(seed).random((n, *shape), dtype=np.float32)
    kept = torch.tensor(draw >= p)
    operation = lambda x: dropout(x, p, np.random.default_rng(seed))  # noqa: E731
    assert_same_as_torch(operation, lambda x: torch.where(kept, x / (1 - p), 0), x)


def test_gradients_by_the_checker():
    x, w, b, images = normals(0, np.float64, (5, 4), (4, 3), (3,), (2, 3, 4, 5))
    assert gradient_check(affine, x, w, b).ok
    assert gradient_check(bias, images, b).ok
    assert gradient_check(flatten, images).ok
    for train in (True, False):

        def dropped(x, train=train):
            return dropout(x, 0.3, np.random.default_rng(0), train)

        assert gradient_check(dropped, images).ok


# dtypes, memory and layout


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_float64_scalar_does_not_widen_float32(dtype, train):
    [x] = normals(0, dtype, (3, 4))
    out, backward = dropout(x, np.sqrt(2 / 9), np.random.default_rng(0), train)
    assert out.dtype == dtype
    assert backward(np.ones((3, 4))).dtype == dtype


def test_parameters_follow_the_dtype_of_x():
    x, w, b = normals(0, np.float64, (3, 4), (4, 2), (2,))
    x = x.astype(np.float32)
    out, backward = affine(x, np.sqrt(2 / 9) * w, b)
    assert [out.dtype, *(g.dtype for g in backward(np.ones((3, 2))))] == [np.float32] * 4
    out, backward = bias(x[:, :2], b)
    assert [out.dtype, *(g.dtype for g in backward(np.ones((3, 2))))] == [np.float32] * 3


def test_integers_and_lists_count_as_float64():
    out, backward = affine([[1, 2]], [[1], [1]], [0])
    assert_close(out, np.array([[3.0]]))
    assert_close(backward([[1]])[1], np.array([[1.0], [2.0]]))
    out, _ = flatten(np.arange(12, dtype=np.uint8).reshape(3, 2, 2))
    assert_close(out, np.arange(12.0).reshape(3, 4))


def test_arrays_that_do_not_lie_in_c_order():
    x, w, b, images = normals(0, np.float64, (4, 6), (3, 8), (3,), (5, 2, 4, 3))
    strided = [frozen(x[:, ::2]), frozen(w.T[:3]), b]
    assert_same_as_torch(affine, torch_affine, strided)
    assert_same_as_torch(bias, torch_bias, [frozen(images.transpose(0, 3, 2, 1)), b])
    out, backward = flatten(images[:, :, ::-1])
    assert_close(out, images[:, :, ::-1].copy().reshape(5, 24))
    assert_close(backward(out), images[:, :, ::-1].copy())


def test_backward_can_be_called_again():
    x, w, b, dout, other = normals(0, np.float64, (5, 4), (4, 3), (3,), (5, 3), (5, 3))
    _, backward = affine(x, w, b)
    first = backward(dout)
    backward(other)
    for before, after in zip(first, backward(dout), strict=True):
        np.testing.assert_array_equal(before, after)


# By hand


def test_the_affine_scores_of_the_course_map():
    w = np.array([[0.2, -0.5, 0.1, 2.0], [1.5, 1.3, 2.1, 0.0], [0, 0.25, 0.2, -0.3]])
    out, _ = affine([[56, 231, 24, 2]], w.T, [1.1, 3.2, -1.2])
    np.testing.assert_allclose(out, [[-96.8, 437.9, 60.75]])


def test_dropout_drops_a_share_p_and_scales_the_rest():
    x = np.full(100_000, 3.0)
    for p in (0.3, 0.8):
        out, backward = dropout(x, p, np.random.default_rng(0))
        dropped = out == 0
        assert abs(dropped.mean() - p) < 0.01  # more than five standard deviations
        np.testing.assert_allclose(out[~dropped], 3 / (1 - p))
        assert abs(out.mean() - 3) < 0.1
        dx = backward(np.full(100_000, 2.0))
        np.testing.assert_array_equal(dx == 0, dropped)
        np.testing.assert_allclose(dx[~dropped], 2 / (1 - p))


def test_dropout_in_eval_mode_changes_nothing_and_draws_nothing():
    [x, dout] = normals(0, np.float32, (3, 4), (3, 4))
    rng = np.random.default_rng(0)
    out, backward = dropout(x, 0.5, rng, train=False)
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(backward(dout), dout)
    assert rng.random() == np.random.default_rng(0).random()


def test_dropout_draws_anew_from_its_rng_and_again_from_its_seed():
    x = np.ones((50, 50))
    rng = np.random.default_rng(0)
    first, second = dropout(x, 0.5, rng)[0], dropout(x, 0.5, rng)[0]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(dropout(x, 0.5, np.random.default_rng(0))[0], first)
    half = dropout(x.astype(np.float32), 0.5, np.random.default_rng(0))[0]
    np.testing.assert_array_equal(half, first)  # the dtype does not change which are dropped


def test_p_of_zero_keeps_every_entry():
    [x] = normals(0, np.float64, (3, 4))
    np.testing.assert_array_equal(dropout(x, 0, np.random.default_rng(0))[0], x)


# Bad input: what was expected, what came, what to try.

X, W, B = np.ones((3, 4)), np.ones((4, 2)), np.ones(2)
RNG = np.random.default_rng(0)
HOLE = np.array([[1.0, np.nan, 3.0, 4.0]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: affine(X, W.T, B),
            r"w: expected shape \(4, 2\), one row for each column of x; received \(2, 4\); try w.T",
        ),
        (
            lambda: affine(X, np.ones((2, 4)), np.ones(4)),
            r"w: expected shape \(4, 4\), one row for each column of x; received \(2, 4\); try",
        ),
        (
            lambda: affine(X, W, np.ones(3)),
            r"b: expected shape \(2,\), one number for each column of w; received \(3,\); try",
        ),
        (lambda: affine(X, W, np.ones((1, 2))), r"b: expected shape \(2,\).*received \(1, 2\)"),
        (lambda: affine(X, np.ones(4), B), r"w: expected shape \(4, 2\), .* received \(4,\)"),
        (
            lambda: affine(np.ones((3, 2, 2)), W, B),
            r"x: expected shape \(N, D\); .*flatten",
        ),
        (lambda: affine(X[0], W, B), r"x: expected shape \(N, D\); received \(4,\); try x\[None\]"),
        (
            lambda: affine(np.ones((3, 0)), W, B),
            r"received \(3, 0\); try sizes of 1",
        ),
        (lambda: affine(HOLE, W, B), r"x: expected finite numbers; received nan at \[0, 1\]; try"),
        (lambda: affine(X, W * np.inf, B), r"w: expected finite numbers; received inf at \[0, 0\]"),
        (
            lambda: affine(X, W, B)[1](np.ones((2, 3))),
            r"dout: expected shape \(3, 2\), the shape of out; received \(2, 3\); try one number",
        ),
        (lambda: affine(X, W, B)[1](1.0), r"dout: expected shape \(3, 2\).*received \(\)"),
        (
            lambda: bias(X, B),
            r"b: expected shape \(4,\), one number for each channel of x; received \(2,\); try",
        ),
        (
            lambda: bias(np.ones(4), np.ones(4)),
            r"x: expected shape \(N, C\) or \(N, C, L\)",
        ),
        (lambda: bias(X, np.ones(4))[1](B), r"dout: expected shape \(3, 4\)"),
        (lambda: flatten(3.0), r"x: expected shape \(N, ...\); received \(\); try x\[None\]"),
        (lambda: flatten(HOLE), r"x: expected finite numbers; received nan at \[0, 1\]"),
        (
            lambda: flatten(np.ones((2, 3, 4)))[1](np.ones((2, 3, 4))),
            r"expected shape \(2, 12",
        ),
        (
            lambda: dropout(X, 1.0, RNG),
            r"p: expected a probability of dropping, .*received 1.0",
        ),
        (lambda: dropout(X, -0.1, RNG), r"p: expected a probability of dropping, .*received -0.1"),
        (lambda: dropout(X, np.nan, RNG), r"p: expected a finite number; received nan"),
        (lambda: dropout(HOLE, 0.5, RNG), r"x: expected finite numbers; received nan at \[0, 1\]"),
        (lambda: dropout(X, 0.5, RNG)[1](B), r"dout: expected shape \(3, 4\)"),
    ],
)
def test_bad_values_and_shapes(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: affine([["a"]], W, B), r"x: expected real numbers; received dtype <U1; try"),
        (lambda: affine(X, W * 1j, B), r"w: expected real numbers; received dtype complex128"),
        (
            lambda: dropout(X, 0.5, 0),
            r"rng: expected a numpy.random.Generator; received int; try",
        ),
        (lambda: dropout(X, 0.5, np.random), r"rng: expected a numpy.random.Generator; .*module"),
    ],
)
def test_bad_types(call, message):
    with pytest.raises(TypeError, match=message):
        call()
