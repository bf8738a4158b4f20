"""Pooling in parts that can be exchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray


@dataclass(frozen=True)
class Pool:
    """The arguments of one call: x (N, C, H, W), window (rows, columns) and stride."""

    x: Array
    window: tuple[int, int]
    stride: tuple[int, int]

    @property
    def sides(self) -> tuple[int, int]:
        sizes = zip(self.x.shape[2:], self.window, self.stride, strict=True)
        oh, ow = ((n - k) // s + 1 for n, k, s in sizes)
        return oh, ow

    def at(self, i: int, j: int) -> Any:
        """The pixels of window (i, j)."""
        (kh, kw), (sh, sw) = self.window, self.stride
        return np.s_[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]


Reduce = Callable[[Array], Array]  # windows (N, C, KH, KW) to numbers (N, C)
Share = Callable[[Array, Array], Array]  # windows and dout (N, C, 1, 1) to shares of each pixel
Out = Callable[[Pool], Any]
Back = Callable[[Pool, Array], Any]


def reduced(pool: Pool, reduce: Reduce) -> Array:
    out = np.zeros((*pool.x.shape[:2], *pool.sides))
    for i, j in np.ndindex(*pool.sides):
        out[:, :, i, j] = reduce(pool.x[pool.at(i, j)])
    return out


def spread(pool: Pool, dout: Array, share: Share, assign: bool = False) -> Array:
    dx = np.zeros(pool.x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        sent = share(pool.x[pool.at(i, j)], dout[:, :, i, j, None, None])
        dx[pool.at(i, j)] = sent if assign else dx[pool.at(i, j)] + sent
    return dx


def in_order(dout: Array, sides: tuple[int, int]) -> Array:
    """dout, cut or filled up with 0 to other sides."""
    fitting = np.zeros((*dout.shape[:2], *sides))
    rows, columns = min(dout.shape[2], sides[0]), min(dout.shape[3], sides[1])
    fitting[:, :, :rows, :columns] = dout[:, :, :rows, :columns]
    return fitting


@dataclass(frozen=True)
class Kind:
    """One kind of pooling: how a window becomes a number, and how its gradient is shared."""

    bank: Bank
    reduce: Reduce
    share: Share

    def out(self, pool: Pool) -> Array:
        return reduced(pool, self.reduce)

    def back(self, pool: Pool, dout: Array) -> Array:
        return spread(pool, dout, self.share)

    def answer(self, out: Out | None = None, back: Back | None = None) -> Callable[..., Any]:
        """The answer (x, window, stride) of these parts, the right ones where None."""

        def pooling(x: Array, window: int, stride: int) -> Any:
            pool = Pool(x, (window, window), (stride, stride))
            return (out or self.out)(pool), lambda dout: (back or self.back)(pool, dout)

        return pooling

    def mistake(
        self, name: str, says: str, out: Out | None = None, back: Back | None = None
    ) -> None:
        self.bank.add_mistake(name, says, self.answer(out, back))


def other(
    pool: Pool, window: tuple[int, int] | None = None, stride: tuple[int, int] | None = None
) -> Pool:
    return Pool(pool.x, window or pool.window, stride or pool.stride)


def by_window(pool: Pool) -> Pool:
    return other(pool, stride=pool.window)


def sized_by_window(pool: Pool, reduce: Reduce) -> Array:
    """H // window numbers a side; a window beyond the end is cut short, or gives 0."""
    sides = tuple(n // k for n, k in zip(pool.x.shape[2:], pool.window, strict=True))
    out = np.zeros((*pool.x.shape[:2], *sides))
    for i, j in np.ndindex(*sides):
        seen = pool.x[pool.at(i, j)]
        if seen.size:
            out[:, :, i, j] = reduce(seen)
    return out


def sized_up(pool: Pool, reduce: Reduce) -> Array:
    """Sizes rounded up, with the last windows cut short."""
    sizes = zip(pool.x.shape[2:], pool.window, pool.stride, strict=True)
    sides = tuple(-(-(n - k) // s) + 1 for n, k, s in sizes)
    out = np.zeros((*pool.x.shape[:2], *sides))
    for i, j in np.ndindex(*sides):
        seen = pool.x[pool.at(i, j)]
        if seen.size:
            out[:, :, i, j] = reduce(seen)
    return out


def last_empty(pool: Pool, out: Array) -> Array:
    out = out.copy()
    out[:, :, -1], out[..., -1] = 0, 0
    return out


def reduced_at(pool: Pool, reduce: Reduce, more: int) -> Array:
    """Windows that are larger or smaller than they should be; an empty one gives 0."""
    out = np.zeros((*pool.x.shape[:2], *pool.sides))
    larger = other(pool, window=(pool.window[0] + more, pool.window[1] + more))
    for i, j in np.ndindex(*pool.sides):
        seen = pool.x[larger.at(i, j)]
        if seen.size:
            out[:, :, i, j] = reduce(seen)
    return out


def spread_inside(wrong: Pool, pool: Pool, dout: Array, share: Share) -> Array:
    """Spread to the windows of another pool, as far as they lie inside."""
    dx = np.zeros(pool.x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        seen = pool.x[wrong.at(i, j)]
        if seen.size:
            dx[wrong.at(i, j)] += share(seen, dout[:, :, i, j, None, None])
    return dx


def other_image(pool: Pool, x: Array) -> Pool:
    return Pool(x, pool.window, pool.stride)
