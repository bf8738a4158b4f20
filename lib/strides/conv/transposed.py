"""Transposed convolution: conv2d with forward and backward changing places."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.conv.arguments import (
    Pair,
    finite,
    image_batch,
    matching_bias,
    pair,
    upstream,
    window_options,
)
from strides.conv.arithmetic import transposed_size
from strides.conv.filters import correlate, filter_gradient, input_gradient
from strides.conv.shifted import Window

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], tuple[Array, Array, Array]]]


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike,
    stride: Pair = 1,
    pad: Pair = 0,
    output_pad: Pair = 0,
) -> Result:
    """Lay every filter down at every pixel, scaled by it, and add up: images grow by the stride.

    x (N, C, H, W), w (C, F, KH, KW), b (F,); out (N, F, OH, OW) with
    OH = (H - 1) stride - 2 pad + KH + output_pad: the sizes that conv2d with this window would
    bring down to H, of which output_pad, less than the stride, chooses one.
    backward(dout) returns dx, dw, db. Its forward pass is the gradient of conv2d with respect to
    the images, and its dx is conv2d. Raises ValueError for shapes that do not match and NaN.
    Source: Zeiler, Krishnan, Taylor and Fergus, 2010.
    """
    x, w, b = finite(x=x, w=w, b=b)
    x, w = image_batch("x", x), image_batch("w", w, "(C, F, KH, KW)")
    if len(w) != x.shape[1]:
        raise ValueError(
            f"w: expected shape (C, F, KH, KW) with C = {x.shape[1]} for x {x.shape}; "
            f"received {w.shape}; try w.swapaxes(0, 1) if the filters are those of a conv2d"
        )
    filters = w.shape[1]
    matching_bias(b, filters)
    window = Window((w.shape[2], w.shape[3]), *window_options(stride, pad))
    extra = pair("output_pad", output_pad)
    if extra[0] >= window.stride[0] or extra[1] >= window.stride[1]:
        raise ValueError(
            f"output_pad: expected less than the stride {window.stride}; received {extra}; try 0"
        )
    sides = zip(x.shape[2:], window.kernel, window.stride, window.pad, extra, strict=True)
    oh, ow = (transposed_size(*side) for side in sides)
    out = input_gradient(x, w, window, (len(x), filters, oh, ow))
    out += b[:, None, None]
    shape, dtype = out.shape, out.dtype

    def backward(dout: ArrayLike) -> tuple[Array, Array, Array]:
        dout = upstream(dout, shape, dtype)
        dw, _ = filter_gradient(dout, x, window)
        no_bias = np.zeros(len(w), dtype)
        dx = correlate(dout, w, no_bias, window, np.empty_like(x, order="C"))
        return dx, dw, dout.sum(axis=(0, 2, 3))

    return out, backward
