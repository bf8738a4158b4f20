"""Pooling: the largest number or the mean of every window of every channel.

Both are taken along one side at a time: over the rows of each window first, over the columns of
what comes out of that second. A window of K x K costs 2 K steps an output in place of K * K.
Each step works on all windows at once: the first numbers of all windows, the second, and so on.
"""

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides.conv.arguments import Pair, image_batch, pool_options, upstream
from strides.conv.arithmetic import output_size
from strides.conv.blocks import blocks

Array = NDArray[Any]
Result = tuple[Array, Callable[[ArrayLike], Array]]


def max_pool2d(x: ArrayLike, window: Pair, stride: Pair | None = None, pad: Pair = 0) -> Result:
    """Keep the largest number of every window; its gradient goes back to where that number was.

    x (N, C, H, W); out (N, C, OH, OW), OH = (H + 2 pad - window) / stride + 1, rounded down.
    window, stride (the window, unless given) and pad are whole numbers or (rows, columns); padding
    never wins. Of equal numbers the leftmost counts, and of those the uppermost. backward(dout)
    returns dx. NaN passes on to every window that sees it.
    Raises ValueError for a window larger than the padded image and for pad over half a window.
    """
    x = image_batch("x", x)
    slide = _Slide(x.shape, window, stride, pad)
    planes, out = x.reshape(slide.planes), np.empty(slide.pooled, x.dtype)
    for block in slide.blocks(x.itemsize):
        tall = _largest(slide.down(slide.padded(planes[block], -np.inf)))
        _largest(slide.across(tall), out=out[block])

    def backward(dout: ArrayLike) -> Array:
        dout = upstream(dout, slide.out, x.dtype).reshape(slide.pooled)
        dx = np.empty(slide.planes, x.dtype)
        for block in slide.blocks(x.itemsize):
            padded = slide.padded(planes[block], -np.inf)
            rows = slide.down(padded)
            tall = _largest(rows)
            columns = slide.across(tall)
            dtall = np.zeros_like(tall)
            dpadded = dx[block] if slide.tiled else np.zeros_like(padded)
            shares = _shares(dout[block], _largest(columns), columns)
            slide.give(shares, slide.across(dtall))
            slide.give(_shares(dtall, tall, rows), slide.down(dpadded))
            if not slide.tiled:
                dx[block] = slide.cropped(dpadded)
        return dx.reshape(x.shape)

    return out.reshape(slide.out), backward


def avg_pool2d(x: ArrayLike, window: Pair, stride: Pair | None = None, pad: Pair = 0) -> Result:
    """Take the mean of every window; backward spreads a gradient evenly over the window.

    x (N, C, H, W); out (N, C, OH, OW). Padding counts as zeros, as it does in torch. Arguments and
    errors are those of `max_pool2d`. backward(dout) returns dx.
    """
    x = image_batch("x", x)
    slide = _Slide(x.shape, window, stride, pad)
    planes, out = x.reshape(slide.planes), np.empty(slide.pooled, x.dtype)
    for block in slide.blocks(x.itemsize):
        tall = _sum(slide.down(slide.padded(planes[block], 0)))
        out[block] = _sum(slide.across(tall))
    out /= prod(slide.window)
    shape, dtype = x.shape, x.dtype

    def backward(dout: ArrayLike) -> Array:
        dout = upstream(dout, slide.out, dtype).reshape(slide.pooled)
        dx = np.empty(slide.planes, dtype)
        for block in slide.blocks(dtype.itemsize):
            share = dout[block] / prod(slide.window)
            dtall = np.zeros((*share.shape[:2], slide.room[1]), dtype)
            dpadded = np.zeros((len(share), *slide.room), dtype)
            for dcolumn in slide.across(dtall):
                dcolumn += share
            for drow in slide.down(dpadded):
                drow += dtall
            dx[block] = slide.cropped(dpadded)
        return dx.reshape(shape)

    return out.reshape(slide.out), backward


