"""Answers that hand the work of an exercise of a5 to the library."""

from __future__ import annotations

from typing import Any

from examiner.bank import Bank
from strides import conv

from .parts import Array


def output_size(n: int, window: int, stride: int, pad: int) -> Any:
    return conv.output_size(n, window, stride, pad)


def conv1d(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    return conv.conv1d(x, w, b, stride, pad)


def conv2d(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    return conv.conv2d(x, w, b, stride, pad)


def max_pool2d(x: Array, window: int, stride: int) -> Any:
    return conv.max_pool2d(x, window, stride)


def avg_pool2d(x: Array, window: int, stride: int) -> Any:
    return conv.avg_pool2d(x, window, stride)


def im2col(x: Array, kh: int, kw: int, stride: int = 1, pad: int = 0) -> Any:
    return conv.im2col(x, (kh, kw), stride, pad)


def col2im(
    columns: Array,
    shape: tuple[int, int, int, int],
    kh: int,
    kw: int,
    stride: int = 1,
    pad: int = 0,
) -> Any:
    return conv.col2im(columns, shape, (kh, kw), stride, pad)


LOOPS = "Write it with NumPy: begin with a loop over the places of the window."
ANSWERS = {
    "a5.output_size": (
        output_size,
        "Write the formula of the text yourself: it is one line, and a ValueError.",
    ),
    "a5.conv1d": (conv1d, LOOPS),
    "a5.conv2d": (conv2d, LOOPS),
    "a5.mended_conv2d": (
        conv2d,
        "Copy the colleague's function, and mend the one line that is wrong.",
    ),
    "a5.max_pool2d": (max_pool2d, LOOPS),
    "a5.avg_pool2d": (avg_pool2d, LOOPS),
    "a5.im2col": (im2col, LOOPS),
    "a5.col2im": (col2im, LOOPS),
}


def add_to(banks: dict[str, Bank]) -> None:
    """Add each of them, under the name "library", to the bank of its exercise."""
    for exercise, (answer, says) in ANSWERS.items():
        banks[exercise].add_mistake("library", says, answer)
