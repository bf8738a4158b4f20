"""Normalisation against torch, against the gradient checker, by hand and on bad input."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from against_torch import assert_close, assert_same_as_torch, drawn, dtypes, frozen, normals, seeds
from strides.gradcheck import gradient_check
from strides.norm import RunningStatistics, batch_norm, group_norm, instance_norm, layer_norm

functional = torch.nn.functional
batches = st.integers(1, 6)
sizes = st.integers(1, 5)
places = st.lists(st.integers(1, 5), max_size=2).map(tuple)
some_places = st.lists(st.integers(1, 5), min_size=1, max_size=2).map(tuple)
eps_values = st.sampled_from([1e-5, 0.5])
momenta = st.sampled_from([0, 0.1, 0.7, 1])


def start(channels):
    return RunningStatistics.start(channels)


def trained(seed, dtype, channels):
    """Running statistics as they may be in the middle of a training."""
    mean, spread = normals(seed, dtype, (channels,), (channels,))
    return RunningStatistics(mean, frozen(spread**2 + dtype(0.1)))


def cancellation(x, count):
    """How much wider the tolerance has to be: few numbers can lie close together."""
    return 1 if x.dtype == np.float64 and count > 4 else 30


# Batch norm


@drawn
@given(
    n=batches, c=sizes, places=places, eps=eps_values, momentum=momenta, seed=seeds, dtype=dtypes
)
def test_batch_norm_in_train_mode_equals_torch(n, c, places, eps, momentum, seed, dtype):
    arrays = normals(seed, dtype, (n, c, *places), (c,), (c,))
    count = n * int(np.prod(places))
    assume(count > 1)
    running = trained(seed, dtype, c)
    mean, var = torch.tensor(running.mean), torch.tensor(running.var)
    factor = cancellation(arrays[0], count)
    assert_same_as_torch(
        lambda x, gamma, beta: batch_norm(x, gamma, beta, running, True, momentum, eps),
        lambda x, gamma, beta: functional.batch_norm(
            x, mean, var, gamma, beta, training=True, momentum=momentum, eps=eps
        ),
        arrays,
        factor,
    )
    assert_close(running.mean, mean.numpy())
    assert_close(running.var, var.numpy())


@drawn
@given(n=st.integers(0, 6), c=sizes, places=places, eps=eps_values, seed=seeds, dtype=dtypes)
def test_batch_norm_in_eval_mode_equals_torch(n, c, places, eps, seed, dtype):
    arrays = normals(seed, dtype, (n, c, *places), (c,), (c,))
    running = trained(seed, dtype, c)
    mean, var = running.mean, running.var
    assert_same_as_torch(
        lambda x, gamma, beta: batch_norm(x, gamma, beta, running, train=False, eps=eps),
        lambda x, gamma, beta: functional.batch_norm(
            x, torch.tensor(mean), torch.tensor(var), gamma, beta, eps=eps
        ),
        arrays,
    )
    assert running.mean is mean
    assert running.var is var


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_several_batches_and_then_eval_mode_equal_a_module_of_torch(dtype):
    module = torch.nn.BatchNorm2d(3, momentum=0.7, eps=0.5, dtype=torch.tensor(dtype(0)).dtype)
    gamma, beta = module.weight.detach().numpy(), module.bias.detach().numpy()
    running = start(3)
    for seed, n in enumerate((4, 2, 1)):
        [x] = normals(seed, dtype, (n, 3, 5, 4))
        out, _ = batch_norm(x, gamma, beta, running, momentum=0.7, eps=0.5)
        assert_close(out, module(torch.tensor(x)).detach().numpy())
        assert_close(running.mean, module.running_mean.numpy())
        assert_close(running.var, module.running_var.numpy())
    module.eval()
    out, _ = batch_norm(x, gamma, beta, running, train=False, eps=0.5)
    assert_close(out, module(torch.tensor(x)).detach().numpy())


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 6), (2, 3, 4, 5), (1, 3, 4, 5)])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_the_gradient_of_batch_norm_by_the_checker(shape, train, eps):
    x, gamma, beta = normals(0, np.float64, shape, (3,), (3,))
    running = trained(0, np.float64, 3)
    report = gradient_check(batch_norm, x, gamma, beta, running, train=train, eps=eps)
    assert report.ok, str(report)


def test_batch_norm_is_the_identity_for_gamma_sqrt_var_and_beta_mean():
    [x] = normals(0, np.float64, (4, 3, 5, 6))
    x = 7 * x - 2
    mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    out, _ = batch_norm(x, np.sqrt(var), mean, start(3), eps=0)
    assert_close(out, x)
    out, _ = batch_norm(x, np.sqrt(var + 0.5), mean, start(3), eps=0.5)
    assert_close(out, x)
    out, _ = batch_norm(x, np.sqrt(var), mean, RunningStatistics(mean, var), train=False, eps=0)
    assert_close(out, x)


def test_batch_norm_by_hand():
    running = start(1)
    out, backward = batch_norm([[1], [3]], [10], [5], running, momentum=0.5, eps=0)
    np.testing.assert_allclose(out, [[-5], [15]])
    np.testing.assert_allclose(running.mean, [1])  # halfway from 0 to 2
    np.testing.assert_allclose(running.var, [1.5])  # halfway from 1 to 2, the unbiased variance
    dx, dgamma, dbeta = backward([[1], [1]])
    np.testing.assert_allclose(dx, [[0], [0]])  # a shift of the batch changes nothing
    np.testing.assert_allclose([*dgamma, *dbeta], [0, 2])


def test_the_batch_decides_in_train_mode_and_the_running_statistics_in_eval_mode():
    x, gamma, beta = normals(0, np.float64, (6, 3), (3,), (3,))
    train = [batch_norm(x, gamma, beta, trained(s, np.float64, 3))[0] for s in (0, 1)]
    np.testing.assert_array_equal(*train)
    kept = trained(0, np.float64, 3)
    whole, _ = batch_norm(x, gamma, beta, kept, train=False)
    first, _ = batch_norm(x[:1], gamma, beta, kept, train=False)
    np.testing.assert_array_equal(whole[:1], first)


def test_a_mean_far_from_zero_costs_few_digits():
    [noise] = normals(0, np.float64, (16, 2, 8, 8))
    x = (1000 + noise).astype(np.float32)
    out, backward = batch_norm(x, [1, 1], [0, 0], start(2))
    exact, exact_backward = batch_norm(x.astype(np.float64), [1, 1], [0, 0], start(2))
    np.testing.assert_allclose(out, exact, atol=1e-3)
    np.testing.assert_allclose(backward(noise)[0], exact_backward(noise)[0], atol=1e-3)


def test_a_constant_channel_becomes_beta():
    x = np.full((4, 1, 3, 3), 0.1, np.float32)
    out, backward = batch_norm(x, [2], [5], start(1))
    np.testing.assert_allclose(out, 5, atol=1e-3)
    assert np.isfinite(backward(x)[0]).all()


def test_the_running_statistics_of_float32_stay_float32():
    [x] = normals(0, np.float32, (4, 3))
    running = start(3)
    batch_norm(x, np.ones(3), np.zeros(3), running, momentum=np.sqrt(2 / 9))
    assert running.mean.dtype == running.var.dtype == np.float32


def test_running_statistics_are_replaced_and_not_written_to():
    running = start(3)
    mean, var = running.mean, running.var
    [x] = normals(0, np.float32, (4, 3))
    batch_norm(x, np.ones(3), np.zeros(3), running)
    np.testing.assert_array_equal(mean, 0)
    np.testing.assert_array_equal(var, 1)
    assert not np.array_equal(running.mean, mean)


# Layer, instance and group norm


@drawn
@given(n=st.integers(0, 6), c=sizes, places=places, eps=eps_values, seed=seeds, dtype=dtypes)
def test_layer_norm_equals_torch(n, c, places, eps, seed, dtype):
    shape = (c, *places)
    assume(np.prod(shape) > 1)
    arrays = normals(seed, dtype, (n, *shape), shape, shape)
    assert_same_as_torch(
        lambda x, gamma, beta: layer_norm(x, gamma, beta, np.float64(eps)),
        lambda x, gamma, beta: functional.layer_norm(x, shape, gamma, beta, eps),
        arrays,
        cancellation(arrays[0], np.prod(shape)),
    )


@drawn
@given(n=batches, c=sizes, places=some_places, eps=eps_values, seed=seeds, dtype=dtypes)
def test_instance_norm_equals_torch(n, c, places, eps, seed, dtype):
    assume(np.prod(places) > 1)
    arrays = normals(seed, dtype, (n, c, *places), (c,), (c,))
    assert_same_as_torch(
        lambda x, gamma, beta: instance_norm(x, gamma, beta, np.float64(eps)),
        lambda x, gamma, beta: functional.instance_norm(x, weight=gamma, bias=beta, eps=eps),
        arrays,
        cancellation(arrays[0], np.prod(places)),
    )


@drawn
@given(
    n=batches,
    groups=sizes,
    c=sizes,
    places=places,
    eps=eps_values,
    seed=seeds,
    dtype=dtypes,
)
def test_group_norm_equals_torch(n, groups, c, places, eps, seed, dtype):
    channels, count = groups * c, c * int(np.prod(places))
    assume(count > 1)
    arrays = normals(seed, dtype, (n, channels, *places), (channels,), (channels,))
    assert_same_as_torch(
        lambda x, gamma, beta: group_norm(x, gamma, beta, groups, np.float64(eps)),
        lambda x, gamma, beta: functional.group_norm(x, groups, gamma, beta, eps),
        arrays,
        cancellation(arrays[0], count),
    )


def test_the_gradients_of_the_others_by_the_checker():
    x, gamma, beta, rows = normals(0, np.float64, (3, 4, 2, 5), (4,), (4,), (3, 4))
    whole_gamma, whole_beta = normals(1, np.float64, (4, 2, 5), (4, 2, 5))
    assert gradient_check(layer_norm, x, whole_gamma, whole_beta).ok
    assert gradient_check(layer_norm, rows, gamma, beta, eps=0.5).ok
    assert gradient_check(instance_norm, x, gamma, beta).ok
    assert gradient_check(group_norm, x, gamma, beta, 2).ok
    assert gradient_check(group_norm, rows, gamma, beta, 2, eps=0.5).ok


def test_what_is_normalised_has_mean_0_and_variance_1():
    [x] = normals(0, np.float64, (3, 4, 5, 6))
    x = 3 * x + 2
    ones, zeros = np.ones(4), np.zeros(4)
    for out, axes in (
        (batch_norm(x, ones, zeros, start(4), eps=0)[0], (0, 2, 3)),
        (layer_norm(x, np.ones((4, 5, 6)), np.zeros((4, 5, 6)), eps=0)[0], (1, 2, 3)),
        (instance_norm(x, ones, zeros, eps=0)[0], (2, 3)),
        (group_norm(x, ones, zeros, 2, eps=0)[0].reshape(3, 2, 2, 5, 6), (2, 3, 4)),
    ):
        np.testing.assert_allclose(out.mean(axis=axes), 0, atol=1e-12)
        np.testing.assert_allclose(out.var(axis=axes), 1)


def test_one_group_is_a_layer_norm_and_a_group_a_channel_an_instance_norm():
    x, gamma, beta = normals(0, np.float64, (3, 4, 5, 6), (4,), (4,))
    whole = [np.broadcast_to(v[:, None, None], (4, 5, 6)) for v in (gamma, beta)]
    assert_close(group_norm(x, gamma, beta, 1)[0], layer_norm(x, *whole)[0])
    assert_close(group_norm(x, gamma, beta, 4)[0], instance_norm(x, gamma, beta)[0])


def test_no_examples_give_no_output_and_gradients_of_0():
    x, gamma, beta = normals(0, np.float32, (0, 4, 5), (4,), (4,))
    for out, backward in (
        instance_norm(x, gamma, beta),
        group_norm(x, gamma, beta, 2),
        batch_norm(x, gamma, beta, start(4), train=False),
    ):
        assert_close(out, x)
        dx, dgamma, dbeta = backward(x)
        assert_close(dx, x)
        assert_close(dgamma, np.zeros(4, np.float32))
        assert_close(dbeta, np.zeros(4, np.float32))


# What holds for all of them

ALL = {
    "batch_norm": lambda x, gamma, beta, eps=1e-5: batch_norm(x, gamma, beta, start(4), eps=eps),
    "batch_norm in eval mode": lambda x, gamma, beta, eps=1e-5: batch_norm(
        x, gamma, beta, trained(0, np.float64, 4), train=False, eps=eps
    ),
    "layer_norm": lambda x, gamma, beta, eps=1e-5: layer_norm(x, x[0], x[1], eps),
    "instance_norm": lambda x, gamma, beta, eps=1e-5: instance_norm(x, gamma, beta, eps),
    "group_norm": lambda x, gamma, beta, eps=1e-5: group_norm(x, gamma, beta, 2, eps),
}
every = pytest.mark.parametrize("operation", ALL.values(), ids=ALL)


@every
def test_parameters_and_scalars_of_float64_do_not_widen_float32(operation):
    x, gamma, beta, dout = normals(0, np.float64, (3, 4, 2, 5), (4,), (4,), (3, 4, 2, 5))
    out, backward = operation(x.astype(np.float32), gamma, beta, np.sqrt(2 / 9))
    assert [out.dtype, *(g.dtype for g in backward(dout))] == [np.float32] * 4


@every
def test_integers_count_as_float64(operation):
    x = np.arange(120).reshape(3, 4, 2, 5) ** 2
    ones = np.ones(4, int)
    assert_close(operation(x, ones, ones)[0], operation(x.astype(float), ones, ones)[0])


@every
@pytest.mark.parametrize("axes", [(3, 0, 2, 1), (0, 3, 1, 2), (3, 2, 1, 0)])
def test_arrays_that_do_not_lie_in_c_order(operation, axes):
    big, gamma, beta = normals(0, np.float64, (4, 8, 4, 4), (4,), (4,))
    x = frozen(big[:, ::-2].transpose(axes))
    out, backward = operation(x, gamma, beta)
    plain, plain_backward = operation(x.copy(order="C"), gamma, beta)
    assert_close(out, plain)
    for found, expected in zip(backward(x), plain_backward(x.copy(order="C")), strict=True):
        assert_close(found, expected)


@every
def test_backward_can_be_called_again(operation):
    x, gamma, beta, dout, other = normals(0, np.float64, (3, 4, 2), (4,), (4,), *[(3, 4, 2)] * 2)
    _, backward = operation(x, gamma, beta)
    first = backward(dout)
    backward(other)
    for before, after in zip(first, backward(dout), strict=True):
        np.testing.assert_array_equal(before, after)


# Bad input: what was expected, what came, what to try.


@every
def test_nan_and_gradients_of_another_shape(operation):
    x, gamma, beta = np.ones((3, 4, 2)), np.ones(4), np.zeros(4)
    with pytest.raises(ValueError, match=r"dout: expected shape \(3, 4, 2\), the shape of out"):
        operation(x, gamma, beta)[1](np.ones((3, 4)))
    with pytest.raises(ValueError, match=r"eps: expected a number of 0 or more; received -1.0"):
        operation(x, gamma, beta, -1)
    x[1, 2, 0] = np.nan
    with pytest.raises(ValueError, match=r"x: expected finite numbers; received nan at \[1, 2"):
        operation(x, gamma, beta)


@pytest.mark.parametrize("name", [name for name in ALL if "eval" not in name])
def test_a_constant_input_without_eps(name):
    with pytest.raises(ValueError, match=r"var \+ eps: expected numbers above 0; received 0.0"):
        ALL[name](np.ones((3, 4, 2)), np.ones(4), np.ones(4), 0)


X, GAMMA, BETA = np.ones((2, 4, 3, 5)), np.ones(4), np.zeros(4)
ONE_EACH = r"x: expected two or more numbers in each"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: batch_norm(X, np.ones(5), BETA, start(4)),
            ValueError,
            r"gamma: expected shape \(4,\), one number for each channel of x; received \(5,\); try",
        ),
        (
            lambda: batch_norm(X, GAMMA, np.zeros((4, 1, 1)), start(4)),
            ValueError,
            r"beta: expected shape \(4,\), one number for each channel of x; received \(4, 1, 1\)",
        ),
        (
            lambda: batch_norm(X, GAMMA, BETA, start(3)),
            ValueError,
            r"running.mean: expected shape \(4,\), one number for each channel of x; rec.*\(3,\)",
        ),
        (
            lambda: batch_norm(X, GAMMA, BETA, RunningStatistics(BETA, BETA - 1), train=False),
            ValueError,
            r"var \+ eps: expected numbers above 0; received -0.99999 at \[0\]; try eps=1e-5",
        ),
        (
            lambda: batch_norm(X, GAMMA, BETA, np.zeros(4)),
            TypeError,
            r"running: expected RunningStatistics; received ndarray; try RunningStatistics.start",
        ),
        (
            lambda: batch_norm(X, GAMMA, BETA, start(4), momentum=1.5),
            ValueError,
            r"momentum: expected a number from 0 to 1; received 1.5; try 0.1",
        ),
        (
            lambda: batch_norm(X, GAMMA, BETA, start(4), momentum=np.nan),
            ValueError,
            r"momentum: expected a number from 0 to 1; received nan",
        ),
        (
            lambda: batch_norm(X[:1, :, 0, 0], GAMMA, BETA, start(4)),
            ValueError,
            ONE_EACH + r" channel, .*; received 1, x is \(1, 4\); try a larger batch, or train=Fal",
        ),
        (
            lambda: batch_norm(X[:0], GAMMA, BETA, start(4)),
            ValueError,
            ONE_EACH + r" channel, .*; received 0, x is \(0, 4, 3, 5\)",
        ),
        (
            lambda: batch_norm(X[None], GAMMA, BETA, start(4)),
            ValueError,
            r"x: expected shape \(N, C\) or .*; received \(1, 2, 4, 3, 5\); try",
        ),
        (
            lambda: layer_norm(X, GAMMA, BETA),
            ValueError,
            r"gamma: expected shape \(4, 3, 5\), the shape of one example of x; received \(4,\)",
        ),
        (
            lambda: layer_norm(X[:, :1, 0, 0], [1], [0]),
            ValueError,
            ONE_EACH + " example",
        ),
        (lambda: instance_norm(X[:, :, 0, 0], GAMMA, BETA), ValueError, r"x: expected .*N, C, L\)"),
        (
            lambda: instance_norm(X[:, :, :1, 0], GAMMA, BETA),
            ValueError,
            ONE_EACH + " group",
        ),
        (
            lambda: group_norm(X, GAMMA, BETA, 3),
            ValueError,
            r"groups: expected a divisor of the 4 channels of x \(2, 4, 3, 5\); received 3; try 1",
        ),
        (lambda: group_norm(X, GAMMA, BETA, 0), ValueError, r"groups: expected an integer of 1 or"),
        (
            lambda: group_norm(X, GAMMA, BETA, 2.0),
            TypeError,
            r"groups: expected an integer; rec",
        ),
    ],
)
def test_bad_input(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_running_statistics_are_left_alone_by_a_call_that_fails():
    running = start(4)
    with pytest.raises(ValueError, match="var"):
        batch_norm(X, GAMMA, BETA, running, eps=0)
    np.testing.assert_array_equal(running.var, 1)
