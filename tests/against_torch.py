"""What the tests of the operations share: one comparison with torch, and arrays to make it with."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from hypothesis import settings
from hypothesis import strategies as st

torch.set_num_threads(1)

drawn = settings(deadline=None, derandomize=True, max_examples=50)
seeds = st.integers(0, 2**32 - 1)
dtypes = st.sampled_from([np.float64, np.float32])
TOLERANCE = {np.float64: 1e-10, np.float32: 3e-5}


def normals(seed: int, dtype: Any, *shapes: tuple[int, ...]) -> list[np.ndarray]:
    """Read-only arrays of these shapes, drawn from a normal distribution."""
    rng = np.random.default_rng(seed)
    return [frozen(rng.standard_normal(shape).astype(dtype)) for shape in shapes]


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, so that writing to it raises an error."""
    array.flags.writeable = False
    return array


def assert_same_as_torch(
    operation: Callable[..., Any],
    reference: Callable[..., Any],
    arrays: Sequence[np.ndarray],
    factor: float = 1.0,
) -> None:
    """Output and gradients equal those of reference(*tensors), in value, dtype and shape.

    factor widens the tolerance where numbers cancel.
    """
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    expected = reference(*tensors)
    [dout] = normals(1, arrays[0].dtype, tuple(expected.shape))
    expected_gradients = torch.autograd.grad(expected, tensors, torch.tensor(dout))

    out, backward = operation(*arrays)
    gradients = backward(dout)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert_close(out, expected.detach().numpy(), factor)
    assert len(gradients) == len(arrays)
    for gradient, wanted in zip(gradients, expected_gradients, strict=True):
        assert_close(gradient, wanted.numpy(), factor)


def assert_close(found: Any, expected: np.ndarray, factor: float = 1.0) -> None:
    """found is an array (or number) like expected, equal up to the tolerance of its dtype."""
    assert isinstance(found, np.ndarray | np.floating)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    tolerance = factor * TOLERANCE[expected.dtype.type]
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * scale)
