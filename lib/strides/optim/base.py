"""What all optimizers share: steps, memory, checks; and the clipping of gradients."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides import expect

Array = NDArray[Any]

BLOCK_BYTES = 2**19  # a large array is updated piece by piece, each small enough for the cache


class Optimizer:
    """What all optimizers share; a rule of its own needs only `remembers` and `move`.

    `remembers` names the arrays kept for each parameter, and `move(w, g, ...)` gets them after the
    parameter and its gradient; it changes w and them in place, entry by entry. `steps` counts the
    step in hand, from 1.
    """

    remembers: tuple[str, ...] = ()
    move: Callable[..., None]

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.steps = 0
        self.memory: dict[str, list[Array]] = {}

    @property
    def learning_rate(self) -> float:
        """Size of a step, 0 or more; setting another raises ValueError."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = expect.zero_or_more("learning_rate", value)

    def step(self, params: Sequence[Array], grads: Sequence[Array]) -> None:
        """Move every array of params, in place, by what its gradient asks for.

        Every call must bring the same parameters in the same order. Raises TypeError for
        parameters that are not arrays of floats, ValueError for lengths or shapes that differ.
        """
        require_pairs(params, grads)
        if not self.memory:
            self.memory = {name: [np.zeros_like(w) for w in params] for name in self.remembers}
        for name, arrays in self.memory.items():
            _require_shapes(f"{name} of {type(self).__name__}", arrays, "params", params)
        self.steps += 1
        for together in zip(params, grads, *self.memory.values(), strict=True):
            for pieces in _blocks(*together):
                self.move(*pieces)

    def state(self) -> dict[str, Array]:
        """Copies of all that the next step depends on, by name; see `load_state`."""
        arrays = {"steps": np.array(self.steps), "learning_rate": np.array(self.learning_rate)}
        for name, kept in self.memory.items():
            arrays |= {f"{name}.{i}": array.copy() for i, array in enumerate(kept)}
        return arrays

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Go on from a `state()`; raises ValueError for that of another kind of optimizer."""
        count = sum("." in name for name in state) // max(len(self.remembers), 1)
        names = [f"{name}.{i}" for name in self.remembers for i in range(count)]
        complete = set(state) == {"steps", "learning_rate", *names}
        if not complete or (self.remembers and not names and state["steps"] > 0):
            raise ValueError(
                f"state: expected steps, learning_rate and what {type(self).__name__} remembers "
                f"({', '.join(self.remembers) or 'nothing'}); received {', '.join(sorted(state))}; "
                f"try the optimizer that the state was saved from"
            )
        self.steps, self.learning_rate = int(state["steps"]), float(state["learning_rate"])
        self.memory = {}
        for name in names:
            self.memory.setdefault(name.rpartition(".")[0], []).append(state[name].copy())


def clip_gradients(grads: Sequence[Array], limit: float) -> float:
    """Scale all gradients, IN PLACE and by one factor, so that their joint norm is at most limit.

    Returns the norm that they had: the root of the sum of the squares of all their entries.
    Raises ValueError for a limit that is not positive, and for NaN or inf among the gradients.
    Source: Pascanu, Mikolov and Bengio, 2013.
    """
    if not 0 < limit < math.inf:
        raise ValueError(f"limit: expected a positive number; received {limit}; try 1.0")
    norm = math.sqrt(sum(float(np.square(g, dtype=np.float64).sum()) for g in grads))
    if not math.isfinite(norm):
        raise ValueError(
            f"grads: expected finite numbers; received a norm of {norm}; try a lower learning rate"
        )
    if norm > limit:
        for g in grads:
            g *= limit / norm
    return norm


def require_pairs(params: Sequence[Array], grads: Sequence[Array]) -> None:
    """Raise unless params are arrays of floats, with a gradient of the same shape for each.

    Raises TypeError for other parameters, ValueError for lengths or shapes that differ.
    """
    for i, w in enumerate(params):
        if not isinstance(w, np.ndarray) or w.dtype.kind != "f":
            received = f"dtype {w.dtype}" if isinstance(w, np.ndarray) else type(w).__name__
            raise TypeError(
                f"params[{i}]: expected an array of floats; received {received}; "
                f"try np.array(..., dtype=np.float32)"
            )
    _require_shapes("grads", grads, "params", params)


def _require_shapes(
    name: str, arrays: Sequence[Array], other: str, others: Sequence[Array]
) -> None:
    """Raise a ValueError unless both lists hold arrays of the same shapes in the same order."""
    if len(arrays) != len(others):
        raise ValueError(
            f"{name}: expected {len(others)} arrays, one for each of {other}; "
            f"received {len(arrays)}; try the same parameters at every step"
        )
    for i, (array, like) in enumerate(zip(arrays, others, strict=True)):
        if np.shape(array) != like.shape:
            raise ValueError(
                f"{name}[{i}]: expected shape {like.shape}, that of {other}[{i}]; "
                f"received {np.shape(array)}; try printing the shapes of both lists"
            )


def _blocks(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Views of the same entries of arrays of one shape, a few at a time where they lie in a row."""
    w = arrays[0]
    if w.nbytes <= BLOCK_BYTES or not all(array.flags.c_contiguous for array in arrays):
        yield arrays
        return
    flat = [array.reshape(-1) for array in arrays]
    size = BLOCK_BYTES // w.itemsize
    for start in range(0, w.size, size):
        yield tuple(array[start : start + size] for array in flat)
