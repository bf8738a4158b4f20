"""The scalar engine: the course map's numbers, torch, long chains; and graphs as text."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from strides import scalar
from strides.graph import to_dot, topological_order
from strides.scalar import Value

drawn = settings(deadline=None, derandomize=True, max_examples=60)
numbers = st.floats(0.3, 3) | st.floats(-3, -0.3)


def expression(a, b, c, tanh, exp, log):
    """Every operation, and each number more than once."""
    d = (a + b) * c - a / b
    e = tanh(d) * 2 + 3 - d**3 * 0.01 + 1 / c
    f = exp(e * 0.3) + log(a * a + 1.5) - (-e)
    return f * f + 0.5 - 2 * d


@drawn
@given(a=numbers, b=numbers, c=numbers)
def test_values_and_gradients_equal_torch(a, b, c):
    leaves = [Value(number) for number in (a, b, c)]
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (a, b, c)]
    found = expression(*leaves, Value.tanh, Value.exp, Value.log)
    expected = expression(*tensors, torch.tanh, torch.exp, torch.log)
    found.backward()
    expected.backward()
    assert found.data == pytest.approx(expected.item(), rel=1e-10)
    for leaf, tensor in zip(leaves, tensors, strict=True):
        assert leaf.grad == pytest.approx(tensor.grad.item(), rel=1e-9, abs=1e-9)


def test_the_examples_of_lecture_05():
    x, y, z = Value(-2, "x"), Value(5, "y"), Value(-4, "z")
    f = (x + y) * z
    f.backward()
    assert f.data == -12
    assert [x.grad, y.grad, z.grad] == [-4, -4, 3]

    x, y = Value(4), Value(-3)
    f = x * y
    f.backward()
    assert f.data == -12
    assert [x.grad, y.grad] == [-3, 4]


def test_a_number_used_twice_gets_both_gradients():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6
    x = Value(3.0)
    (x + x).backward()
    assert x.grad == 2


def test_maximum_and_sigmoid():
    a, b = Value(2.0), Value(-1.0)
    a.maximum(b).backward()
    assert [a.grad, b.grad] == [1, 0]
    b.maximum(0).backward()
    assert b.grad == 0
    x = Value(0.7)
    y = x.sigmoid()
    y.backward()
    assert y.data == pytest.approx(1 / (1 + math.exp(-0.7)))
    assert x.grad == pytest.approx(y.data * (1 - y.data))
    assert Value(-1000).sigmoid().data == 0


def test_leaves_accumulate_and_numbers_in_between_do_not():
    x = Value(3.0)
    inner = x * 2
    f = inner * inner
    f.backward()
    assert (x.grad, inner.grad, f.grad) == (24, 12, 1)
    f.backward()
    assert (x.grad, inner.grad, f.grad) == (48, 12, 1)


def test_backward_from_a_leaf():
    x = Value(3.0)
    x.backward()
    assert x.grad == 1


def test_power_zero_and_reading():
    x = Value(0.0)
    (x**0).backward()
    assert x.grad == 0
    assert repr(Value(1.5)) == "Value(1.5, grad=0)"


def test_a_chain_of_100_000_numbers():
    x = Value(1.0)
    end = x
    for _ in range(100_000):
        end = end + 1
    end.backward()
    assert x.grad == 1
    assert end.data == 100_001
    del end  # freeing the chain must not overflow either


def test_a_net_of_numbers_learns_xor():
    rng = np.random.default_rng(0)
    hidden = [[Value(rng.normal()) for _ in range(3)] for _ in range(4)]
    last = [Value(rng.normal()) for _ in range(5)]
    leaves = [w for row in hidden for w in row] + last
    points = [(0, 0, -1), (0, 1, 1), (1, 0, 1), (1, 1, -1)]

    def loss():
        total = Value(0.0)
        for a, b, wanted in points:
            units = [(w[0] * a + w[1] * b + w[2]).tanh() for w in hidden]
            out = sum((w * u for w, u in zip(last[:4], units, strict=True)), last[4])
            total = total + (out - wanted) ** 2
        return total

    first = loss().data
    for _ in range(150):
        for leaf in leaves:
            leaf.grad = 0.0
        loss().backward()
        for leaf in leaves:
            leaf.data -= 0.05 * leaf.grad
    assert loss().data < 0.01 < first


def test_the_engine_has_fewer_than_100_lines():
    lines = Path(scalar.__file__).read_text(encoding="utf-8").splitlines()
    assert len(lines) < 100


def test_topological_order_puts_parents_first_and_each_node_once():
    x = Value(1.0)
    a, b = x + 1, x * 2
    top = a * b + a
    order = topological_order(top)
    place = {id(node): i for i, node in enumerate(order)}
    assert len(order) == len(place)
    assert order[-1] is top
    for node in order:
        assert all(place[id(parent)] < place[id(node)] for parent in node.parents)


def test_a_graph_as_dot():
    x, y = Value(2.0, "x"), Value(3.0, 'a "quoted" \\ name')
    f = x * y
    f.backward()
    text = to_dot(f)
    assert text.startswith("digraph {")
    assert r'[label="x\n2\ngradient 3"]' in text
    assert r'[label="a \"quoted\" \\ name\n3\ngradient 2"]' in text
    assert r'[label="*\n6\ngradient 1"]' in text
    assert text.count("->") == 2
