"""Mistakes and odd but right answers for a5.im2col(x, kh, kw, stride, pad)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a5.im2col")


def sides_of(shape: tuple[int, ...], kh: int, kw: int, stride: int, pad: int) -> tuple[int, int]:
    return (shape[2] + 2 * pad - kh) // stride + 1, (shape[3] + 2 * pad - kw) // stride + 1


def windows(
    x: Array, kh: int, kw: int, stride: int, pad: int, step: int | None = None, **how: Any
) -> Array:
    """Every window, (N, C, KH, KW, OH, OW); `step` is how far they are apart, stride where None."""
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), **how)
    return cut(padded, kh, kw, step or stride, sides_of(x.shape, kh, kw, stride, pad))


def cut(padded: Array, kh: int, kw: int, step: int, sides: tuple[int, int]) -> Array:
    found = np.zeros((*padded.shape[:2], kh, kw, *sides))
    for i, j in np.ndindex(*sides):
        found[..., i, j] = padded[:, :, i * step : i * step + kh, j * step : j * step + kw]
    return found


def in_columns(seen: Array) -> Array:
    n, c, kh, kw, oh, ow = seen.shape
    return seen.reshape(n, c * kh * kw, oh * ow)


def right(x: Array, kh: int, kw: int, stride: int, pad: int) -> Array:
    return in_columns(windows(x, kh, kw, stride, pad))


def shifted(before: int, after: int) -> Callable[..., Any]:
    """All of the padding at the beginning, or at the end."""

    def answer(x: Array, kh: int, kw: int, stride: int, pad: int) -> Any:
        ends = (before * pad, after * pad)
        padded = np.pad(x, ((0, 0), (0, 0), ends, ends))
        return in_columns(cut(padded, kh, kw, stride, sides_of(x.shape, kh, kw, stride, pad)))

    return answer


def ordered(*axes: int) -> Callable[..., Any]:
    """The axes (N, C, KH, KW, OH, OW) in another order; the shape stays that of the columns."""

    def answer(x: Array, kh: int, kw: int, stride: int, pad: int) -> Any:
        seen = windows(x, kh, kw, stride, pad)
        n, c, _, _, oh, ow = seen.shape
        return seen.transpose(axes).reshape(n, c * kh * kw, oh * ow)

    return answer


for _name, _says, _answer in (
    (
        "channels_last",
        "The channels come last down a column: channel by channel, then its rows and columns.",
        ordered(0, 2, 3, 1, 4, 5),
    ),
    (
        "window_by_columns",
        "A window is read column by column: read it row by row.",
        ordered(0, 1, 3, 2, 4, 5),
    ),
    (
        "places_by_columns",
        "The places go down the image first: go row by row.",
        ordered(0, 1, 2, 3, 5, 4),
    ),
    (
        "rows_for_columns",
        "Each window is a row before the reshape, so that numbers of several "
        "windows stand in one column: transpose, do not reshape.",
        ordered(0, 4, 5, 1, 2, 3),
    ),
    (
        "kernel_before_channel",
        "Columns of the window, then rows, then channels: it is the other way round.",
        ordered(0, 3, 2, 1, 4, 5),
    ),
    (
        "padded_after_only",
        "All the padding stands at the end: `pad` zeros at each end.",
        shifted(0, 2),
    ),
    (
        "padded_before_only",
        "All the padding stands at the beginning: `pad` zeros at each end.",
        shifted(2, 0),
    ),
    (
        "not_padded",
        "x is not padded: add `pad` zeros on each side first.",
        lambda x, kh, kw, stride, pad: right(x, kh, kw, stride, 0),
    ),
    (
        "padded_with_edge",
        "The padding repeats the border: pad with zeros.",
        lambda x, kh, kw, stride, pad: in_columns(windows(x, kh, kw, stride, pad, mode="edge")),
    ),
    (
        "padded_with_ones",
        "The padding is not 0.",
        lambda x, kh, kw, stride, pad: in_columns(
            windows(x, kh, kw, stride, pad, constant_values=1)
        ),
    ),
    (
        "pad_written_in",
        "The padding is written into your code as 1: use the argument.",
        lambda x, kh, kw, stride, pad: right(x, kh, kw, stride, 1),
    ),
    (
        "stride_ignored",
        "The stride is ignored: the windows are `stride` apart.",
        lambda x, kh, kw, stride, pad: right(x, kh, kw, 1, pad),
    ),
    (
        "stride_not_in_index",
        "The number of windows is right, but they begin at i and j: i * stride.",
        lambda x, kh, kw, stride, pad: in_columns(windows(x, kh, kw, stride, pad, step=1)),
    ),
    (
        "kernel_sides_swapped",
        "kh and kw are exchanged: rows come first.",
        lambda x, kh, kw, stride, pad: right(x, kw, kh, stride, pad),
    ),
    (
        "windows_as_rows",
        "The windows are rows: each is a column, so transpose.",
        lambda x, kh, kw, stride, pad: right(x, kh, kw, stride, pad).transpose(0, 2, 1),
    ),
    (
        "samples_merged",
        "The samples stand side by side in one matrix: keep N as the first axis.",
        lambda x, kh, kw, stride, pad: np.concatenate(list(right(x, kh, kw, stride, pad)), axis=1),
    ),
    (
        "six_axes",
        "The axes are still apart: reshape to (N, C * KH * KW, OH * OW).",
        lambda x, kh, kw, stride, pad: windows(x, kh, kw, stride, pad),
    ),
    (
        "windows_flipped",
        "The windows are turned round: im2col copies them as they are.",
        lambda x, kh, kw, stride, pad: in_columns(
            windows(x, kh, kw, stride, pad)[:, :, ::-1, ::-1]
        ),
    ),
    (
        "first_sample_for_all",
        "All samples give the same: index with n.",
        lambda x, kh, kw, stride, pad: np.repeat(right(x, kh, kw, stride, pad)[:1], len(x), axis=0),
    ),
    (
        "first_channel_only",
        "Only the first channel is there: a window has all C of them.",
        lambda x, kh, kw, stride, pad: right(x[:, :1], kh, kw, stride, pad),
    ),
    (
        "channels_summed",
        "The channels are added up: they stand one below the other.",
        lambda x, kh, kw, stride, pad: right(x.sum(axis=1, keepdims=True), kh, kw, stride, pad),
    ),
    (
        "last_window_missing",
        "The last column is left at 0: number i * OW + j goes up to the last.",
        lambda x, kh, kw, stride, pad: _last_missing(right(x, kh, kw, stride, pad)),
    ),
    (
        "index_with_rows",
        "Place (i, j) is column i * OW + j, not i * OH + j.",
        lambda x, kh, kw, stride, pad: _wrong_numbers(x, kh, kw, stride, pad),
    ),
    (
        "size_without_one",
        "The sizes are one too small: (H + 2 * pad - kh) // stride + 1.",
        lambda x, kh, kw, stride, pad: in_columns(windows(x, kh, kw, stride, pad)[..., :-1, :-1]),
    ),
    (
        "whole_numbers",
        "The fractions are cut off: allocate the columns as float.",
        lambda x, kh, kw, stride, pad: right(x, kh, kw, stride, pad).astype(int),
    ),
    (
        "moves_by_window",
        "The windows stand side by side: they are `stride` apart.",
        lambda x, kh, kw, stride, pad: _side_by_side(x, kh, kw, stride, pad),
    ),
):
    BANK.add_mistake(_name, _says, _answer)


def _last_missing(columns: Array) -> Array:
    columns[..., -1] = 0
    return columns


def _wrong_numbers(x: Array, kh: int, kw: int, stride: int, pad: int) -> Array:
    seen = windows(x, kh, kw, stride, pad)
    n, c, _, _, oh, ow = seen.shape
    columns = np.zeros((n, c * kh * kw, max(oh * ow, oh * oh + ow)))
    for i, j in np.ndindex(oh, ow):
        columns[:, :, i * oh + j] = seen[..., i, j].reshape(n, -1)
    return columns[..., : oh * ow]


def _side_by_side(x: Array, kh: int, kw: int, stride: int, pad: int) -> Array:
    padded = np.pad(x, ((0, 0), (0, 0), (pad, 99), (pad, 99)))
    oh, ow = sides_of(x.shape, kh, kw, stride, pad)
    columns = [
        padded[:, :, i * kh : i * kh + kh, j * kw : j * kw + kw].reshape(len(x), -1)
        for i, j in np.ndindex(oh, ow)
    ]
    return np.stack(columns, axis=2)


@BANK.mistake("x is changed by the call: pad into a new array.")
def x_changed(x: Array, kh: int, kw: int, stride: int, pad: int) -> Any:
    columns = right(x, kh, kw, stride, pad)
    x[...] = 0
    return columns


@BANK.odd_but_right
def six_loops(x: Array, kh: int, kw: int, stride: int, pad: int) -> Any:
    (n, c, height, width), (oh, ow) = x.shape, sides_of(x.shape, kh, kw, stride, pad)
    columns = np.zeros((n, c * kh * kw, oh * ow))
    for a, k, r, s, i, j in np.ndindex(n, c, kh, kw, oh, ow):
        row, column = i * stride + r - pad, j * stride + s - pad
        if 0 <= row < height and 0 <= column < width:
            columns[a, (k * kh + r) * kw + s, i * ow + j] = x[a, k, row, column]
    return columns


@BANK.odd_but_right
def sliding_windows(x: Array, kh: int, kw: int, stride: int, pad: int) -> Any:
    padded = np.pad(x, ((0, 0), (0, 0), (pad,) * 2, (pad,) * 2))
    view = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))
    view = view[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
    return view.reshape(len(x), x.shape[1] * kh * kw, -1)


@BANK.odd_but_right
def index_arrays(x: Array, kh: int, kw: int, stride: int, pad: int) -> Any:
    (oh, ow), c = sides_of(x.shape, kh, kw, stride, pad), x.shape[1]
    channel, r, s = (part.reshape(-1, 1) for part in np.indices((c, kh, kw)))
    i, j = (part.reshape(1, -1) for part in np.indices((oh, ow)))
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return padded[:, channel, r + stride * i, s + stride * j].tolist()
