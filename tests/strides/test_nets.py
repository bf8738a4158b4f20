"""Nets against torch and against autograd, their state, their initial weights, and bad input."""

from typing import Any

import numpy as np
import pytest
import torch

from strides import activations, conv, initialise, layers, losses, nets, norm, optim
from strides.autograd import Tensor, lift
from strides.nets import (
    BatchNorm,
    Conv2d,
    Dropout,
    Layer,
    Linear,
    Module,
    Residual,
    Sequential,
    convnet,
    lenet,
)

torch.set_num_threads(1)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def small_net(dtype: Any = np.float64) -> Sequential:
    """Convolution, batch norm, pooling, a residual part and two linear layers."""
    r = rng()
    body = Sequential(Conv2d(4, 4, 3, r, dtype=dtype, pad=1), activations.tanh)
    return Sequential(
        Conv2d(2, 4, (3, 2), r, dtype=dtype, pad=1),
        BatchNorm(4, dtype=dtype),
        activations.relu,
        Residual(body),
        Layer(conv.max_pool2d, window=2),
        layers.flatten,
        Linear(4 * 3 * 4, 5, r, dtype=dtype),
        activations.relu,
        Linear(5, 3, r, dtype=dtype),
    )


class TorchNet(torch.nn.Module):
    """The same net in torch, with the weights of the one given."""

    def __init__(self, params: list[np.ndarray]) -> None:
        super().__init__()
        self.conv1 = torch.nn.Conv2d(2, 4, (3, 2), padding=1)
        self.norm = torch.nn.BatchNorm2d(4)
        self.conv2 = torch.nn.Conv2d(4, 4, 3, padding=1)
        self.linear1, self.linear2 = torch.nn.Linear(48, 5), torch.nn.Linear(5, 3)
        self.double()
        with torch.no_grad():
            for ours, theirs in zip(params, self.parameters(), strict=True):
                theirs.copy_(torch.tensor(ours.T if ours.ndim == 2 else ours))

    def forward(self, x: Any) -> Any:
        x = torch.relu(self.norm(self.conv1(x)))
        x = x + torch.tanh(self.conv2(x))
        x = torch.nn.functional.max_pool2d(x, 2).flatten(1)
        return self.linear2(torch.relu(self.linear1(x)))


def batches_of_images(count: int, n: int = 6) -> list[tuple[np.ndarray, np.ndarray]]:
    r = rng(7)
    return [(r.standard_normal((n, 2, 6, 7)), r.integers(0, 3, n)) for _ in range(count)]


def losses_of_net(net: Sequential, optimizer: optim.Optimizer, data: list) -> list[float]:
    found = []
    for x, y in data:
        scores, backward = net.forward(x, train=True)
        loss, backward_of_loss = losses.softmax_loss(scores, y)
        _, grads = backward(backward_of_loss())
        optimizer.step(net.params(), grads)
        found.append(float(loss))
    return found


def losses_of_autograd(net: Sequential, optimizer: optim.Optimizer, data: list) -> list[float]:
    """The same net written as a formula over Tensors that share its weights."""
    params = [Tensor(w, requires_grad=True) for w in net.params()]
    w1, b1, gamma, beta, w2, b2, w3, b3, w4, b4 = params
    running = norm.RunningStatistics.start(4, np.float64)
    conv2d, relu = lift(conv.conv2d), lift(activations.relu)
    found = []
    for x, y in data:
        h = relu(lift(norm.batch_norm)(conv2d(x, w1, b1, pad=1), gamma, beta, running))
        h = h + lift(activations.tanh)(conv2d(h, w2, b2, pad=1))
        h = lift(layers.flatten)(lift(conv.max_pool2d)(h, 2))
        loss = lift(losses.softmax_loss)(relu(h @ w3 + b3) @ w4 + b4, y)
        for param in params:
            param.grad = None
        loss.backward()
        optimizer.step([p.data for p in params], [p.grad for p in params])
        found.append(float(loss.data))
    return found


