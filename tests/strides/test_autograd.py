"""The engine over arrays: torch, long chains, accumulation, no_grad, and what it refuses."""

from typing import Any

import numpy as np
import pytest
import torch

from strides import activations, layers, losses, norm, tensor_ops
from strides.autograd import Tensor, lift, no_grad
from strides.graph import to_dot, topological_order

torch.set_num_threads(1)


def array(*shape: int, seed: int = 0, dtype: Any = np.float64) -> np.ndarray:
    return np.asarray(np.random.default_rng(seed).standard_normal(shape), dtype=dtype)


def both(*shape: int, seed: int = 0) -> tuple[Tensor, Any]:
    """The same random leaf for us and for torch."""
    values = array(*shape, seed=seed)
    return Tensor(values, requires_grad=True), torch.tensor(values, requires_grad=True)


def formula(x: Any, w: Any, b: Any, s: Any) -> Any:
    """Broadcasting, operators from both sides, and leaves used more than once."""
    h = 2 * x @ w + b
    h = (h * h + 1.5) / (3 - s * 0.1) - h
    h = 1 / (h**2 + 1) + (-h).exp() * b
    return (
        (h.T.reshape(-1) * h.T.reshape(3, 2).reshape(-1)).mean()
        + h[1:, 0].sum()
        - h.sum(0, True)[0, 1]
    )


def test_a_formula_equals_torch():
    pairs = [both(3, 4), both(4, 2, seed=1), both(2, seed=2), both(1, 1, seed=3)]
    ours, theirs = (formula(*leaves) for leaves in zip(*pairs, strict=True))
    ours.backward()
    theirs.backward()
    np.testing.assert_allclose(ours.data, theirs.item(), rtol=1e-10)
    for leaf, tensor in pairs:
        assert leaf.grad.shape == leaf.shape
        np.testing.assert_allclose(leaf.grad, tensor.grad, rtol=1e-10, atol=1e-10)


def test_a_net_of_lifted_operations_equals_torch():
    (w1, tw1), (b1, tb1) = both(4, 6), both(6, seed=1)
    (w2, tw2), (b2, tb2) = both(6, 3, seed=2), both(3, seed=3)
    x, y = array(5, 4, seed=4), np.array([0, 2, 1, 1, 0])
    hidden = lift(activations.relu)(lift(layers.affine)(x, w1, b1))
    loss = lift(losses.softmax_loss)(lift(layers.affine)(hidden, w2, b2), y)
    loss = loss + lift(losses.l2_penalty)(w1, 0.1)
    loss.backward()
    scores = torch.relu(torch.tensor(x) @ tw1 + tb1) @ tw2 + tb2
    expected = torch.nn.functional.cross_entropy(scores, torch.tensor(y)) + 0.1 * (tw1**2).sum()
    expected.backward()
    np.testing.assert_allclose(loss.data, expected.item(), rtol=1e-12)
    for leaf, tensor in ((w1, tw1), (b1, tb1), (w2, tw2), (b2, tb2)):
        np.testing.assert_allclose(leaf.grad, tensor.grad, rtol=1e-10, atol=1e-12)


def test_batch_norm_and_dropout_can_be_lifted():
    x, gamma, beta = (Tensor(array(6, 3), True), Tensor(np.ones(3), True), Tensor(np.zeros(3)))
    running = norm.RunningStatistics.start(3, np.float64)
    out = lift(norm.batch_norm)(x, gamma, beta, running, train=True)
    out = lift(layers.dropout)(out, 0.5, np.random.default_rng(0))
    (out * out).sum().backward()
    expected, backward = norm.batch_norm(
        x.data, gamma.data, beta.data, norm.RunningStatistics.start(3, np.float64)
    )
    dropped, backward_of_dropout = layers.dropout(expected, 0.5, np.random.default_rng(0))
    dx, dgamma, _ = backward(backward_of_dropout(2 * dropped))
    np.testing.assert_allclose(x.grad, dx, atol=1e-12)
    np.testing.assert_allclose(gamma.grad, dgamma, atol=1e-12)
    assert beta.grad is None


def test_losses_whose_gradient_is_not_that_of_the_first_argument():
    p, q = np.array([[0.2, 0.8]]), Tensor([[0.5, 0.5]], requires_grad=True)
    lift(losses.kl_divergence)(p, q).backward()
    np.testing.assert_allclose(q.grad, [[-0.4, -1.6]])
    targets = Tensor([[1.0, 0.0]], requires_grad=True)
    loss = lift(losses.bce_with_logits_loss)(array(1, 2), targets)
    with pytest.raises(ValueError, match=r"bce_with_logits_loss: .* received none"):
        loss.backward()
    p = Tensor(p, requires_grad=True)
    with pytest.raises(ValueError, match=r"kl_divergence: .* received none"):
        lift(losses.kl_divergence)(p, q).backward()


def test_float32_stays_float32():
    x = Tensor(array(3, 2, dtype=np.float32), requires_grad=True)
    loss = ((x * 2.0 + 1) ** 2 / 3).mean() - 0.5
    loss.backward()
    assert loss.data.dtype == np.float32
    assert x.grad.dtype == np.float32


def test_gradients_keep_the_dtype_of_their_leaf():
    x = Tensor(array(3, dtype=np.float32), requires_grad=True)
    (x * array(3)).sum().backward()
    assert x.grad.dtype == np.float32


