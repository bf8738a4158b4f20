"""Layers: the parts of a net that multiply, add, reshape and drop.

Each layer is a function that returns two things, `out, backward = affine(x, w, b)`: its value and
the function that turns an upstream gradient into the gradients of its array arguments, in order,
`dx, dw, db = backward(dout)`. dout has the shape of out, and each gradient that of its argument.
Convolutions, pooling, normalisation and activations have modules of their own.

x sets the dtype: float32 gives float32, float64 gives float64, integers count as float64, and
parameters follow. Inputs are never changed, but what only hands numbers on (flatten, dropout in
eval mode, backward of bias) returns the same memory: make a copy before you write to it.
Empty batches, N = 0, pass. NaN, inf and shapes that do not fit raise: see `strides.expect`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides import expect

Array = NDArray[Any]
OneGradient = tuple[Array, Callable[[ArrayLike], Array]]  # out, backward
Gradients = tuple[Array, Callable[[ArrayLike], tuple[Array, ...]]]


def affine(x: ArrayLike, w: ArrayLike, b: ArrayLike, needs_dx: bool = True) -> Gradients:
    """Linear layer x @ w + b: each of M outputs is a weighted sum of the D inputs, plus a bias.

    x (N, D), w (D, M), b (M,), out (N, M). backward returns dx = dout @ w.T, dw = x.T @ dout and
    db, the sum of dout over the rows; dx is None unless it is needed: not in a net's first layer.
    Raises ValueError for shapes that do not fit.
    """
    x = expect.batch("x", x, "(N, D)")
    fits = np.ndim(w) == 2 and np.shape(w)[0] == x.shape[1]
    outputs = np.shape(w)[1] if fits else np.size(b)
    w = expect.parameter("w", w, (x.shape[1], outputs), "one row for each column of x", x)
    b = expect.parameter("b", b, (outputs,), "one number for each column of w", x)
    out = x @ w
    out += b

    def backward(dout: ArrayLike) -> tuple[Any, Array, Array]:
        dout = expect.upstream(dout, (len(x), outputs), x.dtype)
        return dout @ w.T if needs_dx else None, x.T @ dout, dout.sum(axis=0)

    return out, backward


def bias(x: ArrayLike, b: ArrayLike) -> Gradients:
    """Add a number to each channel: out = x + b.

    x (N, C), (N, C, L) or (N, C, H, W), b (C,). backward returns dx, which is dout, and db, the
    sum of dout over all that shared an entry of b. Raises ValueError for shapes that do not fit.
    """
    x = expect.batch("x", x, "(N, C)", "(N, C, L)", "(N, C, H, W)")
    b = expect.parameter("b", b, x.shape[1:2], "one number for each channel of x", x)
    shared = (0, *range(2, x.ndim))

    def backward(dout: ArrayLike) -> tuple[Array, Array]:
        dout = expect.upstream(dout, x.shape, x.dtype)
        return dout, dout.sum(axis=shared)

    return x + np.expand_dims(b, shared), backward


def flatten(x: ArrayLike) -> OneGradient:
    """Lay each example out as one row: (N, C, H, W), or any (N, ...), becomes (N, C * H * W).

    Raises ValueError for a single number, which has no rows.
    """
    x = expect.numbers("x", x)
    if x.ndim == 0:
        raise ValueError("x: expected shape (N, ...); received (); try x[None] for one example")
    out = x.reshape(len(x), int(np.prod(x.shape[1:])))

    def backward(dout: ArrayLike) -> Array:
        return expect.upstream(dout, out.shape, out.dtype).reshape(x.shape)

    return out, backward


def dropout(x: ArrayLike, p: float, rng: np.random.Generator, train: bool = True) -> OneGradient:
    """Set each entry of x to 0 with probability p, and scale the others by 1 / (1 - p).

    x of any shape, 0 <= p < 1. Scaled like this ("inverted") the expected value of out is x, so in
    eval mode, train=False, there is nothing to do. rng draws the entries, and moves on as it does.
    Raises ValueError for p outside its range, TypeError for an rng that is no Generator.
    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014.
    """
    x = expect.numbers("x", x)
    p = expect.number("p", p)
    if not 0 <= p < 1:
        raise ValueError(
            f"p: expected a probability of dropping, 0 or more and less than 1; "
            f"received {p}; try 0 to keep every entry"
        )
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng: expected a numpy.random.Generator; received {type(rng).__name__}; "
            f"try np.random.default_rng(0)"
        )
    kept = rng.random(x.shape, dtype=np.float32) >= p if train else None

    def mask(values: Array) -> Array:
        if kept is None:
            return values
        masked = values * kept
        masked *= 1 / (1 - p)
        return masked

    def backward(dout: ArrayLike) -> Array:
        return mask(expect.upstream(dout, x.shape, x.dtype))

    return mask(x), backward
