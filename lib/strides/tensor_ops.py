"""What a Tensor can do without a layer: + - * / and their like, each forward beside its backward.

    out, backward = multiply(a, b)
    da, db = backward(dout)

`autograd.Tensor` is made from these; they know arrays alone, like all operations of the course.
NumPy stretches arrays of different shapes over each other (broadcasting), so one number of `a` may
stand in many entries of `out`. It then gets the sum of their gradients: see `unbroadcast`.
Inputs are arrays of floats of any shapes that fit, or plain numbers, never changed; float32 stays
float32. NaN and inf pass. Shapes, axes and indices that do not fit raise NumPy's own ValueError or
IndexError.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides import expect

Array = NDArray[Any]
Result = tuple[Array, Callable[[Array], Any]]  # out, backward


def unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which an array of this shape was stretched."""
    if gradient.shape == shape:
        return gradient
    added = gradient.ndim - len(shape)
    stretched = tuple(added + i for i, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=(*range(added), *stretched), keepdims=True).reshape(shape)


def add(a: Array, b: Array) -> Result:
    """a + b: the gradient passes to both as it is."""

    def backward(dout: Array) -> tuple[Array, Array]:
        return unbroadcast(dout, np.shape(a)), unbroadcast(dout, np.shape(b))

    return a + b, backward


def subtract(a: Array, b: Array) -> Result:
    """a - b: the gradient passes to a as it is, and to b with its sign turned."""

    def backward(dout: Array) -> tuple[Array, Array]:
        return unbroadcast(dout, np.shape(a)), unbroadcast(-dout, np.shape(b))

    return a - b, backward


def multiply(a: Array, b: Array) -> Result:
    """a * b, entry by entry: each gets the gradient times the other."""

    def backward(dout: Array) -> tuple[Array, Array]:
        return unbroadcast(dout * b, np.shape(a)), unbroadcast(dout * a, np.shape(b))

    return a * b, backward


def divide(a: Array, b: Array) -> Result:
    """a / b, entry by entry: d(a / b) / da = 1 / b and d(a / b) / db = -a / b^2."""
    out = a / b

    def backward(dout: Array) -> tuple[Array, Array]:
        da = dout / b
        return unbroadcast(da, np.shape(a)), unbroadcast(-da * out, np.shape(b))

    return out, backward


def power(x: Array, exponent: float) -> Result:
    """x^exponent, entry by entry, for an exponent that is a plain number without a gradient.

    d(x^n) / dx = n x^(n - 1), which is 0 for n = 0, also at x = 0.
    """
    exponent = float(exponent)

    def backward(dout: Array) -> Array:
        return dout * exponent * x ** (exponent - 1) if exponent else np.zeros_like(dout)

    return x**exponent, backward


def exp(x: Array) -> Result:
    """e^x, entry by entry, which is its own derivative."""
    out = np.exp(x)
    return out, lambda dout: dout * out


def log(x: Array) -> Result:
    """Natural logarithm, entry by entry, with derivative 1 / x.

    Raises ValueError where x is not positive.
    """
    expect.reject("x", np.asarray(x), np.asarray(x) <= 0, "positive numbers", "x + 1e-6, or exp")
    return np.log(x), lambda dout: dout / x


def maximum(a: Array, b: Array) -> Result:
    """The larger of a and b, entry by entry, which gets the gradient; a does where they tie."""
    first = np.greater_equal(a, b)

    def backward(dout: Array) -> tuple[Array, Array]:
        return unbroadcast(dout * first, np.shape(a)), unbroadcast(dout * ~first, np.shape(b))

    return np.maximum(a, b), backward


def matmul(a: Array, b: Array) -> Result:
    """Matrix product a @ b, of (..., M, K) and (..., K, N); a vector (K,) on either side will do.

    With out = a @ b, da = dout @ b^T and db = a^T @ dout: the shapes leave no other choice.
    """
    rows = a[None, :] if a.ndim == 1 else a
    columns = b[:, None] if b.ndim == 1 else b
    product = rows @ columns
    kept = [-2] * (a.ndim == 1) + [-1] * (b.ndim == 1)

    def backward(dout: Array) -> tuple[Array, Array]:
        dproduct = dout.reshape(product.shape)
        da = unbroadcast(dproduct @ columns.swapaxes(-1, -2), rows.shape)
        db = unbroadcast(rows.swapaxes(-1, -2) @ dproduct, columns.shape)
        return da.reshape(a.shape), db.reshape(b.shape)

    return product.squeeze(axis=tuple(kept)), backward


def total(x: Array, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Result:
    """Sum over some axes, or all: every entry that was summed gets the gradient of the sum.

    keepdims leaves the summed axes in the shape of out, with size 1.
    """
    out = x.sum(axis=axis, keepdims=keepdims)
    shape = x.sum(axis=axis, keepdims=True).shape

    def backward(dout: Array) -> Array:
        return np.broadcast_to(dout.reshape(shape), x.shape)

    return out, backward


def mean(x: Array, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Result:
    """Mean over some axes, or all: every entry gets its share of the gradient, 1 / (how many)."""
    out, backward_of_total = total(x, axis, keepdims)
    share = max(out.size, 1) / max(x.size, 1)
    return out * share, lambda dout: backward_of_total(dout * share)


def reshape(x: Array, shape: tuple[int, ...]) -> Result:
    """The same entries in another shape; the gradient goes back to the shape of x."""
    return x.reshape(shape), lambda dout: dout.reshape(x.shape)


def transpose(x: Array, axes: tuple[int, ...] | None = None) -> Result:
    """The axes in another order, reversed unless told; the gradient goes back to that of x."""
    inverse = None if axes is None else tuple(np.argsort(axes).tolist())
    return x.transpose(axes), lambda dout: dout.transpose(inverse)


def take(x: Array, index: Any) -> Result:
    """x[index], for any index that NumPy takes; an entry taken twice gets both gradients."""

    def backward(dout: Array) -> Array:
        dx = np.zeros_like(x)
        np.add.at(dx, index, dout)
        return dx

    return x[index], backward
