"""What an operation asks of its arguments, and the sentence a reader gets when one does not fit.

Each function returns the argument as an array that is fit for use, or raises an error in one form:
what was expected, what was received, what to try. A wrong dtype is a TypeError, the rest are
ValueErrors. Operations call these first, so that their own lines hold only the mathematics.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def numbers(name: str, values: ArrayLike) -> Array:
    """The values as an array of floats without NaN or inf; integers become float64.

    Raises TypeError for anything but real numbers, ValueError for NaN and inf.
    """
    array = np.asarray(values)
    if array.dtype.kind in "biu":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(
            f"{name}: expected real numbers; received dtype {array.dtype}; "
            f"try an array of float32 or float64"
        )
    # the sum of squares is quick; where it overflows, every entry is looked at
    if not math.isfinite(np.vdot(array, array)):
        advice = "a lower learning rate, or a look at the data for where it begins"
        reject(name, array, ~np.isfinite(array), "finite numbers", advice)
    return array


def zero_or_more(name: str, value: float) -> float:
    """The value as a finite Python float that is not negative; raises ValueError for others."""
    plain = float(value)
    if not 0 <= plain < np.inf:
        raise ValueError(f"{name}: expected a number of 0 or more; received {plain}; try 1.0")
    return plain


def rows(name: str, values: ArrayLike, *shapes: str) -> Array:
    """The values as floats in one of the shapes given: '(N, C)', '(N,)' or '(C,)'.

    Raises ValueError for any other number of dimensions and for rows without a number in them.
    """
    array = numbers(name, values)
    expected = f"{name}: expected shape {' or '.join(shapes)}"
    if array.ndim not in [_axes(shape) for shape in shapes]:
        advice = "one row for each example"
        if array.ndim == 1:
            advice = f"{name}[None, :] if this is a single row"
        elif "(N,)" in shapes and array.size == max(array.shape, default=0):
            advice = f"{name}.ravel()"
        raise ValueError(f"{expected}; received {array.shape}; try {advice}")
    if array.shape[-1] == 0:
        raise ValueError(f"{expected}; received {array.shape}, which is empty; try a larger batch")
    return array


def classes(y: ArrayLike, scores: Array) -> Array:
    """The labels y as integers, one from 0 to C-1 for each row of scores (N, C).

    Raises TypeError for labels that are not integers, ValueError for others and for another number
    of them.
    """
    y = _one_a_row(y, scores)
    if y.dtype.kind not in "iu":
        raise TypeError(f"y: expected integers; received dtype {y.dtype}; try y.astype(int)")
    last = scores.shape[1] - 1
    reject("y", y, (y < 0) | (y > last), f"labels from 0 to {last}", "counting classes from 0")
    return y


def signs(y: ArrayLike, scores: Array) -> Array:
    """The labels y, one -1 or +1 for each of scores (N,), in the dtype of the scores.

    Raises ValueError for other labels, and for another number of them.
    """
    y = _one_a_row(y, scores)
    advice = "2 * y - 1 if your labels are 0 and 1"
    reject("y", y, ~np.isin(y, (-1, 1)), "labels of -1 and +1", advice)
    return y.astype(scores.dtype)


def targets(name: str, values: ArrayLike, scores: Array) -> Array:
    """The values as finite numbers in the shape and the dtype of the scores, or a ValueError."""
    array = numbers(name, values)
    if array.shape != scores.shape:
        raise ValueError(
            f"{name}: expected shape {scores.shape}, one number for each score; "
            f"received {array.shape}; try printing both shapes"
        )
    return array.astype(scores.dtype)


def probabilities(name: str, values: Array) -> Array:
    """The values, checked to be 0 or more and to sum to 1 (within 0.001) along the last axis.

    Raises ValueError otherwise.
    """
    reject(name, values, values < 0, "probabilities", "softmax(...), without the logarithm")
    sums = np.atleast_1d(values.sum(axis=-1, dtype=np.float64))
    wrong = np.abs(sums - 1) > 1e-3
    reject(f"sum of {name}", sums, wrong, "rows that sum to 1", "softmax(...)")
    return values


def number(name: str, value: float) -> float:
    """The value as a finite Python float, which leaves the dtype of the arrays it meets alone.

    Raises ValueError for NaN and inf.
    """
    plain = float(value)
    if not np.isfinite(plain):
        raise ValueError(f"{name}: expected a finite number; received {plain}; try 0.1")
    return plain


def count(name: str, value: Any) -> int:
    """The value as a Python integer of 1 or more.

    Raises TypeError for anything but an integer, ValueError for one below 1.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        kind = type(value).__name__
        raise TypeError(f"{name}: expected an integer; received {value!r}, a {kind}; try 2")
    if value < 1:
        raise ValueError(f"{name}: expected an integer of 1 or more; received {value}; try 1")
    return int(value)


