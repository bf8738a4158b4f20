"""Mistakes and odd but right answers for a5.col2im(columns, shape, kh, kw, stride, pad)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

from .im2col import sides_of

Array = np.ndarray
Shape = tuple[int, int, int, int]
BANK = Bank("a5.col2im")


def apart(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Array:
    """The columns as (N, C, KH, KW, OH, OW)."""
    return columns.reshape(*shape[:2], kh, kw, *sides_of(shape, kh, kw, stride, pad))


def summed(
    seen: Array, shape: Shape, stride: int, pad: int, assign: bool = False, room: int = 0
) -> Array:
    """The padded images; `room` leaves more space at the end."""
    n, c, height, width = shape
    kh, kw, oh, ow = seen.shape[2:]
    images = np.zeros((n, c, height + 2 * pad + room, width + 2 * pad + room))
    for i, j in np.ndindex(oh, ow):
        where = np.s_[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        images[where] = seen[..., i, j] if assign else images[where] + seen[..., i, j]
    return images


def crop(images: Array, shape: Shape, pad: int) -> Array:
    return images[:, :, pad : pad + shape[2], pad : pad + shape[3]]


def right(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Array:
    seen = apart(columns, shape, kh, kw, stride, pad)
    return crop(summed(seen, shape, stride, pad), shape, pad)


def after(change: Callable[..., Array]) -> Callable[..., Any]:
    """An answer whose padded images are right, and then cut by change(images, shape, pad)."""

    def answer(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
        seen = apart(columns, shape, kh, kw, stride, pad)
        return change(summed(seen, shape, stride, pad), shape, pad)

    return answer


def before(change: Callable[[Array], Array]) -> Callable[..., Any]:
    """An answer whose windows are changed, and then added up rightly."""

    def answer(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
        seen = change(apart(columns, shape, kh, kw, stride, pad))
        return crop(summed(seen, shape, stride, pad), shape, pad)

    return answer


def read_as(*axes: int) -> Callable[..., Any]:
    """Columns whose numbers are taken for those of axes in another order."""

    def answer(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
        sizes = (*shape[:2], kh, kw, *sides_of(shape, kh, kw, stride, pad))
        seen = columns.reshape([sizes[axis] for axis in axes]).transpose(np.argsort(axes))
        return crop(summed(seen, shape, stride, pad), shape, pad)

    return answer


def assigned(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    seen = apart(columns, shape, kh, kw, stride, pad)
    return crop(summed(seen, shape, stride, pad, assign=True), shape, pad)


def averaged(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    seen = apart(columns, shape, kh, kw, stride, pad)
    times = np.maximum(summed(np.ones_like(seen), shape, stride, pad), 1)
    return crop(summed(seen, shape, stride, pad) / times, shape, pad)


def by_weights(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    """`=` in a loop over the entries of the window."""
    seen = apart(columns, shape, kh, kw, stride, pad)
    images = summed(0 * seen, shape, stride, pad)
    oh, ow = seen.shape[4:]
    for r, s in np.ndindex(kh, kw):
        images[:, :, r : r + stride * oh : stride, s : s + stride * ow : stride] = seen[:, :, r, s]
    return crop(images, shape, pad)


def side_by_side(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    seen = apart(columns, shape, kh, kw, stride, pad)
    images = np.zeros((*shape[:2], 99, 99))
    for i, j in np.ndindex(*seen.shape[4:]):
        images[:, :, i * kh : i * kh + kh, j * kw : j * kw + kw] += seen[..., i, j]
    return crop(images, shape, pad)


for _name, _says, _answer in (
    ("assigned", "Windows overlap: add to the pixels with +=, do not assign.", assigned),
    (
        "assigned_by_entry",
        "In a loop over the window's entries one pixel comes up several times: add with +=.",
        by_weights,
    ),
    (
        "averaged",
        "Pixels of several windows are averaged: add up what each window sends.",
        averaged,
    ),
    (
        "padding_kept",
        "The padding is still there: return images of `shape`.",
        after(lambda images, shape, pad: images),
    ),
    (
        "cut_by_minus_pad",
        "[pad:-pad] is empty for pad = 0: cut with [pad : pad + H].",
        after(lambda images, shape, pad: images[:, :, pad:-pad, pad:-pad]),
    ),
    (
        "cut_from_start",
        "The images are cut from the beginning: they begin at pad.",
        after(lambda images, shape, pad: images[:, :, : shape[2], : shape[3]]),
    ),
    (
        "cut_from_end",
        "The images are the end of the padded ones: they end pad before that.",
        after(lambda images, shape, pad: images[:, :, -shape[2] :, -shape[3] :]),
    ),
    (
        "stride_ignored",
        "The stride is ignored: window i belongs at i * stride.",
        lambda columns, shape, kh, kw, stride, pad: crop(
            summed(apart(columns, shape, kh, kw, stride, pad), shape, 1, pad), shape, pad
        ),
    ),
    (
        "pad_dropped",
        "The windows are put in as if there were no padding: they begin `pad` before the image.",
        lambda columns, shape, kh, kw, stride, pad: crop(
            summed(apart(columns, shape, kh, kw, stride, pad), shape, stride, pad), shape, 0
        )[:, :, : shape[2] - pad, : shape[3] - pad],
    ),
    (
        "windows_flipped",
        "The windows are turned round.",
        before(lambda seen: seen[:, :, ::-1, ::-1]),
    ),
    ("channels_reversed", "The channels are in reverse order.", before(lambda seen: seen[:, ::-1])),
    (
        "last_window_missing",
        "The last window is left out: there are OH * OW of them.",
        before(lambda seen: _without_last(seen)),
    ),
    (
        "channels_last",
        "The columns are read with the channels last: they come first.",
        read_as(0, 2, 3, 1, 4, 5),
    ),
    (
        "window_by_columns",
        "The windows are read column by column: they stand row by row.",
        read_as(0, 1, 3, 2, 4, 5),
    ),
    (
        "places_by_columns",
        "The places are read down the image first: they go row by row.",
        read_as(0, 1, 2, 3, 5, 4),
    ),
    (
        "places_first",
        "The columns are read as rows, one window after the other: a window stands "
        "down a column, columns[n, :, place].",
        read_as(0, 4, 5, 1, 2, 3),
    ),
    (
        "first_sample_for_all",
        "All samples give the same: index with n.",
        before(lambda seen: np.repeat(seen[:1], len(seen), axis=0)),
    ),
    (
        "last_sample_only",
        "Only the last sample is there: is the array made anew in the loop?",
        before(lambda seen: seen * (np.arange(len(seen)) == len(seen) - 1).reshape(-1, *[1] * 5)),
    ),
    (
        "first_channel_only",
        "Only the first channel is filled: a window has all C of them.",
        before(lambda seen: seen * (np.arange(seen.shape[1]) == 0).reshape(-1, *[1] * 4)),
    ),
    (
        "samples_summed",
        "Every sample holds the sum over the samples: keep the index n.",
        before(lambda seen: np.repeat(seen.sum(axis=0, keepdims=True), len(seen), axis=0)),
    ),
    (
        "whole_numbers",
        "The fractions are cut off: allocate the images as float.",
        lambda *args: right(*args).astype(int),
    ),
    ("zeros", "The images are all 0: nothing is added to them.", lambda *args: 0 * right(*args)),
    ("moves_by_window", "The windows are put side by side: they are `stride` apart.", side_by_side),
    (
        "image_transposed",
        "The rows and columns of the images are exchanged.",
        lambda *args: right(*args).transpose(0, 1, 3, 2),
    ),
):
    BANK.add_mistake(_name, _says, _answer)


def _without_last(seen: Array) -> Array:
    seen = seen.copy()
    seen[..., -1, -1] = 0
    return seen


@BANK.mistake("The columns are changed by the call: work on a new array.")
def columns_changed(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    images = right(columns, shape, kh, kw, stride, pad)
    columns[...] = 0
    return images


@BANK.odd_but_right
def loops(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    oh, ow = sides_of(shape, kh, kw, stride, pad)
    images = np.zeros(shape)
    for n, c, r, s, i, j in np.ndindex(*shape[:2], kh, kw, oh, ow):
        row, column = i * stride + r - pad, j * stride + s - pad
        if 0 <= row < shape[2] and 0 <= column < shape[3]:
            images[n, c, row, column] += columns[n, (c * kh + r) * kw + s, i * ow + j]
    return images


@BANK.odd_but_right
def add_at(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    channel, r, s = (part.reshape(-1, 1) for part in np.indices((shape[1], kh, kw)))
    oh, ow = sides_of(shape, kh, kw, stride, pad)
    i, j = (part.reshape(1, -1) for part in np.indices((oh, ow)))
    images = np.zeros((*shape[:2], shape[2] + 2 * pad, shape[3] + 2 * pad))
    where: Any = (slice(None), channel, r + stride * i, s + stride * j)
    np.add.at(images, where, columns)
    return images if pad == 0 else images[:, :, pad:-pad, pad:-pad]


@BANK.odd_but_right
def by_the_transpose(columns: Array, shape: Shape, kh: int, kw: int, stride: int, pad: int) -> Any:
    """The matrix of im2col for one channel, transposed."""
    n, c, height, width = shape
    numbers = np.pad(np.arange(1, height * width + 1).reshape(height, width), pad)
    oh, ow = sides_of(shape, kh, kw, stride, pad)
    places = np.array(
        [
            numbers[i * stride : i * stride + kh, j * stride : j * stride + kw].ravel()
            for i, j in np.ndindex(oh, ow)
        ]
    )
    matrix = (places.T[..., None] == np.arange(1, height * width + 1)).astype(float)
    split = columns.reshape(n, c, kh * kw, oh * ow)
    return np.einsum("nckp,kpx->ncx", split, matrix).reshape(shape)
