"""Tensor's operations against torch, over shapes that broadcast, and the gradient checker."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from strides import tensor_ops
from strides.gradcheck import gradient_check

torch.set_num_threads(1)

drawn = settings(deadline=None, derandomize=True, max_examples=40)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([np.float64, np.float32])
shapes = st.lists(st.integers(1, 4), max_size=4).map(tuple)
pairs = mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4)
TOLERANCE = {np.float64: 1e-10, np.float32: 1e-4}

BINARY = {
    tensor_ops.add: torch.add,
    tensor_ops.subtract: torch.subtract,
    tensor_ops.multiply: torch.multiply,
    tensor_ops.divide: torch.divide,
    tensor_ops.maximum: torch.maximum,
}
UNARY = {
    tensor_ops.exp: torch.exp,
    tensor_ops.log: torch.log,
    tensor_ops.transpose: lambda x: x.permute(tuple(reversed(range(x.ndim)))),
    tensor_ops.total: torch.sum,
    tensor_ops.mean: torch.mean,
}


def positive(shape: tuple[int, ...], seed: int, dtype: Any) -> np.ndarray:
    """Numbers from 0.5 to 2.5 that cannot be written to."""
    values = np.asarray(0.5 + 2 * np.random.default_rng(seed).random(shape), dtype=dtype)
    values.flags.writeable = False
    return values


def assert_same_as_torch(ours: Any, reference: Any, *arrays: np.ndarray) -> None:
    out, backward = ours(*arrays)
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    expected = reference(*tensors)
    dtype = arrays[0].dtype
    upstream = np.asarray(np.random.default_rng(0).standard_normal(np.shape(out)), dtype=dtype)
    expected.backward(torch.tensor(upstream))
    upstream.flags.writeable = False
    found = backward(upstream)
    found = found if isinstance(found, tuple) else (found,)
    tolerance = TOLERANCE[dtype.type]
    assert out.dtype == dtype
    np.testing.assert_allclose(out, expected.detach(), rtol=tolerance, atol=tolerance)
    for gradient, tensor in zip(found, tensors, strict=True):
        assert gradient.dtype == dtype
        assert gradient.shape == tuple(tensor.shape)
        np.testing.assert_allclose(gradient, tensor.grad, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("operation", BINARY)
@drawn
@given(sizes=pairs, seed=seeds, dtype=dtypes)
def test_operations_of_two_arrays_equal_torch(operation, sizes, seed, dtype):
    a, b = (positive(size, seed + i, dtype) for i, size in enumerate(sizes.input_shapes))
    assert_same_as_torch(operation, BINARY[operation], a, b)


@pytest.mark.parametrize("operation", UNARY)
@drawn
@given(size=shapes, seed=seeds, dtype=dtypes)
def test_operations_of_one_array_equal_torch(operation, size, seed, dtype):
    assert_same_as_torch(operation, UNARY[operation], positive(size, seed, dtype))


@drawn
@given(size=shapes, seed=seeds, dtype=dtypes, exponent=st.sampled_from([-2, -0.5, 0, 1, 2, 3.5]))
def test_power_equals_torch(size, seed, dtype, exponent):
    x = positive(size, seed, dtype)
    assert_same_as_torch(lambda x: tensor_ops.power(x, exponent), lambda x: x**exponent, x)


MATRICES = [
    ((2, 3), (3, 4)),
    ((3,), (3, 4)),
    ((2, 3), (3,)),
    ((3,), (3,)),
    ((5, 2, 3), (3, 4)),
    ((5, 1, 2, 3), (6, 3, 1)),
    ((0, 3), (3, 2)),
]


@pytest.mark.parametrize("sizes", MATRICES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_matmul_equals_torch(sizes, dtype):
    a, b = (positive(size, i, dtype) for i, size in enumerate(sizes))
    assert_same_as_torch(tensor_ops.matmul, torch.matmul, a, b)


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["total", "mean"])
def test_sums_over_some_axes_equal_torch(axis, keepdims, name):
    ours = getattr(tensor_ops, name)
    reference = {"total": torch.sum, "mean": torch.mean}[name]
    assert_same_as_torch(
        lambda x: ours(x, axis=axis, keepdims=keepdims),
        lambda x: reference(x, dim=axis, keepdim=keepdims),
        positive((2, 3, 4), 0, np.float64),
    )


@pytest.mark.parametrize(
    "index",
    [1, (0, 2), slice(0, 3, 2), (slice(None), None, 1), ([0, 2, 0], [1, 1, 1]), (..., 2)],
)
def test_take_equals_torch(index):
    x = positive((3, 4), 0, np.float64)
    assert_same_as_torch(lambda x: tensor_ops.take(x, index), lambda x: x[index], x)


def test_reshape_and_transpose_with_axes_equal_torch():
    x = positive((2, 3, 4), 0, np.float32)
    assert_same_as_torch(lambda x: tensor_ops.reshape(x, (6, -1)), lambda x: x.reshape(6, -1), x)
    assert_same_as_torch(
        lambda x: tensor_ops.transpose(x, (2, 0, 1)), lambda x: x.permute(2, 0, 1), x
    )


@pytest.mark.parametrize("operation", [*BINARY, tensor_ops.matmul])
def test_gradients_by_the_courses_own_checker(operation):
    size = (4, 2) if operation is tensor_ops.matmul else (1, 4)
    report = gradient_check(
        operation, positive((3, 4), 0, np.float64), positive(size, 1, np.float64)
    )
    assert report.ok, str(report)


@pytest.mark.parametrize("operation", UNARY)
def test_gradients_of_one_array_by_the_courses_own_checker(operation):
    report = gradient_check(operation, positive((3, 4), 0, np.float64))
    assert report.ok, str(report)


def test_plain_numbers_leave_float32_as_it_is():
    x = positive((3,), 0, np.float32)
    for operation in BINARY:
        for arguments in ((x, 2.0), (2.0, x)):
            out, backward = operation(*arguments)
            assert out.dtype == np.float32
            assert {np.asarray(g).dtype for g in backward(out)} == {np.dtype(np.float32)}


def test_log_of_what_is_not_positive():
    with pytest.raises(ValueError, match=r"x: expected positive numbers; received 0.0 at \[1\]"):
        tensor_ops.log(np.array([1.0, 0.0]))


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"\(2,\) \(3,\)"):
        tensor_ops.add(np.ones(2), np.ones(3))