def losses_of_torch(net: Any, optimizer: Any, data: list) -> list[float]:
    found = []
    for x, y in data:
        loss = torch.nn.functional.cross_entropy(net(torch.tensor(x)), torch.tensor(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


OPTIMIZERS = {
    "nesterov": (
        lambda: optim.Nesterov(0.05),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    ),
    "adam": (lambda: optim.Adam(0.01), lambda p: torch.optim.Adam(p, lr=0.01)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_net_autograd_and_torch_have_the_same_losses_for_25_steps(name):
    make, make_torch = OPTIMIZERS[name]
    data = batches_of_images(25)
    theirs = TorchNet(small_net().params())
    expected = losses_of_torch(theirs, make_torch(theirs.parameters()), data)
    net = small_net()
    np.testing.assert_allclose(losses_of_net(net, make(), data), expected, rtol=1e-9)
    np.testing.assert_allclose(losses_of_autograd(small_net(), make(), data), expected, rtol=1e-9)
    assert expected[-1] != expected[0]

    theirs.eval()
    x = data[0][0]
    np.testing.assert_allclose(net(x), theirs(torch.tensor(x)).detach(), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(net[1].running.var, theirs.norm.running_var, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_net_keeps_its_dtype(dtype):
    net = small_net(dtype)
    net.children.insert(3, Dropout(0.3, rng()))
    x = rng().standard_normal((4, 2, 6, 7)).astype(dtype)
    scores, backward = net.forward(x, train=True)
    dx, grads = backward(np.ones_like(scores))
    optim.Adam().step(net.params(), grads)
    arrays = [scores, dx, *grads, *net.params(), net(x), net[1].running.mean, net[1].running.var]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert dx.shape == x.shape
    assert [g.shape for g in grads] == [w.shape for w in net.params()]


def test_gradients_of_a_residual_net_by_central_differences():
    r = rng()
    shortcut = Conv2d(2, 3, 1, r, dtype=np.float64, stride=2)
    body = Sequential(Conv2d(2, 3, 3, r, dtype=np.float64, stride=2, pad=1), activations.tanh)
    net = Residual(body, shortcut)
    x = r.standard_normal((2, 2, 5, 4))
    out, backward = net.forward(x, train=True)
    upstream = r.standard_normal(out.shape)
    dx, grads = backward(upstream)
    for array, gradient in [(x, dx), *zip(net.params(), grads, strict=True)]:
        for index in list(np.ndindex(array.shape))[::3]:
            kept, h = array[index], 1e-6
            array[index] = kept + h
            ahead = np.sum(net(x) * upstream)
            array[index] = kept - h
            behind = np.sum(net(x) * upstream)
            array[index] = kept
            assert gradient[index] == pytest.approx((ahead - behind) / (2 * h), rel=1e-5, abs=1e-7)


def test_eval_mode_is_the_same_with_and_without_a_graph():
    net = small_net()
    net.children.insert(3, Dropout(0.5, rng()))
    net.forward(batches_of_images(1)[0][0], train=True)
    x = batches_of_images(2)[1][0]
    np.testing.assert_array_equal(net(x), net.forward(x, train=False)[0])
    np.testing.assert_array_equal(net(x), net(x))


def test_an_operation_of_your_own_trains_in_the_net():
    calls = []

    def my_affine(x, w, b):
        calls.append(x.shape)
        return x @ w + b, lambda dout: (dout @ w.T, x.T @ dout, dout.sum(axis=0))

    mine = Sequential(Linear(4, 3, rng(), operation=my_affine))
    ours = Sequential(Linear(4, 3, rng()))
    data = [(rng(1).standard_normal((5, 4)).astype(np.float32), np.array([0, 1, 2, 0, 1]))] * 3
    assert losses_of_net(mine, optim.SGD(0.1), data) == losses_of_net(ours, optim.SGD(0.1), data)
    assert calls == [(5, 4)] * 3


def test_operations_with_weights_of_their_own_need_no_module():
    ones, zeros = np.ones(4, np.float32), np.zeros(4, np.float32)
    net = Sequential(
        Layer(norm.group_norm, {"gamma": ones, "beta": zeros}, groups=2),
        Layer(activations.prelu, {"alpha": np.full(1, 0.25, np.float32)}),
    )
    x = rng().standard_normal((3, 4, 5, 5)).astype(np.float32)
    out, backward = net.forward(x, train=True)
    dx, grads = backward(out)
    assert dx.shape == x.shape
    assert [g.shape for g in grads] == [(4,), (4,), (1,)]


# State.


def test_state_brings_back_weights_statistics_and_draws():
    def make(seed: int) -> Sequential:
        net = small_net()
        net[0].weights["w"][...] = rng(seed).standard_normal(net[0].weights["w"].shape)
        net.children.insert(3, Dropout(0.5, rng(seed)))
        return net

    net, other = make(1), make(2)
    data = batches_of_images(3)
    losses_of_net(net, optim.SGD(0.1), data)
    weights = [id(w) for w in other.params()]
    saved = net.state()
    other.load_state(saved)
    assert [id(w) for w in other.params()] == weights
    assert sorted(saved) == sorted(other.state())
    assert "0.w" in saved
    assert "1.mean" in saved
    first = losses_of_net(net, optim.SGD(0.1), data)
    assert losses_of_net(other, optim.SGD(0.1), data) == first
    again = make(3)
    again.load_state(saved)  # what was saved did not move on with the net
    assert losses_of_net(again, optim.SGD(0.1), data) == first


def test_state_of_a_dropout_with_another_kind_of_generator():
    layer = Dropout(0.5, np.random.Generator(np.random.MT19937(0)))
    saved, x = layer.state(), np.ones((3, 4))
    first = layer.forward(x, train=True)[0]
    layer.load_state(saved)
    np.testing.assert_array_equal(layer.forward(x, train=True)[0], first)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.pop("0.w"), "expected the 12 arrays of this net; received 11, none for '0.w'"),
        (lambda s: s.update(new=np.ones(2)), "received 13, 'new' beside them"),
        (lambda s: s.update({"0.b": np.ones(7)}), r"state\['0.b'\]: expected shape \(4,\).*\(7,\)"),
    ],
)
def test_state_of_another_net_is_refused_and_changes_nothing(change, message):
    net = small_net()
    before = net.state()
    state = {name: array + 1 for name, array in before.items()}
    change(state)
    with pytest.raises(ValueError, match=message):
        net.load_state(state)
    for name, array in net.state().items():
        np.testing.assert_array_equal(array, before[name])


# Nets that are ready, counts, initialisers.


def test_parameters_of_the_nets_that_are_ready():
    assert nets.mlp((784, 100, 10), rng()).parameter_count() == 784 * 100 + 100 + 1000 + 10
    assert nets.lenet(rng()).parameter_count() == 61_706
    expected = 32 * 27 + 32 + 64 * 288 + 64 + 4096 * 10 + 10
    assert nets.convnet(rng()).parameter_count() == expected


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: nets.mlp((784, 20, 10), rng()), (2, 1, 28, 28)),
        (lambda: nets.lenet(rng()), (2, 1, 28, 28)),
        (lambda: nets.convnet(rng()), (2, 3, 32, 32)),
    ],
)
def test_nets_that_are_ready_give_ten_scores(make, shape):
    net = make()
    x = rng(1).standard_normal(shape).astype(np.float32)
    scores, backward = net.forward(x, train=True)
    assert scores.shape == (2, 10)
    assert backward(scores)[0].shape == shape


