"""Mistakes and odd but right answers for a5.max_pool2d(x, window, stride) -> out, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

from .pools import Array, Kind, Pool, other_image, reduced, spread
from .pools_shared import add_shared

BANK = Bank("a5.max_pool2d")


def largest(seen: Array) -> Array:
    return seen.max(axis=(2, 3))


def to_winner(seen: Array, dout: Array) -> Array:
    return (seen == seen.max(axis=(2, 3), keepdims=True)) * dout


MAX = Kind(BANK, largest, to_winner)
add_shared(MAX)


def _global_winner(pool: Pool, dout: Array) -> Array:
    """All of dout to the largest number of each channel."""
    return to_winner(pool.x, dout.sum(axis=(2, 3), keepdims=True))


def _window_corner(pool: Pool, dout: Array) -> Array:
    """The winner's place in its window taken for its place in the image."""
    dx: Any = np.zeros(pool.x.shape)
    images, channels = np.arange(len(dx))[:, None], np.arange(dx.shape[1])
    for i, j in np.ndindex(*dout.shape[2:]):
        seen = pool.x[pool.at(i, j)]
        place = seen.reshape(*seen.shape[:2], -1).argmax(axis=2)
        rows, columns = np.divmod(place, seen.shape[3])
        np.add.at(dx, (images, channels, rows, columns), dout[:, :, i, j])
    return dx


