"""The activations against torch, against the gradient checker, far from 0 and on bad input."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from against_torch import assert_close, assert_same_as_torch, drawn, dtypes, frozen, normals, seeds
from strides.activations import elu, leaky_relu, maxout, prelu, relu, sigmoid, tanh
from strides.gradcheck import gradient_check

functional = torch.nn.functional
shapes = st.lists(st.integers(0, 5), max_size=4).map(tuple)
batches = st.integers(0, 4)
sizes = st.integers(1, 5)
places = st.lists(st.integers(1, 4), max_size=2).map(tuple)
factors = st.floats(-0.5, 2).filter(bool)

PLAIN = {sigmoid: torch.sigmoid, tanh: torch.tanh, relu: torch.relu}
SCALED = {leaky_relu: functional.leaky_relu, elu: functional.elu}
ALL = [*PLAIN, *SCALED, partial(maxout, pieces=2)]
EXTREME = {np.float32: 1e38, np.float64: 1e308}


def torch_maxout(x, pieces):
    return x.unflatten(1, (x.shape[1] // pieces, pieces)).amax(dim=2)


@pytest.mark.parametrize("operation", PLAIN)
@drawn
@given(shape=shapes, seed=seeds, dtype=dtypes)
def test_activations_without_a_parameter_equal_torch(operation, shape, seed, dtype):
    assert_same_as_torch(operation, PLAIN[operation], normals(seed, dtype, shape))


@pytest.mark.parametrize("operation", SCALED)
@drawn
@given(shape=shapes, factor=factors, seed=seeds, dtype=dtypes)
def test_activations_with_a_factor_equal_torch(operation, shape, factor, seed, dtype):
    x = normals(seed, dtype, shape)
    scaled = lambda x: operation(x, np.float64(factor))  # noqa: E731
    assert_same_as_torch(scaled, lambda x: SCALED[operation](x, factor), x)


@pytest.mark.parametrize("operation", SCALED)
def test_the_usual_factor_is_that_of_torch(operation):
    assert_same_as_torch(operation, SCALED[operation], normals(0, np.float64, (4, 5)))


@drawn
@given(n=batches, c=sizes, places=places, shared=st.booleans(), seed=seeds, dtype=dtypes)
def test_prelu_equals_torch(n, c, places, shared, seed, dtype):
    arrays = normals(seed, dtype, (n, c, *places), (1 if shared else c,))
    assert_same_as_torch(prelu, functional.prelu, arrays)


@drawn
@given(n=batches, c=sizes, pieces=sizes, places=places, seed=seeds, dtype=dtypes)
def test_maxout_equals_torch(n, c, pieces, places, seed, dtype):
    x = normals(seed, dtype, (n, c * pieces, *places))
    operation = partial(maxout, pieces=pieces)
    assert_same_as_torch(operation, partial(torch_maxout, pieces=pieces), x)


@pytest.mark.parametrize("operation", ALL)
def test_gradients_by_the_checker(operation):
    [x] = normals(0, np.float64, (3, 4, 2))
    assert gradient_check(operation, x).ok


def test_the_gradient_of_prelu_by_the_checker():
    x, alpha, shared = normals(0, np.float64, (3, 4, 2, 5), (4,), (1,))
    assert gradient_check(prelu, x, alpha).ok
    assert gradient_check(prelu, x, shared).ok


def test_the_corner_of_relu_is_a_kink_and_no_error():
    report = gradient_check(relu, np.array([0.0, 1.0, -1.0]))
    assert report.ok
    assert report.arguments[0].kinks == ((0,),)


# dtypes and layout


@pytest.mark.parametrize("operation", SCALED)
def test_a_float64_scalar_does_not_widen_float32(operation):
    out, backward = operation(np.ones((2, 3), np.float32), np.sqrt(2 / 9))
    assert out.dtype == np.float32
    assert backward(np.ones((2, 3))).dtype == np.float32


def test_slopes_of_prelu_follow_the_dtype_of_x():
    out, backward = prelu(np.ones((2, 3), np.float32), np.sqrt(2 / 9) * np.ones(3))
    assert [out.dtype, *(g.dtype for g in backward(np.ones((2, 3))))] == [np.float32] * 3


@pytest.mark.parametrize("operation", ALL)
def test_integers_count_as_float64(operation):
    whole = np.array([[1, -2], [0, 3]])
    assert_close(operation(whole)[0], operation(whole.astype(float))[0])


@pytest.mark.parametrize("operation", ALL)
def test_arrays_that_do_not_lie_in_c_order(operation):
    [x] = normals(0, np.float64, (6, 5, 8))
    strided = frozen(x[:, ::-1, ::2].transpose(1, 2, 0))
    out, backward = operation(strided)
    expected, expected_backward = operation(strided.copy(order="C"))
    assert_close(out, expected)
    assert_close(backward(out), expected_backward(out))


# By hand, and far from 0. RuntimeWarnings are errors here, so nothing overflows on the way.


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (sigmoid, [1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-2))]),
        (tanh, [-0.9640275800758169, 0, 0.9640275800758169]),
        (relu, [0, 0, 2]),
        (leaky_relu, [-0.02, 0, 2]),
        (elu, [np.exp(-2) - 1, 0, 2]),
        (partial(leaky_relu, slope=3), [-6, 0, 2]),
    ],
)
def test_three_values(operation, expected):
    np.testing.assert_allclose(operation([-2, 0, 2])[0], expected)


def test_maxout_takes_the_largest_of_neighbours_and_sends_the_gradient_back_to_it():
    out, backward = maxout([[1, 5, 2, -3, -1, -2]], 3)
    np.testing.assert_array_equal(out, [[5, -1]])
    np.testing.assert_array_equal(backward([[10, 20]]), [[0, 10, 0, 0, 20, 0]])


def test_maxout_of_x_and_minus_x_is_the_absolute_value():
    [x] = normals(0, np.float64, (5, 1))
    np.testing.assert_array_equal(maxout(np.hstack([x, -x]), 2)[0], np.abs(x))


def test_the_slope_of_the_sigmoid_is_a_quarter_at_most():
    slopes = sigmoid(np.linspace(-8, 8, 101))[1](np.ones(101))
    assert slopes.argmax() == 50
    assert slopes[50] == 0.25


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("operation", "left", "slopes"),
    [
        (sigmoid, 0, [0, 0]),
        (tanh, -1, [0, 0]),
        (relu, 0, [0, 1]),
        (elu, -1, [0, 1]),
    ],
)
def test_activations_far_from_zero(operation, left, slopes, dtype):
    far = EXTREME[dtype]
    out, backward = operation(np.array([-far, far], dtype))
    right = 1 if operation in (sigmoid, tanh) else dtype(far)
    np.testing.assert_array_equal(out, np.array([left, right], dtype))
    np.testing.assert_array_equal(backward(np.ones(2)), slopes)


def test_small_sigmoids_keep_their_digits():
    out, _ = sigmoid(np.array([-40.0, -700.0]))
    np.testing.assert_allclose(out, np.exp([-40.0, -700.0]), rtol=1e-12)


# Bad input: what was expected, what came, what to try.

X = np.ones((2, 3, 4, 5))


@pytest.mark.parametrize("operation", ALL)
def test_nan_inf_and_gradients_of_another_shape(operation):
    with pytest.raises(ValueError, match=r"x: expected finite numbers; received nan at \[1, 0\]"):
        operation([[1.0, 2.0], [np.nan, 3.0]])
    with pytest.raises(ValueError, match=r"x: expected finite numbers; received -inf at"):
        operation([[1.0, -np.inf]])
    with pytest.raises(TypeError, match=r"x: expected real numbers; received dtype complex128"):
        operation([[1.0, 2j]])
    _, backward = operation(np.ones((2, 6)))
    with pytest.raises(ValueError, match=r"dout: expected shape \(2, [36]\), the shape of out"):
        backward(np.ones((6, 2)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: prelu(X, np.ones(2)),
            ValueError,
            r"alpha: expected shape \(3,\), one slope for each channel of x, or a single one",
        ),
        (lambda: prelu(X, 0.25), ValueError, r"alpha: expected shape \(3,\).*received \(\); try"),
        (
            lambda: prelu(X[0, 0, 0], [0.25]),
            ValueError,
            r"x: expected shape \(N, C\) or \(N, C, L\)",
        ),
        (
            lambda: prelu(X, [np.nan]),
            ValueError,
            r"alpha: expected finite numbers; received nan",
        ),
        (
            lambda: leaky_relu(X, np.inf),
            ValueError,
            r"slope: expected a finite number; rec.* inf",
        ),
        (lambda: elu(X, np.nan), ValueError, r"alpha: expected a finite number; received nan; try"),
        (
            lambda: maxout(X, 2),
            ValueError,
            r"x: expected a multiple of 2 channels, .*; received \(2, 3, 4, 5\); try 2 channels",
        ),
        (lambda: maxout(X, 4), ValueError, r"a multiple of 4 channels, .*; try 4 channels"),
        (lambda: maxout(X, 0), ValueError, r"pieces: expected an integer of 1 or more; received 0"),
        (lambda: maxout(X, 1.5), TypeError, r"pieces: expected an integer; received 1.5, a float"),
        (lambda: maxout(X, True), TypeError, r"pieces: expected an integer; received True, a bool"),
    ],
)
def test_bad_parameters(call, error, message):
    with pytest.raises(error, match=message):
        call()
