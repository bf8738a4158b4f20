"""What every part of a net can do, and the part that holds one operation."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Operation = Callable[..., Any]
Backward = Callable[[Array], tuple[Array, list[Array]]]  # dx, grads = backward(dout)


class Module:
    """A part of a net; a part of your own needs `forward`, and `weights` or `children` if any.

    weights: arrays that are trained, by name. children: the modules that this one is made of.
    """

    def __init__(self) -> None:
        self.weights: dict[str, Array] = {}
        self.children: list[Module] = []

    def forward(self, x: Array, train: bool = False) -> tuple[Array, Backward]:
        """The output for x, and backward, which returns dx and a gradient for each of params()."""
        raise NotImplementedError(f"{type(self).__name__}: expected a method forward(x, train)")

    def __call__(self, x: Array) -> Array:
        """The output for x in eval mode, without what a backward pass would need."""
        return self.forward(x, train=False)[0]

    def params(self) -> list[Array]:
        """All arrays that are trained, themselves and not copies: own weights, then children's."""
        return [*self.weights.values(), *(w for child in self.children for w in child.params())]

    def parameter_count(self) -> int:
        """How many numbers are trained."""
        return sum(w.size for w in self.params())

    def own_state(self) -> dict[str, Array]:
        """Copies of what this module itself must keep: its weights, and what training measured."""
        return {name: w.copy() for name, w in self.weights.items()}

    def load_own_state(self, state: Mapping[str, Array]) -> None:
        """Write a state back, into the same arrays."""
        for name, w in self.weights.items():
            w[...] = state[name]

    def state(self) -> dict[str, Array]:
        """Copies of all that the net must keep, by names such as "0.w", those of part 0."""
        found = self.own_state()
        for i, child in enumerate(self.children):
            found |= {f"{i}.{name}": array for name, array in child.state().items()}
        return found

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Set the net to a `state()`; weights change in place.

        Raises ValueError where names or shapes are not those of this net, and then changes nothing.
        """
        _require_same_names_and_shapes(state, self.state())
        self._load(state, "")

    def _load(self, state: Mapping[str, Array], prefix: str) -> None:
        self.load_own_state({name: state[prefix + name] for name in self.own_state()})
        for i, child in enumerate(self.children):
            child._load(state, f"{prefix}{i}.")


class Layer(Module):
    """One operation, the arrays it is trained on, in the order of its arguments, and its options.

    Layer(max_pool2d, window=2) is a part without weights.
    """

    def __init__(
        self, operation: Operation, weights: Mapping[str, Array] | None = None, **options: Any
    ) -> None:
        super().__init__()
        self.operation, self.options = operation, options
        self.weights = dict(weights or {})

    def forward(self, x: Array, train: bool = False) -> tuple[Array, Backward]:
        return self.split_gradients(self.operation(x, *self.weights.values(), **self.options))

    def split_gradients(self, result: Any) -> tuple[Array, Backward]:
        """(out, backward) of an operation as (out, backward) of a net: dx apart from the weights'.

        Raises TypeError unless it is (out, backward), and ValueError, on the way back, unless there
        is a gradient for x and for each weight.
        """
        if not isinstance(result, tuple | list) or len(result) != 2 or not callable(result[1]):
            raise TypeError(
                f"{self}: expected (out, backward), a value and a function; "
                f"received {type(result).__name__}; try `return out, backward`"
            )
        out, backward_of_operation = result
        names = ["x", *self.weights]

        def backward(dout: Array) -> tuple[Array, list[Array]]:
            found = backward_of_operation(dout)
            gradients = list(found) if isinstance(found, tuple | list) else [found]
            if len(gradients) != len(names):
                raise ValueError(
                    f"{self}: expected its backward to return gradients of {', '.join(names)}; "
                    f"received {len(gradients)}; try returning them in the order of the arguments"
                )
            return gradients[0], gradients[1:]

        return out, backward

    def __repr__(self) -> str:
        shapes = [f"{name} {w.shape}" for name, w in self.weights.items()]
        options = [f"{name}={value}" for name, value in self.options.items()]
        name = getattr(self.operation, "__name__", type(self.operation).__name__)
        return f"{name}({', '.join(shapes + options)})"


def _require_same_names_and_shapes(state: Mapping[str, Array], wanted: Mapping[str, Array]) -> None:
    """Raise a ValueError unless the state has the arrays that are wanted, by name and shape."""
    missing, extra = sorted(wanted.keys() - state.keys()), sorted(state.keys() - wanted.keys())
    if missing or extra:
        differs = f"none for {missing[0]!r}" if missing else f"{extra[0]!r} beside them"
        raise ValueError(
            f"state: expected the {len(wanted)} arrays of this net; received {len(state)}, "
            f"{differs}; try a net made as the one that was saved"
        )
    for name, array in wanted.items():
        if np.shape(state[name]) != array.shape:
            raise ValueError(
                f"state[{name!r}]: expected shape {array.shape}; received {np.shape(state[name])}; "
                f"try a net made as the one that was saved"
            )