def global_avg_pool2d(x: ArrayLike) -> Result:
    """Mean of every channel over all its pixels: x (N, C, H, W), out (N, C).

    backward(dout) returns dx. Raises ValueError for images without pixels.
    Source: Lin, Chen and Yan, 2014.
    """
    x = image_batch("x", x)
    shape, dtype, pixels = x.shape, x.dtype, prod(x.shape[2:])
    if pixels == 0:
        raise ValueError(f"x: expected images of one pixel or more; received {shape}; try a larger")
    out = x.mean(axis=(2, 3))

    def backward(dout: ArrayLike) -> Array:
        dout = upstream(dout, shape[:2], dtype)
        return np.broadcast_to((dout / pixels)[:, :, None, None], shape).copy()

    return out, backward


class _Slide:
    """Where the windows lie on the channels of all images, (N C, H, W), one plane for each.

    Sizes: of the output (out, and pooled for its planes), of a padded plane (room).
    """

    def __init__(self, shape: Any, window: Pair, stride: Pair | None, pad: Pair) -> None:
        n, c, height, width = shape
        self.window, self.stride, self.pad = pool_options(window, stride, pad)
        (kh, kw), (sh, sw), (ph, pw) = self.window, self.stride, self.pad
        oh, ow = output_size(height, kh, sh, ph), output_size(width, kw, sw, pw)
        self.out, self.pooled = (n, c, oh, ow), (n * c, oh, ow)
        self.planes, self.room = (n * c, height, width), (height + 2 * ph, width + 2 * pw)
        # whether every pixel is in one window and no more
        covered = (oh * kh, ow * kw)
        self.tiled = self.window == self.stride and covered == self.room == (height, width)

    def blocks(self, itemsize: int) -> Iterator[slice]:
        """Blocks of planes that fill a quarter of the cache, to leave room for what is made."""
        return blocks(self.planes[0], 4 * prod(self.room) * itemsize)

    def padded(self, planes: Array, fill: float) -> Array:
        """The planes, with a border of this number where there is padding."""
        (ph, pw) = self.pad
        if ph == pw == 0:
            return planes
        return np.pad(planes, ((0, 0), (ph, ph), (pw, pw)), constant_values=fill)

    def cropped(self, padded: Array) -> Array:
        """The planes without their border."""
        (ph, pw), (height, width) = self.pad, self.room
        return padded[:, ph : height - ph, pw : width - pw]

    def down(self, planes: Array) -> list[Array]:
        """Views of the planes: first row of every window, second row, ... (B, OH, W) each."""
        step, last = self.stride[0], self.stride[0] * (self.pooled[1] - 1) + 1
        return [planes[:, i : i + last : step] for i in range(self.window[0])]

    def across(self, planes: Array) -> list[Array]:
        """Views of the planes: first column of every window, second, ... (B, ..., OW) each."""
        step, last = self.stride[1], self.stride[1] * (self.pooled[2] - 1) + 1
        return [planes[:, :, j : j + last : step] for j in range(self.window[1])]

    def give(self, shares: Iterator[Array], dnumbers: list[Array]) -> None:
        """Hand each number its share of a gradient, beside what it has from other windows."""
        for share, dnumber in zip(shares, dnumbers, strict=True):
            if self.tiled:
                dnumber[...] = share
            else:
                dnumber += share


def _largest(numbers: list[Array], out: Array | None = None) -> Array:
    """Entry by entry the largest of these arrays, as a running maximum."""
    largest = np.maximum(numbers[0], numbers[-1], out=out)
    for candidate in numbers[1:-1]:
        np.maximum(largest, candidate, out=largest)
    return largest


def _sum(numbers: list[Array]) -> Array:
    """Entry by entry the sum of these arrays."""
    total = numbers[0].copy()
    for term in numbers[1:]:
        total += term
    return total


def _shares(dlargest: Array, largest: Array, numbers: list[Array]) -> Iterator[Array]:
    """The gradient of each number, of which these are the largest: the first one gets it all."""
    left = dlargest  # the gradient that has not found its number yet
    for number in numbers[:-1]:
        share = left * (number == largest)
        yield share
        left = left - share
    yield left