def test_leaves_accumulate_over_calls_and_graphs():
    x = Tensor([3.0], requires_grad=True)
    y = x * 2
    z = (y * y).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad, [24])
    z.backward()
    np.testing.assert_array_equal(x.grad, [48])
    (x * 5).sum().backward()
    np.testing.assert_array_equal(x.grad, [53])
    assert y.grad is None


def test_keep_leaves_gradients_on_the_way():
    x = Tensor([3.0], requires_grad=True)
    y = x * 2
    z = (y * y).sum()
    z.backward(keep=True)
    z.backward(keep=True)
    np.testing.assert_array_equal(y.grad, [12])
    np.testing.assert_array_equal(z.grad, 1)


def test_gradients_share_no_memory():
    a, b = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0, 4.0], requires_grad=True)
    out = a + b
    upstream = np.ones(2)
    out.backward(upstream)
    a.grad *= 10
    np.testing.assert_array_equal(b.grad, [1, 1])
    np.testing.assert_array_equal(upstream, [1, 1])


def test_a_chain_of_100_000_operations():
    x = Tensor(np.ones(1), requires_grad=True)
    end = x
    for _ in range(100_000):
        end = end + 1.0
    end.backward()
    np.testing.assert_array_equal(x.grad, [1])
    del end  # freeing the chain must not overflow either


def test_a_wide_fan_meets_again():
    """2^40 paths, walked once: every node is one step however many ways lead to it."""
    x = Tensor([1.0], requires_grad=True)
    y = x
    for _ in range(40):
        y = y + y
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0**40])


def test_no_grad_leaves_no_graph():
    x = Tensor([1.0], requires_grad=True)
    with no_grad():
        y = x * 2
        with no_grad():
            pass
        z = x * 3
    assert not y.requires_grad
    assert y.parents == z.parents == ()
    assert (x * 2).requires_grad
    with pytest.raises(ValueError, match="backward: expected a Tensor that requires a gradient"):
        y.backward()


def test_no_grad_ends_with_an_error_too():
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(KeyError), no_grad():
        raise KeyError
    assert (x * 2).requires_grad


def test_constants_get_no_gradient_and_are_left_alone():
    x, c = Tensor([2.0], requires_grad=True), Tensor([3.0])
    (x * c + np.array([1.0])).sum().backward()
    np.testing.assert_array_equal(x.grad, [3])
    assert c.grad is None
    assert not (c * 2).requires_grad


def test_arrays_on_the_left():
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    ones = np.ones((1, 2))
    for out, value, slope in (
        (ones + x, 5, 1),
        (ones - x, -1, -1),
        (3 * ones * x, 9, 3),
        (ones / (1 / x), 3, 1),
        (np.ones((1, 1)) @ x, 3, 1),
    ):
        x.grad = None
        out.sum().backward()
        assert isinstance(out, Tensor)
        np.testing.assert_allclose(out.data.sum(), value)
        np.testing.assert_allclose(x.grad, np.full((1, 2), slope))


def test_tensors_share_the_array_they_are_made_from():
    w = np.ones(2)
    tensor = Tensor(w, requires_grad=True)
    w -= 0.5
    np.testing.assert_array_equal(tensor.data, [0.5, 0.5])


def test_an_operation_of_your_own_can_be_lifted():
    def cube(x):
        return x**3, lambda dout: dout * 3 * x**2

    x = Tensor([2.0], requires_grad=True)
    lift(cube)(x).backward()
    np.testing.assert_array_equal(x.grad, [12])


def test_the_graph_as_dot():
    x, w = Tensor(np.ones((3, 2)), name="x"), Tensor(np.ones((2, 1)), True, name="w")
    out = (x @ w).sum()
    text = to_dot(out)
    assert r'[label="w\n(2, 1)"]' in text
    assert r'[label="matmul\n(3, 1)"]' in text
    assert r'[label="total\n6"]' in text
    assert text.count("->") == 3
    assert len(topological_order(out)) == 4


def test_reading_a_tensor():
    x = Tensor(np.ones((3, 2)), requires_grad=True)
    assert len(x) == 3
    assert x.sum().item() == 6
    assert repr(x) == "Tensor(shape=(3, 2), dtype=float64)"
    assert repr(x + 1) == "Tensor(shape=(3, 2), dtype=float64, computed by add)"


# What it refuses.


def test_backward_from_more_than_one_number_needs_an_upstream_gradient():
    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"upstream: expected .* shape \(2,\); received none"):
        (x * 2).backward()
    with pytest.raises(ValueError, match=r"upstream: .* received shape \(3,\)"):
        (x * 2).backward(np.ones(3))


def test_a_gradient_of_another_shape_names_the_operation():
    def forgetful(x):
        return x.sum(), lambda dout: dout

    x = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(ValueError, match=r"forgetful: .* shape \(2,\) .* received shape \(\)"):
        lift(forgetful)(x).backward()


def test_an_operation_that_returns_no_pair():
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"tanh: expected \(out, backward\).* received ndarray"):
        lift(np.tanh)(x)


def test_tensors_by_keyword():
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match=r"add: expected Tensors by position; received b=Tensor"):
        lift(tensor_ops.add)(x, b=x)


def test_leaves_must_hold_finite_real_numbers():
    assert Tensor([1, 2], requires_grad=True).data.dtype == np.float64
    with pytest.raises(TypeError, match="w: expected real numbers"):
        Tensor(["a"], requires_grad=True, name="w")
    with pytest.raises(ValueError, match=r"data: expected finite numbers; received nan at \[1\]"):
        Tensor([1.0, np.nan], requires_grad=True)