def test_the_same_seed_gives_the_same_net():
    for a, b in zip(nets.lenet(rng(3)).params(), nets.lenet(rng(3)).params(), strict=True):
        np.testing.assert_array_equal(a, b)


INITIALISERS = {
    initialise.he_normal: torch.nn.init.kaiming_normal_,
    initialise.he_uniform: torch.nn.init.kaiming_uniform_,
    initialise.xavier_normal: torch.nn.init.xavier_normal_,
    initialise.xavier_uniform: torch.nn.init.xavier_uniform_,
}


@pytest.mark.parametrize("init", INITIALISERS)
@pytest.mark.parametrize("shape", [(300, 200), (60, 50, 9), (60, 40, 3, 5)])
def test_initialisers_have_the_mean_and_spread_of_torch(init, shape):
    weights = init(shape, rng())
    assert weights.dtype == np.float32
    theirs = torch.zeros(shape[::-1] if len(shape) == 2 else shape)
    kaiming = {"nonlinearity": "relu"} if "kaiming" in INITIALISERS[init].__name__ else {}
    INITIALISERS[init](theirs, generator=torch.Generator().manual_seed(0), **kaiming)
    spread = theirs.std().item()
    assert weights.std() == pytest.approx(spread, rel=0.03)
    assert abs(weights.mean()) < 5 * spread / np.sqrt(weights.size)
    assert np.abs(weights).max() == pytest.approx(theirs.abs().max().item(), rel=0.3)
    assert init(shape, rng(), np.float64).dtype == np.float64


def test_fans_by_hand():
    assert initialise.fans((784, 100)) == (784, 100)
    assert initialise.fans((6, 3, 5, 5)) == (75, 150)


@pytest.mark.parametrize("shape", [(3,), (2, 0), (1, 2, 3, 4, 5)])
def test_initialisers_refuse_other_shapes(shape):
    with pytest.raises(ValueError, match=r"shape: expected \(D, M\)"):
        initialise.he_normal(shape, rng())


# What it refuses, and how it reads.


def test_an_error_names_the_part_it_comes_from():
    net = Sequential(Linear(4, 3, rng()), activations.relu, Linear(5, 2, rng()))
    for call in (net, net.forward):
        with pytest.raises(ValueError, match="w: expected shape") as caught:
            call(np.ones((2, 4), np.float32))
        (note,) = caught.value.__notes__
        assert note == ("in part 2 of the net, affine(w (5, 2), b (2,)), given x of shape (2, 3)")


def test_nan_in_the_data():
    x = np.ones((2, 4), np.float32)
    x[1, 2] = np.nan
    with pytest.raises(ValueError, match=r"x: expected finite numbers; received nan at \[1, 2\]"):
        Sequential(Linear(4, 3, rng())).forward(x)


