"""Automatic differentiation of arrays: Tensors made from the course's own operations.

    x, w, b = Tensor(images), Tensor(w, requires_grad=True), Tensor(b, requires_grad=True)
    loss = lift(softmax_loss)(x @ w + b, y)
    loss.backward()
    w.grad, b.grad  # arrays, in the shapes of w and b

Each operation is `out, backward = operation(arrays)`. `lift` lets it take Tensors: the result
remembers what it was computed from and the `backward` that came with it, so a chain of operations
leaves a graph behind. `loss.backward()` walks that graph once, from the loss to the leaves, which
is reverse-mode differentiation. Source: Linnainmaa, 1970.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides import expect, losses, tensor_ops
from strides.graph import topological_order

Array = NDArray[Any]
Axes = int | tuple[int, ...] | None  # None means all of them

_recording = ContextVar("recording", default=True)

# Operations whose gradients belong to other arguments than their first arrays.
ARGUMENTS_WITH_GRADIENT = {losses.kl_divergence: (1,)}


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without a graph: `with no_grad():`, for evaluation and for updates of weights."""
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


def lift(operation: Callable[..., Any]) -> Callable[..., "Tensor"]:
    """The operation for Tensors: it takes them in place of arrays, and returns one.

    Arrays and plain numbers may stand beside them, and get no gradient. The gradients that the
    operation's backward returns belong to its arguments in order, or, where it returns fewer, to
    its arrays of floats in order. Raises TypeError for a Tensor given by keyword and for an
    operation that does not return (out, backward); backward() raises ValueError for a gradient of
    another shape than its argument, and for a Tensor left without one.
    """
    title = getattr(operation, "__name__", "operation")

    @functools.wraps(operation)
    def lifted(*args: Any, **options: Any) -> "Tensor":
        for name, value in options.items():
            if isinstance(value, Tensor):
                raise TypeError(
                    f"{title}: expected Tensors by position; received {name}=Tensor; "
                    f"try {title}(..., {name}) in its place"
                )
        arrays = [value.data if isinstance(value, Tensor) else value for value in args]
        result = operation(*arrays, **options)
        if not isinstance(result, tuple) or len(result) != 2 or not callable(result[1]):
            raise TypeError(
                f"{title}: expected (out, backward), a value and a function; "
                f"received {type(result).__name__}; try `return out, backward`"
            )
        out = Tensor(result[0], name=title)
        places = [i for i, value in enumerate(args) if isinstance(value, Tensor)]
        if _recording.get() and any(args[i].requires_grad for i in places):
            out.requires_grad = True
            out.parents = tuple(args[i] for i in places)
            out._pull = functools.partial(_pull, operation, result[1], arrays, places)
        return out

    return lifted


def _pull(
    operation: Callable[..., Any],
    backward: Callable[[Array], Any],
    arrays: Sequence[Any],
    places: Sequence[int],
    upstream: Array,
) -> list[Array | None]:
    """What backward(upstream) gives for the arguments at these places, None where it gives none."""
    found = backward(upstream)
    gradients = list(found) if isinstance(found, tuple | list) else [found]
    owners: Sequence[int] = range(len(arrays))
    if len(gradients) != len(arrays):
        floats = [i for i, value in enumerate(arrays) if _holds_floats(value)]
        owners = ARGUMENTS_WITH_GRADIENT.get(operation, floats[: len(gradients)])
    by_place = dict(zip(owners, gradients, strict=False))
    return [by_place.get(i) for i in places]


