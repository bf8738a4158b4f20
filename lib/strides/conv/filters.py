"""Convolution with a bank of filters, in one dimension and in two.

What a ConvNet calls convolution is correlation: the filter is not flipped. Three functions share
the work: `correlate` makes the output, `filter_gradient` and `input_gradient` send a gradient back
to the filters and to the images. All three go over the rows of the kernel, and over blocks of
images, as `strides.conv.shifted` explains.
"""

from collections.abc import Callable
from math import gcd, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.conv.arguments import Pair, bank, upstream, window_options
from strides.conv.blocks import blocks
from strides.conv.columns import col2im
from strides.conv.shifted import Window, shifted_blocks

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], tuple[Array, Array, Array]]]


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike,
    stride: Pair = 1,
    pad: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
    needs_dx: bool = True,
) -> Result:
    """Slide every filter over every image: out[n, f] is how well filter f matches, place by place.

    x (N, C, H, W), w (F, C / groups, KH, KW), b (F,); out (N, F, OH, OW), with
    OH = (H + 2 pad - dilation (KH - 1) - 1) / stride + 1, rounded down. stride, pad and dilation
    are whole numbers or (rows, columns); padding is zeros. With groups, the channels and the
    filters are cut into as many parts, and each part sees only its own.
    backward(dout) returns dx, dw, db; dx is None unless it is needed: not in a net's first layer.
    Raises ValueError for shapes that do not match, a filter larger than the padded image, NaN.
    Source: LeCun and others, 1989; `conv2d_naive` is the definition as loops.
    """
    x, w, b = bank(x, w, b, groups)
    kernel = (w.shape[2], w.shape[3])
    window = Window(kernel, *window_options(stride, pad, dilation), groups)
    shape = (len(x), len(w), *window.output(*x.shape[2:]))
    out = correlate(x, w, b, window, np.empty(shape, x.dtype))

    def backward(dout: ArrayLike) -> tuple[Any, Array, Array]:
        dout = upstream(dout, shape, x.dtype)
        dw, db = filter_gradient(x, dout, window)
        dx = input_gradient(dout, w, window, x.shape) if needs_dx else None
        return dx, dw, db

    return out, backward


def conv1d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike,
    stride: int = 1,
    pad: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> Result:
    """Slide every filter along every signal: conv2d for signals of one dimension.

    x (N, C, L), w (F, C / groups, K), b (F,); out (N, F, OL). backward(dout) returns dx, dw, db.
    Options and errors are those of `conv2d`. A signal is an image with a single row.
    """
    x, w, b = bank(x, w, b, groups, sides="L")
    options = ((1, stride), (0, pad), (1, dilation))
    wide, wide_backward = conv2d(x[:, :, None], w[:, :, None], b, *options, groups)
    out = wide[:, :, 0]
    shape, dtype = out.shape, out.dtype

    def backward(dout: ArrayLike) -> tuple[Array, Array, Array]:
        dx, dw, db = wide_backward(upstream(dout, shape, dtype)[:, :, None])
        return dx[:, :, 0], dw[:, :, 0], db

    return out, backward


def correlate(x: Array, w: Array, b: Array, window: Window, out: Array) -> Array:
    """Fill out (N, F, OH, OW) with filters w (F, C / groups, KH, KW) and biases b (F,) over x."""
    matrices = _matrices(w, b, window, window.products(x.shape[1], len(w)))
    for block, shifted in shifted_blocks(window, x.shape, out.shape, x.dtype):
        columns = shifted.gather(x[block])
        total = shifted.as_matrix(out[block])
        np.matmul(matrices[0], columns[0], out=total)
        for matrix, met in zip(matrices[1:], columns[1:], strict=True):
            total += matrix @ met
        if not np.may_share_memory(total, out):  # otherwise total is that part of out
            out[block] = shifted.as_images(total)
    return out