def test_a_residual_whose_ways_differ():
    net = Residual(Sequential(Linear(4, 3, rng())))
    for call in (net, net.forward):
        with pytest.raises(ValueError, match=r"shortcut: expected shape \(2, 3\).*\(2, 4\)"):
            call(np.ones((2, 4), np.float32))


def test_backward_is_called_once():
    net = Sequential(Linear(4, 3, rng()), activations.relu)
    scores, backward = net.forward(np.ones((2, 4), np.float32), train=True)
    backward(scores)
    with pytest.raises(RuntimeError, match=r"backward: expected one call .* try forward again"):
        backward(scores)


def test_an_empty_net_hands_on_what_it_gets():
    x = np.ones((2, 4))
    out, backward = Sequential().forward(x)
    assert out is x
    assert backward(x) == (x, [])
    assert backward(x) == (x, [])


def test_an_operation_that_breaks_the_contract():
    with pytest.raises(TypeError, match=r"tanh\(\): expected \(out, backward\).*ndarray"):
        Layer(np.tanh).forward(np.ones(2))
    layer = Linear(2, 2, rng(), operation=lambda x, w, b: (x @ w + b, lambda dout: dout))
    _, backward = layer.forward(np.ones((1, 2)))
    with pytest.raises(ValueError, match=r"gradients of x, w, b; received 1"):
        backward(np.ones((1, 2)))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nets.mlp((3,), rng()), "sizes: expected inputs, ..., outputs"),
        (lambda: nets.convnet(rng(), side=30), "side: expected a multiple of 4; received 30"),
        (lambda: Conv2d(3, 4, 3, rng(), groups=2), "groups: expected a divisor of 3 channels"),
    ],
)
def test_settings_that_do_not_fit(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_module_without_forward():
    with pytest.raises(NotImplementedError, match="Module: expected a method forward"):
        Module()(np.ones(2))


def test_grouped_convolutions_have_fewer_weights():
    assert Conv2d(4, 6, 3, rng(), groups=2).weights["w"].shape == (6, 2, 3, 3)


def test_a_net_can_be_read():
    net = Sequential(Linear(4, 3, rng()), activations.relu, Layer(conv.max_pool2d, window=2))
    assert repr(net) == "Sequential(affine(w (4, 3), b (3,)), relu(), max_pool2d(window=2))"
    assert repr(Residual(net)).startswith("Residual(Sequential(")
    assert len(net) == 3


def small_mlp(rng: np.random.Generator, channels: int, needs_dx: bool) -> Sequential:
    return nets.mlp((channels * 8 * 8, 6, 3), rng, needs_dx=needs_dx)


@pytest.mark.parametrize(("make", "side"), [(lenet, 28), (convnet, 32), (small_mlp, 8)])
def test_the_images_gradient_can_be_left_out(make, side):
    x = np.random.default_rng(0).normal(size=(2, 1, side, side)).astype(np.float32)
    found = []
    for needs_dx in (True, False):
        net = make(np.random.default_rng(3), channels=1, needs_dx=needs_dx)
        scores, backward = net.forward(x, train=True)
        found.append(backward(np.ones_like(scores)))
    (dx, grads), (nothing, same) = found
    assert dx.shape == x.shape
    assert nothing is None
    for a, b in zip(grads, same, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(RuntimeError, match="received a second"):
        backward(np.ones_like(scores))


def test_a_gradient_that_ends_before_other_weights_is_refused():
    first, last = Linear(4, 3, rng()), Linear(3, 2, rng(), needs_dx=False)
    net = Sequential(first, activations.relu, last)
    scores, backward = net.forward(np.ones((2, 4), np.float32))
    with pytest.raises(ValueError, match=r"array from part 2 .* part 0 has weights; received None"):
        backward(np.ones_like(scores))
    scores, backward = Sequential(activations.relu, Sequential(last)).forward(
        scores @ np.ones((2, 3))
    )
    assert backward(np.ones_like(scores))[0] is None


@pytest.mark.parametrize(("make", "side"), [(lenet, 28), (convnet, 32)])
def test_a_convolution_of_your_own_fits_into_a_net_that_is_ready(make, side):
    def own_conv2d(x, w, b, stride=1, pad=0):
        return conv.conv2d(x, w, b, stride=stride, pad=pad)

    x = np.random.default_rng(0).normal(size=(2, 1, side, side)).astype(np.float32)
    net = make(np.random.default_rng(3), channels=1)
    expected = net(x)
    for part in net.children:
        if isinstance(part, Conv2d):
            part.operation = own_conv2d
    np.testing.assert_array_equal(net(x), expected)
