"""L-BFGS: SciPy's, behind the face of the course."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from strides.optim.base import require_pairs

Array = NDArray[Any]


class Minimum(NamedTuple):
    """What `lbfgs` found: the loss at the start and after each step, and why it stopped."""

    losses: list[float]
    converged: bool
    message: str


def lbfgs(
    loss_and_grads: Callable[[], tuple[float, Sequence[Array]]],
    params: Sequence[Array],
    steps: int = 100,
    memory: int = 10,
    tolerance: float = 1e-8,
) -> Minimum:
    """Minimise a loss over all of the data at once, from the curvature of the last few steps.

    loss_and_grads() looks at params, which are moved IN PLACE, and returns the loss and one
    gradient for each; batches drawn at random would mislead it. It stops after `steps`, or where
    no entry of the gradient is larger than `tolerance`. SciPy's L-BFGS-B does the work, in float64.
    Returns the losses on the way and why it stopped, as a Minimum. Raises TypeError or ValueError
    as Optimizer.step does. Source: Liu and Nocedal, 1989.
    """
    from scipy.optimize import minimize

    def value_and_gradient(point: Array) -> tuple[float, Array]:
        _spread(point, params)
        loss, grads = loss_and_grads()
        require_pairs(params, grads)
        return float(loss), _joined(grads)

    require_pairs(params, params)
    start = _joined(params)
    losses = [value_and_gradient(start)[0]]
    found = minimize(
        value_and_gradient,
        start,
        method="L-BFGS-B",
        jac=True,
        callback=lambda intermediate_result: losses.append(float(intermediate_result.fun)),
        options={"maxiter": steps, "maxcor": memory, "gtol": tolerance, "ftol": 0.0},
    )
    _spread(found.x, params)
    return Minimum(losses, bool(found.success), str(found.message))


def _joined(arrays: Sequence[Array]) -> Array:
    """All entries of all arrays, one after the other, in float64."""
    return np.concatenate([np.ravel(array) for array in arrays], dtype=np.float64)


def _spread(entries: Array, params: Sequence[Array]) -> None:
    """Write the entries back into the arrays that they came from, in place."""
    start = 0
    for w in params:
        w[...] = entries[start : start + w.size].reshape(w.shape)
        start += w.size
