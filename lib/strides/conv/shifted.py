"""Images copied once for each column of a kernel, so that one kernel row is one matrix product.

Take a 3x3 filter at stride 1. Its left, middle and right column meet the image shifted by 0, 1 and
2 pixels. With those three shifted copies at hand, stacked as 3 C rows of numbers, everything the
top row of the filter meets is a slice of them: the image rows 0 to OH-1, end to end in memory.
The middle row of the filter meets the slice that starts one image row later, and so on:

    out = sum over kernel rows i of  w[:, :, i] @ shifted[:, rows i to i + OH - 1]

Each term is a plain matrix product, (F, 3 C) @ (3 C, OH OW). `im2col` copies every image KH * KW
times to make one product of it; here KW copies do, and they are still in the cache when used.

Four more things are taken care of. A stride of S rows splits the copies into S phases: image
rows 0, S, 2S..., then 1, S + 1..., so that a slice is again end to end. A last row of ones carries
the bias into the product. Where there are fewer channels than filters, stacking what the kernel
rows meet is cheaper than adding up their products: one product of all the rows does, as with
`im2col`. Where the output is small, a matrix for each image would be too: the images of a block
then lie side by side, (F, 3 C) @ (3 C, OH B OW), in the order row, image, column.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strides.conv.arithmetic import output_size
from strides.conv.blocks import blocks
from strides.conv.columns import overlap

Array = NDArray[Any]

SMALL_OUTPUT = 49  # pixels: 7x7; products with so few columns are slow


@dataclass(frozen=True)
class Window:
    """How filters meet images: each of the first four is (rows, columns)."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    pad: tuple[int, int]
    dilation: tuple[int, int]
    groups: int = 1

    def output(self, height: int, width: int) -> tuple[int, int]:
        """Rows and columns of the output. Raises ValueError for a filter that does not fit."""
        sides = zip((height, width), self.kernel, self.stride, self.pad, self.dilation, strict=True)
        oh, ow = (output_size(*side) for side in sides)
        return oh, ow

    def products(self, channels: int, filters: int) -> int:
        """How many matrix products make up the output: one for each kernel row, or one for all.

        One needs a copy of what each row meets, channels * KW numbers a pixel, in one stack; of
        several the results are added up, filters numbers a pixel. The smaller is the quicker.
        """
        return 1 if channels * self.kernel[1] < filters else self.kernel[0]


def small(out: tuple[int, ...]) -> bool:
    """Whether the images of a block are to lie side by side, for an output (F, OH, OW)."""
    return out[1] * out[2] <= SMALL_OUTPUT


class Shifted:
    """Room for the shifted copies of a block of images, to be filled again and again.

    images is their shape (B, C, H, W), out is (F, OH, OW). In the matrices below,
    B images lie one after another (outer = B, inner = 1) or side by side (outer = 1, inner = B).
    """

    def __init__(
        self, window: Window, images: tuple[int, ...], out: tuple[int, ...], dtype: Any
    ) -> None:
        count, channels, _, _ = images
        self.window, (filters, self.oh, self.ow) = window, out
        self.outer, self.inner = (1, count) if small(out) else (count, 1)
        (kh, kw), groups = window.kernel, window.groups
        last = window.dilation[0] * (kh - 1)  # from the first kernel row to the last
        self.phases = min(window.stride[0], last + 1)
        self.rows = self.oh + last // window.stride[0]
        entries = channels // groups * kw
        shape = (self.outer, groups, self.phases, entries + 1, self.rows * self.inner * self.ow)
        self.matrix = np.zeros(shape, dtype)
        self.matrix[:, :, :, -1] = 1
        apart = self.matrix[:, :, :, :-1].reshape(
            (self.outer, groups, self.phases, kw, entries // kw, self.rows, self.inner, self.ow)
        )
        # the same memory, by image, group, channel, phase, kernel column, row and column
        self.copies = apart.transpose(0, 6, 1, 4, 2, 3, 5, 7).reshape(
            (count, groups, entries // kw, self.phases, kw, self.rows, self.ow)
        )
        self.stack: Array | None = None
        if window.products(channels, filters) < kh:
            pixels = self.oh * self.inner * self.ow
            self.stack = np.ones((self.outer, groups, kh * entries + 1, pixels), dtype)

    def gather(self, images: Array) -> list[Array]:
        """Copy the images in, once for each phase and kernel column; the padding stays 0.

        Returns what each of the products meets: (outer, groups, entries, pixels).
        """
        (sh, sw), (ph, pw), groups = self.window.stride, self.window.pad, self.window.groups
        count, channels, height, width = images.shape
        images = images.reshape((count, groups, channels // groups, height, width))
        for phase in range(self.phases):
            rows, from_rows = overlap(height, self.rows, phase - ph, sh)
            for column in range(self.window.kernel[1]):
                first = column * self.window.dilation[1] - pw
                columns, from_columns = overlap(width, self.ow, first, sw)
                there = images[..., from_rows, from_columns]
                self.copies[:, :, :, phase, column, rows, columns] = there
        met = [self._row(i) for i in range(self.window.kernel[0])]
        if self.stack is None:
            return met
        np.concatenate([row[:, :, :-1] for row in met], axis=2, out=self.stack[:, :, :-1])
        return [self.stack]

    def _row(self, i: int) -> Array:
        """What kernel row i meets: (outer, groups, entries + 1, pixels), without a copy."""
        late, phase = divmod(i * self.window.dilation[0], self.window.stride[0])
        line = self.inner * self.ow
        return self.matrix[:, :, phase, :, late * line : (late + self.oh) * line]

    def as_matrix(self, images: Array) -> Array:
        """Outputs (B, F, OH, OW) as (outer, groups, F / groups, pixels); a view if inner is 1."""
        filters = images.shape[1] // self.window.groups
        split = (self.outer, self.inner, self.window.groups, filters, self.oh, self.ow)
        joined = (self.outer, self.window.groups, filters, self.oh * self.inner * self.ow)
        return images.reshape(split).transpose(0, 2, 3, 4, 1, 5).reshape(joined)

    def as_images(self, matrix: Array) -> Array:
        """The reverse of as_matrix; never a copy."""
        groups, filters = matrix.shape[1:3]
        split = (self.outer, groups, filters, self.oh, self.inner, self.ow)
        joined = (self.outer * self.inner, groups, filters, self.oh, self.ow)
        apart = matrix.reshape(split).transpose(0, 4, 1, 2, 3, 5).reshape(joined)
        return apart.reshape((len(apart), groups * filters, self.oh, self.ow))


def shifted_blocks(
    window: Window, images: tuple[int, ...], out: tuple[int, ...], dtype: Any
) -> Iterator[tuple[slice, Shifted]]:
    """Blocks of a batch (N, C, H, W), each with room for its shifted copies.

    out is (N, F, OH, OW). The room is used again for the next block of as many images.
    """
    room = Shifted(window, (1, *images[1:]), out[1:], dtype)
    each = room.matrix.nbytes + (0 if room.stack is None else room.stack.nbytes)
    filters = out[1] * prod(window.kernel) * images[1] // window.groups * room.matrix.itemsize
    for block in blocks(images[0], each, filters if small(out[1:]) else 0):
        count = block.stop - block.start
        if count != room.inner * room.outer:
            room = Shifted(window, (count, *images[1:]), out[1:], dtype)
        yield block, room
