"""What the operations of this package ask of their arguments: see `strides.expect`."""

from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides import expect

Array = NDArray[Any]
Pair = int | tuple[int, int]


def pair(name: str, value: Pair, least: int = 0) -> tuple[int, int]:
    """One whole number for rows and columns alike, or two of them, as two."""
    values = tuple(value) if isinstance(value, tuple | list) else (value, value)
    if len(values) != 2 or any(index(v) < least for v in values):
        raise ValueError(
            f"{name}: expected a whole number of {least} or more, or two for rows and columns; "
            f"received {value}; try {max(least, 1)}"
        )
    return index(values[0]), index(values[1])


def window_options(
    stride: Pair, pad: Pair, dilation: Pair = 1
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Stride, padding and dilation, each as (rows, columns)."""
    return pair("stride", stride, 1), pair("pad", pad), pair("dilation", dilation, 1)


def pool_options(
    window: Pair, stride: Pair | None, pad: Pair
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Window, stride (the window, unless given) and padding, each as (rows, columns)."""
    kh, kw = pair("window", window, 1)
    steps, (ph, pw), _ = window_options((kh, kw) if stride is None else stride, pad)
    if 2 * ph > kh or 2 * pw > kw:
        raise ValueError(
            f"pad: expected at most half the window {(kh, kw)}, or a window could see nothing "
            f"but padding; received {(ph, pw)}; try {(kh // 2, kw // 2)}"
        )
    return (kh, kw), steps, (ph, pw)


def image_batch(name: str, values: ArrayLike, shape: str = "(N, C, H, W)") -> Array:
    """The values as floats in a shape such as (N, C, H, W); integers become float64.

    NaN is not looked for: it passes on to the output. Raises ValueError for another number of
    dimensions, TypeError for anything but real numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind != "f":
        array = expect.numbers(name, array)
    expected = shape.count(",") + 1
    if array.ndim != expected:
        advice = f"{name}[None] for a single one" if array.ndim == expected - 1 else "reshape"
        raise ValueError(f"{name}: expected shape {shape}; received {array.shape}; try {advice}")
    return array


def bank(
    x: ArrayLike, w: ArrayLike, b: ArrayLike, groups: int = 1, sides: str = "H, W"
) -> tuple[Array, Array, Array]:
    """Images (N, C, *sides), filters (F, C / groups, K...), biases (F,), in one dtype.

    Raises ValueError for shapes that do not match, NaN and inf; TypeError for no real numbers.
    """
    kernel = ", ".join(f"K{side}" for side in sides.split(", "))
    x, w, b = finite(x=x, w=w, b=b)
    x = image_batch("x", x, f"(N, C, {sides})")
    w = image_batch("w", w, f"(F, C, {kernel})")
    if groups < 1 or x.shape[1] % groups or len(w) % groups:
        raise ValueError(
            f"groups: expected a number that divides the {x.shape[1]} channels of x and the "
            f"{len(w)} filters of w; received {groups}; try 1"
        )
    if w.shape[1] != x.shape[1] // groups:
        shared = "" if groups == 1 else f", {x.shape[1]} in {groups} groups"
        raise ValueError(
            f"w: expected filters of {x.shape[1] // groups} channels for x {x.shape}{shared}; "
            f"received {w.shape}; try (F, {x.shape[1] // groups}, {kernel})"
        )
    matching_bias(b, len(w))
    return x, w, b


def matching_bias(b: Array, filters: int) -> None:
    """Raise a ValueError unless b holds one number for each filter."""
    if b.shape != (filters,):
        raise ValueError(
            f"b: expected shape ({filters},), one bias for each filter; "
            f"received {b.shape}; try np.zeros({filters})"
        )


def upstream(dout: ArrayLike, shape: tuple[int, ...], dtype: Any) -> Array:
    """The upstream gradient in the shape and dtype of out. Raises ValueError for another shape."""
    array = np.asarray(dout)
    if array.shape != shape:
        raise ValueError(
            f"dout: expected the shape of out, {shape}; received {array.shape}; "
            f"try backward(np.ones_like(out))"
        )
    return array.astype(dtype, copy=False)


def finite(**arrays: ArrayLike) -> list[Array]:
    """The arrays as floats in one dtype, the widest among them; integers alone become float64.

    Raises TypeError for anything but real numbers, ValueError for NaN and inf.
    """
    values = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in values.items():
        expect.numbers(name, array)
    dtype = np.result_type(*values.values())
    if dtype.kind != "f":
        dtype = np.dtype(np.float64)
    return [array.astype(dtype, copy=False) for array in values.values()]
