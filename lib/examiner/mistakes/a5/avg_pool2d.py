"""Mistakes and odd but right answers for a5.avg_pool2d(x, window, stride) -> out, backward."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter

from examiner.bank import Bank

from .pools import Array, Kind, Pool, reduced, spread
from .pools_shared import add_shared

BANK = Bank("a5.avg_pool2d")


def mean(seen: Array) -> Array:
    return seen.mean(axis=(2, 3))


def equal(seen: Array, dout: Array) -> Array:
    return np.ones_like(seen) * dout / (seen.shape[2] * seen.shape[3])


def undivided(seen: Array, dout: Array) -> Array:
    return np.ones_like(seen) * dout


AVG = Kind(BANK, mean, equal)
add_shared(AVG)


def sums(pool: Pool) -> Array:
    return reduced(pool, lambda seen: seen.sum(axis=(2, 3)))


def pixels(pool: Pool) -> int:
    return pool.x.shape[2] * pool.x.shape[3]


def _counts(pool: Pool, dout: Array) -> Array:
    """How many windows see each pixel."""
    return np.maximum(spread(pool, np.ones_like(dout), undivided), 1)


for _name, _says, _out in (
    (
        "largest",
        "The largest number of each window is kept: take the mean.",
        lambda p: reduced(p, lambda seen: seen.max(axis=(2, 3))),
    ),
    (
        "over_image_size",
        "The sums are divided by the size of the image: divide by that of the window.",
        lambda p: sums(p) / pixels(p),
    ),
    (
        "over_window_side",
        "The sums are divided by `window`: a window holds window * window numbers.",
        lambda p: sums(p) / p.window[0],
    ),
    (
        "over_stride",
        "The sums are divided by stride * stride: divide by window * window.",
        lambda p: sums(p) / p.stride[0] ** 2,
    ),
    (
        "over_four",
        "4 is written into your code: a window holds window * window numbers.",
        lambda p: sums(p) / 4,
    ),
    (
        "over_places",
        "The sums are divided by the number of windows: divide by the size of one.",
        lambda p: sums(p) / (p.sides[0] * p.sides[1]),
    ),
    (
        "mean_over_channels",
        "The channels are averaged, too: pool each channel by itself.",
        lambda p: reduced(p, mean) / p.x.shape[1],
    ),
    (
        "zeros_left_out",
        "Negative numbers are left out of the mean: every number of the window counts.",
        lambda p: reduced(p, lambda seen: np.maximum(seen, 0).mean(axis=(2, 3))),
    ),
    (
        "of_first_row",
        "Only the first row of each window is averaged.",
        lambda p: reduced(p, lambda seen: seen[:, :, 0].mean(axis=2)),
    ),
):
    AVG.mistake(_name, _says, out=_out)
for _name, _says, _back in (
    (
        "dx_not_divided",
        "dout goes whole to every number of its window: each gets dout / (window * window).",
        lambda p, dout: spread(p, dout, undivided),
    ),
    (
        "dx_over_window_side",
        "dout is divided by `window`: a window holds window * window numbers.",
        lambda p, dout: spread(p, dout, undivided) / p.window[0],
    ),
    (
        "dx_over_image_size",
        "dout is divided by the size of the image: divide by that of the window.",
        lambda p, dout: spread(p, dout, undivided) / pixels(p),
    ),
    (
        "dx_divided_twice",
        "dx is divided by the size of the window twice: once is right.",
        lambda p, dout: spread(p, dout, equal) / (p.window[0] * p.window[1]),
    ),
    (
        "dx_over_stride",
        "dout is divided by stride * stride: divide by window * window.",
        lambda p, dout: spread(p, dout, undivided) / p.stride[0] ** 2,
    ),
    (
        "dx_to_winner",
        "dout goes to the largest number, as in max pooling: all numbers of a window share it.",
        lambda p, dout: spread(
            p, dout, lambda seen, d: (seen == seen.max(axis=(2, 3), keepdims=True)) * d
        ),
    ),
    (
        "dx_to_top_left",
        "dout goes to the first number of each window: all of them share it.",
        lambda p, dout: spread(p, dout, _corner),
    ),
    (
        "dx_times_value",
        "dx is multiplied by x: the mean grows by the same share for each number.",
        lambda p, dout: spread(p, dout, lambda seen, d: equal(seen, d) * seen),
    ),
    (
        "dx_averaged_over_windows",
        "Where windows overlap their shares are averaged: add them up.",
        lambda p, dout: spread(p, dout, equal) / _counts(p, dout),
    ),
):
    AVG.mistake(_name, _says, back=_back)


def _corner(seen: Array, dout: Array) -> Array:
    share = np.zeros(seen.shape)
    share[:, :, :1, :1] = dout / (seen.shape[2] * seen.shape[3])
    return share


@BANK.mistake("You return out alone: return out, backward, or out, None for now.")
def out_only(x: Array, window: int, stride: int) -> Any:
    return AVG.answer()(x, window, stride)[0]


@BANK.mistake("backward is still missing: these rows count once you return out, backward.")
def backward_missing(x: Array, window: int, stride: int) -> Any:
    return AVG.answer()(x, window, stride)[0], None


@BANK.mistake("This is the max pooling of exercise 7: average pooling takes means, both ways.")
def max_pooling(x: Array, window: int, stride: int) -> Any:
    pool = Pool(x, (window, window), (stride, stride))
    return reduced(pool, lambda seen: seen.max(axis=(2, 3))), lambda dout: spread(
        pool, dout, lambda seen, d: (seen == seen.max(axis=(2, 3), keepdims=True)) * d
    )


@BANK.odd_but_right
def six_loops(x: Array, window: int, stride: int) -> Any:
    n, c, height, width = x.shape
    oh, ow = 1 + (height - window) // stride, 1 + (width - window) // stride
    area, inside = window * window, list(np.ndindex(window, window))
    out = np.zeros((n, c, oh, ow))
    for a, k, i, j in np.ndindex(*out.shape):
        out[a, k, i, j] = sum(x[a, k, i * stride + r, j * stride + s] for r, s in inside) / area

    def backward(dout: Array) -> Any:
        dx = np.zeros(x.shape)
        for a, k, i, j in np.ndindex(*dout.shape):
            for r, s in inside:
                dx[a, k, i * stride + r, j * stride + s] += dout[a, k, i, j] / area
        return [dx]

    return out, backward


@BANK.odd_but_right
def by_summed_areas(x: Array, window: int, stride: int) -> Any:
    table = np.pad(x.astype(float).cumsum(axis=2).cumsum(axis=3), ((0, 0), (0, 0), (1, 0), (1, 0)))
    k = window
    areas = table[..., k:, k:] - table[..., :-k, k:] - table[..., k:, :-k] + table[..., :-k, :-k]

    def backward(dout: Array) -> Array:
        wide = np.zeros(areas.shape)
        wide[..., ::stride, ::stride] = dout / k**2
        wide = np.pad(wide, ((0, 0), (0, 0), (k - 1, k - 1), (k - 1, k - 1)))
        seen = np.lib.stride_tricks.sliding_window_view(wide, (k, k), axis=(2, 3))
        return seen.sum(axis=(4, 5))

    return areas[..., ::stride, ::stride] / k**2, backward


@BANK.odd_but_right
def filtered_then_strided(x: Array, window: int, stride: int) -> Any:
    means = uniform_filter(x.astype(float), (1, 1, window, window), origin=0)
    first, last = window // 2, (window - 1) // 2
    inner = means[..., first : means.shape[2] - last, first : means.shape[3] - last]
    pool = Pool(x, (window, window), (stride, stride))
    return inner[..., ::stride, ::stride], lambda dout: spread(pool, dout, equal).tolist()
