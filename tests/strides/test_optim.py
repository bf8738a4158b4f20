"""The optimizers against torch.optim, what they remember, and on bad input."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from strides import optim
from strides.optim import base

torch.set_num_threads(1)

drawn = settings(deadline=None, derandomize=True, max_examples=15)
seeds = st.integers(0, 2**32 - 1)
shapes = st.lists(
    st.lists(st.integers(1, 4), min_size=0, max_size=4).map(tuple), min_size=1, max_size=3
)
dtypes = st.sampled_from([np.float64, np.float32])
TOLERANCE = {np.float64: 1e-10, np.float32: 1e-4}
STEPS = 25


class AverageMomentum(torch.optim.SGD):
    """torch's velocity form, moved by the share of each gradient that an average takes."""

    def __init__(self, params: Any, lr: float, momentum: float) -> None:
        super().__init__(params, lr=lr * (1 - momentum), momentum=momentum)


PAIRS = {
    "sgd": (lambda: optim.SGD(0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "momentum": (
        lambda: optim.Momentum(0.05, decay=0.7),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.7),
    ),
    "running average": (
        lambda: optim.Momentum(0.05, decay=0.7, average=True),
        lambda p: AverageMomentum(p, lr=0.05, momentum=0.7),
    ),
    "nesterov": (
        lambda: optim.Nesterov(0.05, decay=0.8),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    ),
    "adagrad": (
        lambda: optim.Adagrad(0.2, eps=1e-3),
        lambda p: torch.optim.Adagrad(p, lr=0.2, eps=1e-3),
    ),
    "adagrad, as it comes": (optim.Adagrad, torch.optim.Adagrad),
    "rmsprop": (
        lambda: optim.RMSProp(0.02, decay=0.8, eps=1e-2),
        lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.8, eps=1e-2),
    ),
    "rmsprop, as it comes": (optim.RMSProp, torch.optim.RMSprop),
    "adadelta": (
        lambda: optim.Adadelta(0.7, decay=0.8, eps=1e-2),
        lambda p: torch.optim.Adadelta(p, lr=0.7, rho=0.8, eps=1e-2),
    ),
    "adadelta, as it comes": (optim.Adadelta, torch.optim.Adadelta),
    "adam": (
        lambda: optim.Adam(0.05, beta1=0.8, beta2=0.95, eps=1e-3),
        lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3),
    ),
    "adam, as it comes": (optim.Adam, torch.optim.Adam),
    "adamw": (
        lambda: optim.AdamW(0.05, beta1=0.8, beta2=0.95, eps=1e-3, weight_decay=0.3),
        lambda p: torch.optim.AdamW(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3),
    ),
    "adamw, as it comes": (optim.AdamW, torch.optim.AdamW),
}
OURS = {name: make for name, (make, _) in PAIRS.items()}


def start(sizes: list[tuple[int, ...]], seed: int, dtype: Any) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.standard_normal(size), dtype=dtype) for size in sizes]


def gradients_at(params: list[Any], step: int) -> list[Any]:
    """A gradient that depends on where the parameters are, and on the batch."""
    return [w * (1 + 0.3 * step % 2) - 0.5 * (step % 3) for w in params]


@pytest.mark.parametrize("name", PAIRS)
@drawn
@given(sizes=shapes, seed=seeds, dtype=dtypes)
def test_optimizers_equal_torch_at_every_step(name, sizes, seed, dtype):
    make, make_torch = PAIRS[name]
    params = start(sizes, seed, dtype)
    tensors = [torch.tensor(w, requires_grad=True) for w in params]
    ours, reference = make(), make_torch(tensors)
    for step in range(STEPS):
        grads = gradients_at(params, step)
        for tensor in tensors:
            (tensor.grad,) = gradients_at([tensor.detach()], step)
        before = [grad.copy() for grad in grads]
        ours.step(params, grads)
        reference.step()
        for w, tensor in zip(params, tensors, strict=True):
            assert w.dtype == dtype
            tolerance = TOLERANCE[dtype]
            np.testing.assert_allclose(w, tensor.detach(), rtol=tolerance, atol=tolerance)
        for grad, kept in zip(grads, before, strict=True):
            np.testing.assert_array_equal(grad, kept)
    for arrays in ours.memory.values():
        assert all(array.dtype == dtype for array in arrays)


