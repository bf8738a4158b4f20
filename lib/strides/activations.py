"""Activations: what makes a stack of layers more than one layer, one number at a time.

Each is a function that returns two things, `out, backward = relu(x)`: the array after the
activation, in the shape of x, and the function that turns an upstream gradient into the gradient
of its arguments, `dx = backward(dout)`. An activation f acts on every entry alone, so its backward
multiplies by a slope: dx = dout * f'(x). Only maxout, the last one, compares channels.

float32 in, float32 out, float64 likewise; integers count as float64. Inputs are never changed.
At the corner of relu and its relatives, x = 0, the slope is the one to the left of it.
NaN and inf raise ValueError: see `strides.expect`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides import expect

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], Array]]  # out, backward


def sigmoid(x: ArrayLike) -> Result:
    """Logistic function 1 / (1 + exp(-x)), from 0 to 1, for x of any shape.

    Far to the left exp(-x) overflows to inf, and 1 / inf = 0 is the right answer. The slope,
    out * (1 - out), is 1/4 at x = 0 and vanishes to both sides: the unit saturates.
    """
    x = expect.numbers("x", x)
    with np.errstate(over="ignore"):
        out = 1 / (1 + np.exp(-x))

    def backward(dout: ArrayLike) -> Array:
        return expect.upstream(dout, out.shape, out.dtype) * out * (1 - out)

    return out, backward


def tanh(x: ArrayLike) -> Result:
    """Hyperbolic tangent, from -1 to 1 and 0 at 0, for x of any shape; its slope is 1 - out**2."""
    x = expect.numbers("x", x)
    out = np.tanh(x)

    def backward(dout: ArrayLike) -> Array:
        return expect.upstream(dout, out.shape, out.dtype) * (1 - out * out)

    return out, backward


def relu(x: ArrayLike) -> Result:
    """Rectified linear unit max(x, 0), for x of any shape; its slope is 1 or 0.

    Source: Nair and Hinton, 2010.
    """
    x = expect.numbers("x", x)
    # What backward keeps: one byte an entry, where out itself takes four or eight.
    positive, dtype = x > 0, x.dtype

    def backward(dout: ArrayLike) -> Array:
        return expect.upstream(dout, positive.shape, dtype) * positive

    return np.maximum(x, 0), backward


def leaky_relu(x: ArrayLike, slope: float = 0.01) -> Result:
    """ReLU that does not die: max(x, 0) + slope * min(x, 0), for x of any shape.

    Raises ValueError for a slope that is not finite. Source: Maas, Hannun and Ng, 2013.
    """
    x = expect.numbers("x", x)
    slope = expect.number("slope", slope)
    right = (x > 0).astype(x.dtype)  # 1 to the right of the corner, 0 to the left
    slopes = right + slope * (1 - right)

    def backward(dout: ArrayLike) -> Array:
        return expect.upstream(dout, slopes.shape, slopes.dtype) * slopes

    return x * slopes, backward


def prelu(x: ArrayLike, alpha: ArrayLike) -> tuple[Array, Callable[[ArrayLike], Any]]:
    """Leaky ReLU whose slope is learned: max(x, 0) + alpha * min(x, 0).

    x (N, C), (N, C, L) or (N, C, H, W); alpha (C,), one slope a channel, or (1,), one for all.
    backward returns dx and dalpha. Raises ValueError for other shapes.
    Source: He, Zhang, Ren and Sun, 2015.
    """
    x = expect.batch("x", x, "(N, C)", "(N, C, L)", "(N, C, H, W)")
    size = 1 if np.shape(alpha) == (1,) else x.shape[1]
    what = "one slope for each channel of x, or a single one, (1,)"
    alpha = expect.parameter("alpha", alpha, (size,), what, x)
    shared = (0, *range(2, x.ndim))
    right = (x > 0).astype(x.dtype)
    slopes = right + np.expand_dims(alpha, shared) * (1 - right)

    def backward(dout: ArrayLike) -> tuple[Array, Array]:
        dout = expect.upstream(dout, x.shape, x.dtype)
        dalphas = np.sum(dout * x * (1 - right), axis=shared)  # one for each channel
        return dout * slopes, dalphas if size > 1 else dalphas.sum(keepdims=True)

    return x * slopes, backward


def elu(x: ArrayLike, alpha: float = 1.0) -> Result:
    """Exponential linear unit: x to the right of 0, alpha * (exp(x) - 1) to the left.

    x of any shape; to the left it saturates at -alpha. Raises ValueError for an alpha that is not
    finite. Source: Clevert, Unterthiner and Hochreiter, 2015.
    """
    x = expect.numbers("x", x)
    alpha = expect.number("alpha", alpha)
    left = np.minimum(x, 0)
    out = np.maximum(x, 0) + alpha * np.expm1(left)

    def backward(dout: ArrayLike) -> Array:
        right = (x > 0).astype(x.dtype)
        slopes = right + alpha * np.exp(left) * (1 - right)
        return expect.upstream(dout, x.shape, x.dtype) * slopes

    return out, backward


def maxout(x: ArrayLike, pieces: int) -> Result:
    """The largest of every `pieces` neighbouring channels, so that C channels become C / pieces.

    x (N, C), (N, C, L) or (N, C, H, W). The channels are outputs of a linear layer, and the
    largest of several straight lines is a convex curve: the net learns its own activation.
    The gradient goes to the channel that won. Raises ValueError where pieces does not divide C.
    Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, 2013.
    """
    x = expect.batch("x", x, "(N, C)", "(N, C, L)", "(N, C, H, W)")
    pieces = expect.count("pieces", pieces)
    n, channels, *places = x.shape
    if channels % pieces:
        raise ValueError(
            f"x: expected a multiple of {pieces} channels, the number of pieces; "
            f"received {x.shape}; try {channels // pieces * pieces or pieces} channels"
        )
    lines = x.reshape(n, channels // pieces, pieces, *places)
    winners = lines.argmax(axis=2, keepdims=True)
    out = np.take_along_axis(lines, winners, axis=2).squeeze(2)

    def backward(dout: ArrayLike) -> Array:
        dout = expect.upstream(dout, out.shape, out.dtype)
        dlines = np.zeros_like(lines)
        np.put_along_axis(dlines, winners, np.expand_dims(dout, 2), axis=2)
        return dlines.reshape(x.shape)

    return out, backward
