"""What both pools get wrong, put into a bank."""

from __future__ import annotations

import numpy as np

from .pools import (
    Array,
    Back,
    Kind,
    Out,
    Pool,
    by_window,
    in_order,
    last_empty,
    other,
    other_image,
    reduced,
    reduced_at,
    sized_by_window,
    sized_up,
    spread,
    spread_inside,
)


def _merged(kind: Kind, pool: Pool) -> Array:
    """The windows of all channels together, (N, 1, OH, OW)."""
    rows = pool.x.transpose(0, 2, 1, 3)
    out = np.zeros((len(pool.x), 1, *pool.sides))
    for i, j in np.ndindex(*pool.sides):
        seen = pool.x[pool.at(i, j)].reshape(len(rows), 1, -1, pool.window[1])
        out[:, :, i, j] = kind.reduce(seen)
    return out


def _changes_dout(kind: Kind) -> Back:
    def back(pool: Pool, dout: Array) -> Array:
        dx = kind.back(pool, dout)
        dout *= 0.5
        return dx

    return back


def _changes_x(kind: Kind) -> Back:
    def back(pool: Pool, dout: Array) -> Array:
        dx = kind.back(pool, dout)
        pool.x[...] = dx
        return dx

    return back


def add_shared(kind: Kind) -> None:
    """Give a bank the mistakes of every pooling."""
    reduce, share, back = kind.reduce, kind.share, kind.back
    forward: list[tuple[str, str, Out]] = [
        (
            "size_from_window",
            "The size of out is H // window: it is (H - window) // stride + 1.",
            lambda p: sized_by_window(p, reduce),
        ),
        (
            "stride_ignored",
            "The window moves by its own size: it moves by `stride`.",
            lambda p: reduced(by_window(p), reduce),
        ),
        (
            "moves_by_one",
            "The window moves by 1: it moves by `stride`.",
            lambda p: reduced(other(p, stride=(1, 1)), reduce),
        ),
        (
            "stride_not_in_index",
            "The stride is in the size of out, but the windows begin at i and j: i * stride.",
            lambda p: reduced(other(p, stride=(1, 1)), reduce)[:, :, : p.sides[0], : p.sides[1]],
        ),
        (
            "window_and_stride_swapped",
            "window and stride are exchanged: the order is (x, window, stride).",
            lambda p: reduced(other(p, p.stride, p.window), reduce),
        ),
        (
            "window_is_stride",
            "The windows are as large as the stride: they have `window` rows and columns.",
            lambda p: reduced(other(p, window=p.stride), reduce)[:, :, : p.sides[0], : p.sides[1]],
        ),
        (
            "window_too_large",
            "The windows have one row and one column too many: the end of a slice is not in it.",
            lambda p: reduced_at(p, reduce, 1),
        ),
        (
            "window_too_small",
            "The windows have one row and one column too few: the end of a slice is not in it, "
            "so it is i * stride + window.",
            lambda p: reduced_at(p, reduce, -1),
        ),
        (
            "size_without_one",
            "The size of out is one too small: (H - window) // stride + 1.",
            lambda p: kind.out(p)[:, :, :-1, :-1],
        ),
        (
            "size_rounded_up",
            "Sizes are rounded up, with windows cut short at the end: round down.",
            lambda p: sized_up(p, reduce),
        ),
        (
            "last_place_missing",
            "The last row and column of out are left at 0: range(OH) already ends at OH - 1.",
            lambda p: last_empty(p, kind.out(p)),
        ),
        (
            "rows_and_columns_swapped",
            "The rows and columns of out are exchanged: out is (N, C, OH, OW).",
            lambda p: kind.out(p).transpose(0, 1, 3, 2),
        ),
        (
            "sides_swapped",
            "OH is computed from W and OW from H: the rows come first.",
            lambda p: in_order(kind.out(p), p.sides[::-1]),
        ),
        (
            "square_assumed",
            "OH is used for both sides: the columns have a size of their own.",
            lambda p: in_order(kind.out(p), (p.sides[0], p.sides[0])),
        ),
        (
            "rows_strided_only",
            "Columns move by 1: the stride holds for rows and columns.",
            lambda p: reduced(other(p, stride=(p.stride[0], 1)), reduce)[..., : p.sides[1]],
        ),
        (
            "channels_merged",
            "All channels give the same: pool each channel by itself.",
            lambda p: np.repeat(_merged(kind, p), p.x.shape[1], axis=1),
        ),
        (
            "channels_lost",
            "The channels are gone: pooling keeps C, out is (N, C, OH, OW).",
            lambda p: _merged(kind, p)[:, 0],
        ),
        (
            "first_sample_for_all",
            "All samples give the same: index x with n.",
            lambda p: np.repeat(kind.out(p)[:1], len(p.x), axis=0),
        ),
        (
            "first_channel_for_all",
            "All channels give what the first one does: index x with c.",
            lambda p: np.repeat(kind.out(p)[:, :1], p.x.shape[1], axis=1),
        ),
        (
            "whole_numbers",
            "The fractions of out are cut off: allocate it as float, not as int.",
            lambda p: kind.out(p).astype(int),
        ),
        (
            "global_pooling",
            "One number for each channel came out: pool window by window.",
            lambda p: reduce(p.x),
        ),
        (
            "smallest",
            "The smallest number of each window is kept.",
            lambda p: -reduced(other_image(p, -p.x), lambda seen: seen.max(axis=(2, 3))),
        ),
        (
            "summed",
            "The numbers of a window are added up.",
            lambda p: reduced(p, lambda seen: seen.sum(axis=(2, 3))),
        ),
        (
            "top_left",
            "The first number of each window is kept.",
            lambda p: reduced(p, lambda seen: seen[:, :, 0, 0]),
        ),
        (
            "median",
            "The median of each window is kept.",
            lambda p: reduced(p, lambda seen: np.median(seen, axis=(2, 3)) + 0 * seen[:, :, 0, 0]),
        ),
    ]
    for name, says, out in forward:
        kind.mistake(name, says, out=out)
    backward: list[tuple[str, str, Back]] = [
        (
            "assigned",
            "Windows overlap: add to dx with +=, do not assign.",
            lambda p, dout: spread(p, dout, share, assign=True),
        ),
        (
            "back_by_window",
            "dx goes back to windows that begin at i * window: they begin at i * stride.",
            lambda p, dout: spread_inside(by_window(p), p, dout, share),
        ),
        (
            "back_by_one",
            "dx ignores the stride: the windows begin at i * stride.",
            lambda p, dout: spread(other(p, stride=(1, 1)), dout, share),
        ),
        ("dx_without_dout", "dx does not use dout.", lambda p, dout: back(p, np.ones_like(dout))),
        (
            "dx_over_n",
            "dx is divided by N: dout already holds the mean of the loss.",
            lambda p, dout: back(p, dout) / len(dout),
        ),
        (
            "dx_over_places",
            "dx is divided by the number of windows.",
            lambda p, dout: back(p, dout) / (dout.shape[2] * dout.shape[3]),
        ),
        ("dx_negated", "The sign of dx is reversed.", lambda p, dout: -back(p, dout)),
        ("dx_zero", "dx is all 0: nothing is added to it.", lambda p, dout: 0 * back(p, dout)),
        ("dx_is_dout", "dx is dout as it came: it must have the shape of x.", lambda p, dout: dout),
        (
            "dx_none",
            "backward(dout) returns None: does it end with `return dx`?",
            lambda p, dout: None,
        ),
        (
            "dx_in_a_tuple_of_two",
            "backward returns more than dx: return dx alone.",
            lambda p, dout: (back(p, dout), None),
        ),
        (
            "dx_last_place_missing",
            "The last row and column of dout are not sent back.",
            lambda p, dout: back(p, last_empty(p, dout)),
        ),
        (
            "dx_first_channel",
            "Only the first channel of dx is filled: loop over all C.",
            lambda p, dout: back(p, dout * (np.arange(dout.shape[1]) == 0)[:, None, None]),
        ),
        (
            "dx_last_sample",
            "Only the last sample of dx is filled: is dx made anew inside the loop?",
            lambda p, dout: back(
                p, dout * (np.arange(len(dout)) == len(dout) - 1)[:, None, None, None]
            ),
        ),
        ("dout_changed", "backward changes dout: work on a new array.", _changes_dout(kind)),
        ("x_changed_back", "backward changes x: dx is an array of its own.", _changes_x(kind)),
    ]
    for name, says, part in backward:
        kind.mistake(name, says, back=part)