def batch(name: str, values: ArrayLike, *shapes: str) -> Array:
    """The values as floats with the dimensions of one of the shapes given, as '(N, C, H, W)'.

    The batch may be empty, N = 0; ValueError for any other dimension of 0.
    """
    array = numbers(name, values)
    expected = f"{name}: expected shape {' or '.join(shapes)}"
    axes = [_axes(shape) for shape in shapes]
    if array.ndim not in axes:
        advice = "printing its shape where it is made"
        if array.ndim + 1 in axes:
            advice = f"{name}[None] if this is a single example"
        elif array.ndim > 2 and "(N, D)" in shapes:
            advice = f"flatten({name})"
        raise ValueError(f"{expected}; received {array.shape}; try {advice}")
    if 0 in array.shape[1:]:
        raise ValueError(f"{expected}; received {array.shape}; try sizes of 1 or more after N")
    return array


def parameter(name: str, values: ArrayLike, shape: tuple[int, ...], what: str, x: Array) -> Array:
    """The values as finite numbers in this shape and in the dtype of x.

    Raises ValueError for another shape; `what` tells the reader what the values are.
    """
    array = numbers(name, values)
    if array.shape != shape:
        advice = f"{name}.T" if array.shape == shape[::-1] else f"np.zeros({shape}) to begin with"
        raise ValueError(
            f"{name}: expected shape {shape}, {what}; received {array.shape}; try {advice}"
        )
    return array.astype(x.dtype, copy=False)


def upstream(dout: ArrayLike, shape: tuple[int, ...], dtype: Any) -> Array:
    """The upstream gradient dout in the dtype of out; NaN and inf are handed on.

    Raises ValueError for another shape than that of out.
    """
    array = np.asarray(dout)
    if array.shape != shape:
        raise ValueError(
            f"dout: expected shape {shape}, the shape of out; received {array.shape}; "
            f"try one number for each entry of out"
        )
    return array.astype(dtype, copy=False)


def reject(name: str, values: Array, bad: Array, expected: str, advice: str) -> None:
    """Raise a ValueError that shows the first entry where bad is True, if there is one."""
    if bad.any():
        index = tuple(np.argwhere(bad)[0].tolist())
        where = f" at {list(index)}" if index else ""
        raise ValueError(
            f"{name}: expected {expected}; received {values[index]}{where}; try {advice}"
        )


def _axes(shape: str) -> int:
    """How many axes a shape has that is written as '(N, C)'."""
    return len([size for size in shape.strip("()").split(",") if size])


def _one_a_row(y: ArrayLike, scores: Array) -> Array:
    """The labels y as an array of shape (N,), whatever their dtype."""
    y = np.asarray(y)
    if y.shape != scores.shape[:1]:
        advice = "taking the same rows of both"
        if y.shape == scores.shape:
            advice = "y.argmax(axis=1) if each row of y is one-hot"
        elif y.size == len(scores):
            advice = "y.ravel()"
        raise ValueError(
            f"y: expected {len(scores)} labels, one for each row of scores {scores.shape}; "
            f"received {len(y) if y.ndim == 1 else f'shape {y.shape}'}; try {advice}"
        )
    return y