def _holds_floats(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _method(operation: Callable[..., Any], swapped: bool = False) -> Callable[..., "Tensor"]:
    """A method of Tensor that applies an operation to it, as the second argument if swapped.

    Python calls the swapped form, `__radd__` for `__add__`, where the left side is no Tensor: in
    `2 - x` it asks x, which must then stand on the right.
    """
    lifted = lift(operation)

    def method(self: "Tensor", *args: Any, **options: Any) -> "Tensor":
        together = (*args, self) if swapped else (self, *args)
        return lifted(*together, **options)

    return method


class Tensor:
    """An array, what it was computed from, and, on leaves, its gradient.

    data: an array, which is shared and not copied, or numbers. With requires_grad it must hold
    floats (integers become float64), and backward() adds to `grad`, an array like data, or None
    before the first time. Set it to None before the next step.
    """

    __array_ufunc__ = None  # so that `array * tensor` is ours, and not NumPy's

    def __init__(self, data: ArrayLike, requires_grad: bool = False, name: str = "") -> None:
        self.data = expect.numbers(name or "data", data) if requires_grad else np.asarray(data)
        self.requires_grad = requires_grad
        self.name = name
        self.grad: Array | None = None
        self.parents: tuple[Tensor, ...] = ()
        self._pull: Callable[[Array], list[Array | None]] | None = None

    def backward(self, upstream: ArrayLike | None = None, keep: bool = False) -> None:
        """Add to `grad` of every leaf below the gradient of this Tensor along it.

        upstream: the gradient of what is computed from this Tensor, in its shape; may be left out
        where it is a single number, and is then 1. With keep, Tensors in between get a `grad` too.
        Raises ValueError for another shape, and where nothing below requires a gradient.
        """
        if not self.requires_grad:
            raise ValueError(
                "backward: expected a Tensor that requires a gradient; received one that does not; "
                "try requires_grad=True on its leaves, and computing it outside no_grad()"
            )
        gradients = {id(self): self._seed(upstream)}
        for node in reversed(topological_order(self)):
            gradient = gradients.pop(id(node), None)
            if gradient is None:
                continue
            if node._pull is None:
                node.grad = gradient.copy() if node.grad is None else node.grad + gradient
                continue
            if keep:
                node.grad = gradient.copy()
            for parent, part in zip(node.parents, node._pull(gradient), strict=True):
                if parent.requires_grad:
                    more = _fitting(part, parent, node.name)
                    so_far = gradients.get(id(parent))
                    gradients[id(parent)] = more if so_far is None else so_far + more

    def _seed(self, upstream: ArrayLike | None) -> Array:
        """The upstream gradient as an array in the shape and the dtype of data."""
        if upstream is None and self.data.size == 1:
            return np.ones_like(self.data)
        if upstream is None or np.shape(upstream) != self.shape:
            received = "none" if upstream is None else f"shape {np.shape(upstream)}"
            raise ValueError(
                f"upstream: expected a gradient of shape {self.shape}; received {received}; "
                f"try backward() on a single number, as on .sum()"
            )
        return np.asarray(upstream, dtype=self.data.dtype)

    def item(self) -> float:
        """The one number of a Tensor that holds one, without its graph.

        Raises ValueError for another size.
        """
        return float(self.data.item())

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data."""
        return self.data.shape

    @property
    def T(self) -> "Tensor":
        """The axes in reverse order: (N, D) becomes (D, N)."""
        return self.transpose()

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        more = f", computed by {self.name}" if self.parents else ""
        return f"Tensor(shape={self.shape}, dtype={self.data.dtype}{more})"

    def label(self) -> list[str]:
        """Lines that describe this Tensor in a drawing of its graph: its value, or its shape."""
        return [f"{self.item():.4g}" if self.data.size == 1 else str(self.shape)]

    # What Python calls for x + y, x - y, x * y, x / y, x @ y, x**2 and x[index].
    __add__, __radd__ = _method(tensor_ops.add), _method(tensor_ops.add, swapped=True)
    __sub__, __rsub__ = _method(tensor_ops.subtract), _method(tensor_ops.subtract, swapped=True)
    __mul__, __rmul__ = _method(tensor_ops.multiply), _method(tensor_ops.multiply, swapped=True)
    __truediv__, __rtruediv__ = _method(tensor_ops.divide), _method(tensor_ops.divide, swapped=True)
    __matmul__, __rmatmul__ = _method(tensor_ops.matmul), _method(tensor_ops.matmul, swapped=True)
    __pow__, __getitem__ = _method(tensor_ops.power), _method(tensor_ops.take)

    def exp(self) -> "Tensor":
        """e^x for each entry x."""
        return _exp(self)

    def log(self) -> "Tensor":
        """Natural logarithm of each entry; raises ValueError where one is not positive."""
        return _log(self)

    def sum(self, axis: Axes = None, keepdims: bool = False) -> "Tensor":
        """Sum over the axes given, or over all; keepdims leaves them in the shape with size 1."""
        return _sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Axes = None, keepdims: bool = False) -> "Tensor":
        """Mean over the axes given, or over all; keepdims leaves them in the shape with size 1."""
        return _mean(self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: int) -> "Tensor":
        """The same entries in another shape, as in x.reshape(6, -1), where -1 is worked out.

        Raises ValueError for a shape with room for more entries or fewer.
        """
        return _reshape(self, shape)

    def transpose(self, axes: tuple[int, ...] | None = None) -> "Tensor":
        """The axes in the order given, each once, or in reverse; raises ValueError for others."""
        return _transpose(self, axes=axes)

    def __neg__(self) -> "Tensor":
        return self * -1


_exp, _log = lift(tensor_ops.exp), lift(tensor_ops.log)
_sum, _mean = lift(tensor_ops.total), lift(tensor_ops.mean)
_reshape, _transpose = lift(tensor_ops.reshape), lift(tensor_ops.transpose)


def _fitting(gradient: Array | None, parent: Tensor, operation: str) -> Array:
    """The gradient in the dtype of the Tensor it belongs to; raises ValueError unless it fits."""
    if gradient is None or np.shape(gradient) != parent.shape:
        received = "none" if gradient is None else f"shape {np.shape(gradient)}"
        raise ValueError(
            f"{operation}: expected its backward to return a gradient of shape {parent.shape} for "
            f"each Tensor that requires one; received {received}; try gradient_check({operation})"
        )
    return np.asarray(gradient, dtype=parent.data.dtype)
