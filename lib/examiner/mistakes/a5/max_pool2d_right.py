"""Odd but right answers for a5.max_pool2d(x, window, stride) -> out, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from .max_pool2d import BANK, largest, to_winner
from .pools import Array, Pool, reduced, spread

__all__ = ["BANK"]


@BANK.odd_but_right
def four_loops(x: Array, window: int, stride: int) -> Any:
    n, c, height, width = x.shape
    oh, ow = 1 + (height - window) // stride, 1 + (width - window) // stride
    out, places = np.full((n, c, oh, ow), -np.inf), {}
    for index in np.ndindex(n, c, oh, ow):
        i, k, r, s = index
        for row in range(r * stride, r * stride + window):
            for column in range(s * stride, s * stride + window):
                if x[i, k, row, column] > out[index]:
                    out[index], places[index] = x[i, k, row, column], (i, k, row, column)

    def backward(dout: Array) -> Any:
        dx = np.zeros(x.shape)
        for index, place in places.items():
            dx[place] += dout[index]
        return dx

    return out, backward


@BANK.odd_but_right
def split_ties(x: Array, window: int, stride: int) -> Any:
    pool = Pool(x, (window, window), (stride, stride))

    def share(seen: Array, dout: Array) -> Array:
        mask = seen == seen.max(axis=(2, 3), keepdims=True)
        return mask * dout / mask.sum(axis=(2, 3), keepdims=True)

    return [reduced(pool, largest), lambda dout: (spread(pool, dout, share),)]


@BANK.odd_but_right
def views_and_add_at(x: Array, window: int, stride: int) -> Any:
    seen = np.lib.stride_tricks.sliding_window_view(x, (window, window), axis=(2, 3))
    flat = seen[:, :, ::stride, ::stride].reshape(*x.shape[:2], -1, window * window)
    oh, ow = 1 + (x.shape[2] - window) // stride, 1 + (x.shape[3] - window) // stride
    winners = flat.argmax(axis=-1).reshape(*x.shape[:2], oh, ow)
    n, c, i, j = np.indices(winners.shape)

    def backward(dout: Array) -> Array:
        dx = np.zeros_like(x)
        rows, columns = np.unravel_index(winners, (window, window))
        np.add.at(dx, (n, c, i * stride + rows, j * stride + columns), dout)
        return dx

    return flat.max(axis=-1).reshape(winners.shape), backward


@BANK.odd_but_right
def padded_with_minus_infinity(x: Array, window: int, stride: int) -> Any:
    wide = np.pad(x, ((0, 0), (0, 0), (0, stride), (0, stride)), constant_values=-np.inf)
    pool = Pool(wide, (window, window), (stride, stride))
    sides = Pool(x, (window, window), (stride, stride)).sides
    out = reduced(pool, largest)[:, :, : sides[0], : sides[1]]
    return out.tolist(), lambda dout: spread(pool, dout, to_winner)[
        :, :, : x.shape[2], : x.shape[3]
    ]
