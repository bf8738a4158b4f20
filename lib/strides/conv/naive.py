"""Convolution and max pooling as loops that read like their definitions.

They are slow, and they are what the fast forms of this package are held against.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.conv.arguments import Pair, bank, image_batch, pool_options, window_options
from strides.conv.arithmetic import output_size

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], Any]]


def conv2d_naive(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike,
    stride: Pair = 1,
    pad: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Result:
    """Slide every filter over every image: one dot product for each place where it fits.

    x (N, C, H, W), w (F, C / groups, KH, KW), b (F,); out (N, F, OH, OW). backward returns
    dx, dw, db. Arguments and errors are those of `conv2d`.
    """
    x, w, b = bank(x, w, b, groups)
    (sh, sw), (ph, pw), (dh, dw) = window_options(stride, pad, dilation)
    images, _, height, width = x.shape
    filters, depth, kh, kw = w.shape
    oh = output_size(height, kh, sh, ph, dh)
    ow = output_size(width, kw, sw, pw, dw)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))

    def window(image: int, f: int, row: int, column: int) -> tuple[Any, ...]:
        """Index of the numbers of the padded images that filter f sees at one place."""
        channel = f // (filters // groups) * depth  # the first one of the filter's group
        top, left = row * sh, column * sw
        rows = slice(top, top + dh * (kh - 1) + 1, dh)
        columns = slice(left, left + dw * (kw - 1) + 1, dw)
        return image, slice(channel, channel + depth), rows, columns

    out = np.zeros((images, filters, oh, ow), dtype=x.dtype)
    for place in np.ndindex(out.shape):
        f = place[1]
        out[place] = np.sum(padded[window(*place)] * w[f]) + b[f]

    def backward(dout: ArrayLike) -> tuple[Array, Array, Array]:
        dout = np.asarray(dout)
        dpadded, dfilters, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
        for place in np.ndindex(out.shape):
            f = place[1]
            dpadded[window(*place)] += dout[place] * w[f]
            dfilters[f] += dout[place] * padded[window(*place)]
            db[f] += dout[place]
        return dpadded[:, :, ph : ph + height, pw : pw + width], dfilters, db

    return out, backward


def max_pool2d_naive(
    x: ArrayLike, window: Pair, stride: Pair | None = None, pad: Pair = 0
) -> Result:
    """Keep the largest number in every window; its gradient goes back to where that number was.

    x (N, C, H, W); out (N, C, OH, OW). backward returns dx. Arguments and errors are those of
    `max_pool2d`, ties too: the leftmost of equal numbers counts, and of those the uppermost.
    """
    x = image_batch("x", x)
    (kh, kw), (sh, sw), (ph, pw) = pool_options(window, stride, pad)
    n, c, height, width = x.shape
    oh, ow = output_size(height, kh, sh, ph), output_size(width, kw, sw, pw)
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=-np.inf)
    out = np.zeros((n, c, oh, ow), dtype=x.dtype)
    winners = np.zeros((n, c, oh, ow, 2), dtype=int)
    for place in np.ndindex(out.shape):
        image, channel, row, column = place
        top, left = row * sh, column * sw
        seen = padded[image, channel, top : top + kh, left : left + kw]
        out[place] = seen.max()
        right, down = divmod(int(seen.T.argmax()), kh)  # column by column
        winners[place] = top + down, left + right

    def backward(dout: ArrayLike) -> Array:
        dout = np.asarray(dout)
        dpadded = np.zeros_like(padded)
        for place in np.ndindex(out.shape):
            image, channel, _, _ = place
            row, column = winners[place]
            dpadded[image, channel, row, column] += dout[place]
        return dpadded[:, :, ph : ph + height, pw : pw + width]

    return out, backward
