"""im2col and col2im: every window of every image as one column, and back again.

With the windows as columns a convolution is one matrix product, w (F, C KH KW) times columns
(C KH KW, OH OW). That is the form to learn it by, at the cost of KH * KW copies of the images;
`strides.conv.shifted` needs fewer. Source: Chellapilla, Puri and Simard, 2006.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.conv.arguments import Pair, image_batch, pair, window_options
from strides.conv.arithmetic import output_size

Array = NDArray[Any]


def overlap(size: int, count: int, first: int, step: int) -> tuple[slice, slice]:
    """Which of the positions first, first + step, ... (count of them) fall inside 0 to size - 1.

    Two slices, of the counted positions and of what they fall on: a padded copy is not needed.
    """
    start = max(0, -(first // step))
    stop = max(start, min(count, (size - 1 - first) // step + 1))
    if stop == start:
        return slice(0, 0), slice(0, 0)
    begin = first + start * step
    return slice(start, stop), slice(begin, begin + (stop - start - 1) * step + 1, step)


def _places(height: int, width: int, kernel: Any, stride: Any, pad: Any, dilation: Any) -> Any:
    """For each kernel entry (i, j): the outputs that meet the image there, and its pixels."""
    oh = output_size(height, kernel[0], stride[0], pad[0], dilation[0])
    ow = output_size(width, kernel[1], stride[1], pad[1], dilation[1])
    for i, j in np.ndindex(*kernel):
        rows, from_rows = overlap(height, oh, i * dilation[0] - pad[0], stride[0])
        columns, from_columns = overlap(width, ow, j * dilation[1] - pad[1], stride[1])
        yield (..., i, j, rows, columns), (..., from_rows, from_columns)


def im2col(
    x: ArrayLike, window: Pair, stride: Pair = 1, pad: Pair = 0, dilation: Pair = 1
) -> Array:
    """Copy each window of the images x (N, C, H, W) into a column: (N, C KH KW, OH OW).

    window, stride, pad and dilation are whole numbers or (rows, columns). Padding is zeros.
    Raises ValueError for a window that does not fit.
    """
    x = image_batch("x", x)
    kh, kw = kernel = pair("window", window, 1)
    options = window_options(stride, pad, dilation)
    n, c, height, width = x.shape
    sides = zip((height, width), kernel, *options, strict=True)
    oh, ow = (output_size(*side) for side in sides)
    columns = np.zeros((n, c, kh, kw, oh, ow), dtype=x.dtype)
    for there, here in _places(height, width, kernel, *options):
        columns[there] = x[here]
    return columns.reshape(n, c * kh * kw, oh * ow)


def col2im(
    columns: ArrayLike,
    shape: tuple[int, int, int, int],
    window: Pair,
    stride: Pair = 1,
    pad: Pair = 0,
    dilation: Pair = 1,
) -> Array:
    """Add each column (N, C KH KW, OH OW) to the pixels it was copied from: images of this shape.

    It is the transpose of `im2col`, and so its gradient: a pixel seen by several windows gets the
    sum of what they send. Raises ValueError for columns that do not belong to such images.
    """
    kernel = pair("window", window, 1)
    options = window_options(stride, pad, dilation)
    n, c, height, width = shape
    sides = zip((height, width), kernel, *options, strict=True)
    oh, ow = (output_size(*side) for side in sides)
    columns = image_batch("columns", columns, "(N, K, P)")
    expected = (n, c * kernel[0] * kernel[1], oh * ow)
    if columns.shape != expected:
        raise ValueError(
            f"columns: expected shape {expected} for images {tuple(shape)}; "
            f"received {columns.shape}; try the window, stride and pad given to im2col"
        )
    apart = columns.reshape(n, c, *kernel, oh, ow)
    images = np.zeros(shape, dtype=columns.dtype)
    for there, here in _places(height, width, kernel, *options):
        images[here] += apart[there]
    return images