# The reference of the running average folds the rate into the velocity, so it cannot change it.
@pytest.mark.parametrize("name", [name for name in PAIRS if name != "running average"])
def test_a_learning_rate_that_changes_equals_torch(name):
    make, make_torch = PAIRS[name]
    params = start([(3, 2)], 0, np.float64)
    tensors = [torch.tensor(params[0], requires_grad=True)]
    ours, reference = make(), make_torch(tensors)
    for step in range(STEPS):
        ours.learning_rate = reference.param_groups[0]["lr"] = 0.1 / (step + 1)
        tensors[0].grad = gradients_at([tensors[0].detach()], step)[0]
        ours.step(params, gradients_at(params, step))
        reference.step()
    np.testing.assert_allclose(params[0], tensors[0].detach(), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", PAIRS)
def test_large_and_scattered_arrays_move_like_small_ones(name):
    """A large array is updated in blocks, one that does not lie in a row as a whole."""
    rng = np.random.default_rng(1)
    count = base.BLOCK_BYTES // 8 * 2 + 7
    whole = rng.standard_normal((count, 1))
    scattered = np.repeat(whole, 2, axis=1)[:, :1]
    pieces = [piece.copy() for piece in np.array_split(whole, 50)]
    assert not scattered.flags.c_contiguous
    for params in ([whole], [scattered], pieces):
        optimizer = OURS[name]()
        for step in range(3):
            optimizer.step(params, gradients_at(params, step))
    np.testing.assert_array_equal(whole, np.concatenate(pieces))
    np.testing.assert_array_equal(whole, scattered)


@pytest.mark.parametrize("name", PAIRS)
def test_float32_stays_float32_with_rates_of_float64(name):
    params = [np.ones((2, 2), np.float32)]
    optimizer = OURS[name]()
    optimizer.learning_rate = np.sqrt(0.02)
    assert type(optimizer.learning_rate) is float
    array = params[0]
    optimizer.step(params, [np.full((2, 2), 0.5, np.float32)])
    assert params[0] is array
    assert array.dtype == np.float32
    assert not np.array_equal(array, np.ones((2, 2)))


@pytest.mark.parametrize("name", PAIRS)
def test_state_goes_on_bit_for_bit(name):
    params = start([(3,), (2, 2)], 3, np.float32)
    ours = OURS[name]()
    for step in range(4):
        ours.step(params, gradients_at(params, step))
    ours.learning_rate = 0.03
    saved, others = ours.state(), [w.copy() for w in params]
    ours.step(params, gradients_at(params, 4))
    ours.step(params, gradients_at(params, 5))

    again = OURS[name]()
    again.load_state(saved)
    again.step(others, gradients_at(others, 4))
    again.step(others, gradients_at(others, 5))
    for w, other in zip(params, others, strict=True):
        np.testing.assert_array_equal(w, other)


def test_state_before_the_first_step_can_be_loaded():
    adam, other = optim.Adam(), optim.Adam(0.5)
    other.load_state(adam.state())
    assert (other.steps, other.learning_rate, other.memory) == (0, 1e-3, {})


@pytest.mark.parametrize(
    ("owner", "reader"), [("sgd", "adam"), ("adam", "sgd"), ("adam", "rmsprop")]
)
def test_state_of_another_optimizer_is_refused(owner, reader):
    params = start([(3,)], 0, np.float64)
    ours = OURS[owner]()
    ours.step(params, params)
    with pytest.raises(ValueError, match=r"state: expected steps, learning_rate .* received"):
        OURS[reader]().load_state(ours.state())


def test_a_rule_of_your_own_needs_only_move():
    class SignDescent(optim.Optimizer):
        def move(self, w, g):
            w -= self.learning_rate * np.sign(g)

    params = [np.array([1.0, -2.0])]
    SignDescent(0.5).step(params, [np.array([3.0, -4.0])])
    np.testing.assert_array_equal(params[0], [0.5, -1.5])


def test_momentum_by_hand():
    """v = 1, then 0.9 + 1 = 1.9: w = 0 - 0.1 - 0.19."""
    params, grads = [np.zeros(1)], [np.ones(1)]
    velocity, average = optim.Momentum(0.1), optim.Momentum(0.1, average=True)
    for _ in range(2):
        velocity.step(params, grads)
    np.testing.assert_allclose(params[0], -0.29, rtol=1e-14)
    average.step(params, grads)
    np.testing.assert_allclose(params[0], -0.30, rtol=1e-14)


@pytest.mark.parametrize(
    ("params", "grads", "error", "message"),
    [
        ([np.ones(2)], [], ValueError, r"grads: expected 1 arrays, .* received 0"),
        ([np.ones(2)], [np.ones(3)], ValueError, r"grads\[0\]: expected shape \(2,\).*\(3,\)"),
        ([np.ones((2, 1))], [np.ones(2)], ValueError, r"grads\[0\]: expected shape \(2, 1\)"),
        ([np.ones(2, int)], [np.ones(2)], TypeError, r"params\[0\]: .* received dtype int64"),
        ([[1.0, 2.0]], [np.ones(2)], TypeError, r"params\[0\]: .* received list"),
    ],
)
def test_parameters_and_gradients_that_do_not_fit(params, grads, error, message):
    adam = optim.Adam()
    with pytest.raises(error, match=message):
        adam.step(params, grads)
    assert adam.steps == 0


def test_other_parameters_at_a_later_step():
    adam = optim.Adam()
    adam.step([np.ones(2)], [np.ones(2)])
    with pytest.raises(ValueError, match=r"sum of Adam\[0\]: expected shape \(3,\).*\(2,\)"):
        adam.step([np.ones(3)], [np.ones(3)])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optim.SGD(-0.1), "learning_rate: expected a number of 0 or more; received -0.1"),
        (lambda: optim.SGD(np.nan), "learning_rate: .* received nan"),
        (lambda: optim.Momentum(0.1, decay=1.0), "decay: expected a number from 0 to below 1"),
        (lambda: optim.Nesterov(0.1, decay=-0.1), "decay: .* received -0.1"),
        (lambda: optim.Adam(beta2=1), "beta2: .* received 1"),
        (lambda: optim.Adagrad(eps=-1), "eps: expected a number of 0 or more"),
        (lambda: optim.AdamW(weight_decay=-1), "weight_decay: expected a number of 0 or more"),
    ],
)
def test_settings_out_of_range(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Clipping, and L-BFGS.


@drawn
@given(sizes=shapes, seed=seeds, dtype=dtypes, limit=st.floats(0.1, 5))
def test_clip_gradients_equals_torch(sizes, seed, dtype, limit):
    grads = start(sizes, seed, dtype)
    tensors = [torch.tensor(g) for g in grads]
    for tensor in tensors:
        tensor.grad = tensor.clone()
    expected = torch.nn.utils.clip_grad_norm_(tensors, limit)
    norm = optim.clip_gradients(grads, limit)
    np.testing.assert_allclose(norm, expected, rtol=1e-5)
    for g, tensor in zip(grads, tensors, strict=True):
        assert g.dtype == dtype
        # torch divides by the norm plus 1e-6
        np.testing.assert_allclose(g, tensor.grad, rtol=1e-4, atol=1e-6)


def test_clip_gradients_by_hand():
    grads = [np.array([3.0]), np.array([[0.0, 4.0]])]
    assert optim.clip_gradients(grads, 10.0) == 5.0
    np.testing.assert_array_equal(grads[0], [3.0])
    assert optim.clip_gradients(grads, 1.0) == 5.0
    np.testing.assert_allclose(grads[1], [[0.0, 0.8]], rtol=1e-15)


def test_clip_gradients_where_float32_would_overflow():
    grads = [np.full(4, 1e30, np.float32)]
    assert optim.clip_gradients(grads, 1.0) == pytest.approx(2e30, rel=1e-6)
    np.testing.assert_allclose(grads[0], 0.5, rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_clip_gradients_refuses_what_is_not_finite(bad):
    with pytest.raises(ValueError, match="grads: expected finite numbers"):
        optim.clip_gradients([np.array([1.0, bad])], 1.0)


def test_clip_gradients_refuses_a_limit_of_zero():
    with pytest.raises(ValueError, match="limit: expected a positive number; received 0"):
        optim.clip_gradients([np.ones(2)], 0)


def logistic_problem(dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    x = rng.standard_normal((40, 3)).astype(dtype)
    y = np.sign(x @ [1.0, -2.0, 0.5] + 0.7 * rng.standard_normal(40)).astype(dtype)
    return x, y


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_lbfgs_finds_the_minimum_that_torch_finds(dtype):
    x, y = logistic_problem(dtype)
    w, b = np.zeros(3, dtype), np.zeros((), dtype)

    def loss_and_grads():
        margins = y * (x @ w + b)
        slope = -y / (1 + np.exp(margins)) / len(y)
        loss = np.logaddexp(0, -margins).mean() + 0.01 * w @ w
        return loss, [x.T @ slope + 0.02 * w, slope.sum()]

    found = optim.lbfgs(loss_and_grads, [w, b], tolerance=1e-7)

    tw, tb = torch.zeros(3, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    tw.requires_grad, tb.requires_grad = True, True
    tx, ty = torch.tensor(x).double(), torch.tensor(y).double()
    reference = torch.optim.LBFGS(
        [tw, tb], 1, 200, tolerance_grad=1e-9, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure():
        reference.zero_grad()
        loss = torch.nn.functional.soft_margin_loss(tx @ tw + tb, ty) + 0.01 * tw @ tw
        loss.backward()
        return loss

    reference.step(closure)
    tolerance = 1e-5 if dtype == np.float64 else 1e-3
    assert w.dtype == dtype
    np.testing.assert_allclose(w, tw.detach(), atol=tolerance)
    np.testing.assert_allclose(b, tb.detach(), atol=tolerance)
    assert found.losses[0] == pytest.approx(np.log(2), rel=1e-6)
    assert found.losses[-1] == pytest.approx(closure().item(), rel=1e-6)
    assert np.all(np.diff(found.losses) <= 0)


def test_lbfgs_stops_after_as_many_steps_as_asked():
    w = np.array([5.0, -3.0])
    found = optim.lbfgs(lambda: (np.sum(w**4), [4 * w**3]), [w], steps=3)
    assert len(found.losses) == 4
    assert not found.converged
    assert found.losses[-1] == pytest.approx(np.sum(w**4))


def test_lbfgs_says_that_it_converged():
    w = np.array([5.0, -3.0])
    found = optim.lbfgs(lambda: (np.sum((w - 1) ** 2), [2 * (w - 1)]), [w])
    assert found.converged
    np.testing.assert_allclose(w, 1, atol=1e-7)


def test_lbfgs_with_a_gradient_too_few():
    with pytest.raises(ValueError, match="grads: expected 1 arrays"):
        optim.lbfgs(lambda: (0.0, []), [np.ones(2)])