def _transposed_place(pool: Pool, dout: Array) -> Array:
    """The winner's row and column in its window exchanged."""
    dx = np.zeros(pool.x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        share = to_winner(pool.x[pool.at(i, j)], dout[:, :, i, j, None, None])
        dx[pool.at(i, j)] += share.transpose(0, 1, 3, 2)
    return dx


def _shared_winner(pool: Pool, dout: Array, axis: int) -> Array:
    """The place of the winner of the first channel, or sample, used for all."""
    dx = np.zeros(pool.x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        seen = pool.x[pool.at(i, j)].take([0], axis=axis)
        mask = to_winner(seen, np.ones((*seen.shape[:2], 1, 1)))
        dx[pool.at(i, j)] += mask * dout[:, :, i, j, None, None]
    return dx


def _stays_wherever(pool: Pool, dout: Array) -> Array:
    """Each number that won a window gets the gradient of the last window it won."""
    dx = np.zeros(pool.x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        seen = pool.x[pool.at(i, j)]
        mask = seen == seen.max(axis=(2, 3), keepdims=True)
        dx[pool.at(i, j)] = np.where(mask, dout[:, :, i, j, None, None], dx[pool.at(i, j)])
    return dx


def _all_that_equal(pool: Pool, dout: Array) -> Array:
    """Whatever equals some maximum of the image gets each window's gradient it lies in."""
    out, dx = reduced(pool, largest), np.zeros(pool.x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        seen = pool.x[pool.at(i, j)]
        won = (seen[..., None] == out.reshape(*out.shape[:2], 1, 1, -1)).any(axis=-1)
        dx[pool.at(i, j)] += won * dout[:, :, i, j, None, None]
    return dx


for _name, _says, _out in (
    (
        "running_max_from_zero",
        "The running maximum starts at 0: windows of negative numbers give 0. "
        "Start at -inf, or at the window's first number.",
        lambda p: np.maximum(reduced(p, largest), 0),
    ),
    (
        "largest_size",
        "The number of the largest size is kept, sign aside: keep the largest number.",
        lambda p: reduced(
            p,
            lambda s: np.take_along_axis(
                s.reshape(*s.shape[:2], -1),
                np.abs(s).reshape(*s.shape[:2], -1).argmax(axis=2)[..., None],
                axis=2,
            )[..., 0],
        ),
    ),
    (
        "absolute_values",
        "The signs are gone: keep the largest number as it is.",
        lambda p: reduced(other_image(p, np.abs(p.x)), largest),
    ),
    (
        "averaged",
        "The windows are averaged: keep the largest number.",
        lambda p: reduced(p, lambda seen: seen.mean(axis=(2, 3))),
    ),
    (
        "places_returned",
        "The places of the largest numbers came back: return the numbers.",
        lambda p: reduced(p, lambda s: s.reshape(*s.shape[:2], -1).argmax(axis=2)),
    ),
    (
        "largest_of_first_row",
        "Only the first row of each window is looked at.",
        lambda p: reduced(p, lambda seen: seen[:, :, 0].max(axis=2)),
    ),
    (
        "largest_of_first_column",
        "Only the first column of each window is looked at.",
        lambda p: reduced(p, lambda seen: seen[..., 0].max(axis=2)),
    ),
    (
        "masked_image",
        "An array of the size of x came back, with zeros where a number lost: "
        "out has one number for each window.",
        lambda p: spread(p, np.ones((*p.x.shape[:2], *p.sides)), to_winner) * p.x,
    ),
):
    MAX.mistake(_name, _says, out=_out)
for _name, _says, _back in (
    (
        "dx_to_all",
        "Every number of a window gets its dout: only the largest one does.",
        lambda p, dout: spread(p, dout, lambda seen, d: np.ones_like(seen) * d),
    ),
    (
        "dx_shared_out",
        "dout is shared out over the window, as average pooling does: the largest gets it all.",
        lambda p, dout: spread(p, dout, lambda seen, d: np.ones_like(seen) * d / seen[0, 0].size),
    ),
    (
        "dx_times_value",
        "dx is multiplied by the largest number: its slope is 1.",
        lambda p, dout: spread(p, dout, lambda seen, d: to_winner(seen, d) * seen),
    ),
    (
        "dx_global_winner",
        "Each channel has one winner in dx: each window has its own.",
        _global_winner,
    ),
    (
        "dx_at_window_place",
        "The winner's place in its window is taken for its place in the image: "
        "add i * stride and j * stride.",
        _window_corner,
    ),
    (
        "dx_rows_and_columns_swapped",
        "The winner's row and column are exchanged: np.unravel_index gives the row first.",
        _transposed_place,
    ),
    (
        "dx_winner_of_first_channel",
        "The winners of the first channel are used for all: each channel has its own.",
        lambda p, dout: _shared_winner(p, dout, 1),
    ),
    (
        "dx_winner_of_first_sample",
        "The winners of the first sample are used for all: each sample has its own.",
        lambda p, dout: _shared_winner(p, dout, 0),
    ),
    (
        "dx_to_smallest",
        "dout goes to the smallest number of each window.",
        lambda p, dout: spread(p, dout, lambda seen, d: to_winner(-seen, d)),
    ),
    (
        "dx_to_top_left",
        "dout goes to the first number of each window: it goes to the largest.",
        lambda p, dout: spread(p, dout, _corner),
    ),
    (
        "dx_winner_assigned",
        "A number that wins several windows keeps the gradient of the last one: add with +=.",
        _stays_wherever,
    ),
    (
        "dx_compared_with_all_of_out",
        "Numbers that won another window get a share of this one: compare each window with its "
        "own maximum.",
        _all_that_equal,
    ),
    (
        "dx_mask_only",
        "dx is 1 where a number won: put dout there.",
        lambda p, dout: (spread(p, np.ones_like(dout), to_winner) > 0).astype(float),
    ),
    (
        "dx_positive_winners_only",
        "Only positive numbers win in dx: the largest may be negative.",
        lambda p, dout: spread(p, dout, lambda seen, d: to_winner(seen, d) * (seen > 0)),
    ),
):
    MAX.mistake(_name, _says, back=_back)


def _corner(seen: Array, dout: Array) -> Array:
    share = np.zeros(seen.shape)
    share[:, :, :1, :1] = dout
    return share


@BANK.mistake("x is changed by the call: work on a copy.")
def x_changed(x: Array, window: int, stride: int) -> Any:
    out, backward = MAX.answer()(x.copy(), window, stride)
    x[x < x.mean()] = 0
    return out, backward


@BANK.mistake("You return out alone: return out, backward, or out, None for now.")
def out_only(x: Array, window: int, stride: int) -> Any:
    return MAX.answer()(x, window, stride)[0]


@BANK.mistake("backward is still missing: these rows count once you return out, backward.")
def backward_missing(x: Array, window: int, stride: int) -> Any:
    return MAX.answer()(x, window, stride)[0], None


@BANK.mistake("dx grows from call to call: allocate it inside backward.")
def adds_up_between_calls(x: Array, window: int, stride: int) -> Any:
    out, back = MAX.answer()(x, window, stride)
    dx = np.zeros(x.shape)

    def backward(dout: Array) -> Array:
        dx[...] += back(dout)
        return dx.copy()

    return out, backward