def filter_gradient(x: Array, dout: Array, window: Window) -> tuple[Array, Array]:
    """Gradients dw (F, C / groups, KH, KW) and db (F,) for images x and the upstream dout."""
    filters, channels, groups = dout.shape[1], x.shape[1] // window.groups, window.groups
    (kh, kw), products = window.kernel, window.products(x.shape[1], dout.shape[1])
    entries = kh // products * channels * kw + 1
    gradients = np.zeros((products, groups, entries, filters // groups), x.dtype)
    for block, shifted in shifted_blocks(window, x.shape, dout.shape, x.dtype):
        pixels_first = shifted.as_matrix(dout[block]).swapaxes(2, 3)
        for gradient, met in zip(gradients, shifted.gather(x[block]), strict=True):
            gradient += (met @ pixels_first).sum(axis=0)
    matrices = gradients.transpose(1, 3, 0, 2).reshape(filters, products, entries)
    dw = matrices[:, :, :-1].reshape(filters, kh, kw, channels).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(dw), matrices[:, 0, -1].copy()


def input_gradient(dout: Array, w: Array, window: Window, shape: tuple[int, ...]) -> Array:
    """Gradient of images of this shape, for the upstream dout (N, F, OH, OW).

    At stride 1 it is a correlation again: of dout with the filters flipped, channels and filters
    having changed places. At stride S, every S-th pixel meets only every S-th row and column of a
    filter, so that S * S such correlations, with a part of the filters each, make up the whole.
    """
    (sh, sw), groups = window.stride, window.groups
    mostly_padding = prod(shape[2:]) > 2 * sh * sw * prod(dout.shape[2:])
    few_channels = 3 * shape[1] * window.kernel[0] < len(w)
    if mostly_padding or few_channels:  # then the plain way is the quicker one
        return _input_gradient_by_columns(dout, w, window, shape)
    dx = np.zeros(shape, dout.dtype)
    filters = w.reshape((groups, -1, *w.shape[1:])).swapaxes(1, 2)
    flipped = filters.reshape((shape[1], -1, *w.shape[2:]))[:, :, ::-1, ::-1]
    no_bias = np.zeros(shape[1], w.dtype)
    for top, left in np.ndindex(min(sh, shape[2]), min(sw, shape[3])):
        rows, row_pad, row_dilation = _meeting(top, window, 0)
        columns, column_pad, column_dilation = _meeting(left, window, 1)
        part = flipped[:, :, rows, columns]
        if part.size:
            pad, dilation = (row_pad, column_pad), (row_dilation, column_dilation)
            back = Window(part.shape[2:], (1, 1), pad, dilation, groups)
            correlate(dout, part, no_bias, back, dx[:, :, top::sh, left::sw])
    return dx


def _meeting(first: int, window: Window, side: int) -> tuple[slice, int, int]:
    """Which entries of the flipped kernel the pixels first, first + S, ... meet.

    With the padding and the dilation of their correlation with dout: output o meets pixel
    o S + i D - P at entry i, so pixel first + q S meets output q + (first + P - i D) / S there.
    """
    stride, pad, dilation = window.stride[side], window.pad[side], window.dilation[side]
    kernel, common = window.kernel[side], gcd(stride, dilation)
    entries = [i for i in range(kernel) if (first + pad - i * dilation) % stride == 0]
    if not entries:
        return slice(0, 0), 0, 1
    output = (first + pad - entries[-1] * dilation) // stride
    return slice(kernel - 1 - entries[-1], None, stride // common), -output, dilation // common


def _input_gradient_by_columns(
    dout: Array, w: Array, window: Window, shape: tuple[int, ...]
) -> Array:
    """input_gradient as the transpose of im2col and one product."""
    n, c, height, width = shape
    split = (window.groups, len(w) // window.groups, -1)
    transposed = w.reshape(split).swapaxes(1, 2)
    options = (window.kernel, window.stride, window.pad, window.dilation)
    dx = np.empty(shape, dout.dtype)
    for block in blocks(n, prod(window.kernel) * c * prod(dout.shape[2:]) * dout.itemsize):
        images = len(dx[block])
        columns = transposed @ dout[block].reshape((images, *split))
        columns = columns.reshape((images, c * prod(window.kernel), -1))
        dx[block] = col2im(columns, (images, c, height, width), *options)
    return dx


def _matrices(w: Array, b: Array, window: Window, products: int) -> Array:
    """Filters and biases as (products, groups, F / groups, entries): a matrix for each product.

    Its entries are those of one kernel row, or of all, and one more, which meets the row of ones:
    the bias in the first matrix, 0 in the others.
    """
    filters, channels, kh, kw = w.shape
    entries = kh // products * channels * kw
    matrices = np.zeros((products, filters, entries + 1), w.dtype)
    by_row = w.transpose(0, 2, 3, 1).reshape(filters, products, entries)
    matrices[:, :, :-1] = by_row.swapaxes(0, 1)
    matrices[0, :, -1] = b
    return matrices.reshape(products, window.groups, filters // window.groups, entries + 1)
