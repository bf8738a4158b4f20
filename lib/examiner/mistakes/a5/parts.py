"""A convolution in parts that can be exchanged one by one: out, dx, dw, db.

A signal of conv1d is an image of one row here, so that conv1d and conv2d share their mistakes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Array = np.ndarray
Pair = tuple[int, int]


@dataclass(frozen=True)
class Call:
    """The arguments of one call: x (N, C, H, W), w (F, C, KH, KW), b (F,), stride and pad."""

    x: Array
    w: Array
    b: Array
    stride: Pair
    pad: Pair

    @property
    def padded(self) -> Array:
        return np.pad(self.x, ((0, 0), (0, 0), *((p, p) for p in self.pad)))

    @property
    def sides(self) -> Pair:
        """Rows and columns of the output."""
        sizes = zip(self.x.shape[2:], self.w.shape[2:], self.stride, self.pad, strict=True)
        oh, ow = ((n + 2 * p - k) // s + 1 for n, k, s, p in sizes)
        return oh, ow

    def places(self, i: int, j: int, stride: Pair | None = None) -> Any:
        """The pixels of the padded image that weight (i, j) of a filter meets."""
        (sh, sw), (oh, ow) = stride or self.stride, self.sides
        return np.s_[:, :, i : i + sh * oh : sh, j : j + sw * ow : sw]

    def but(self, **changes: Any) -> Call:
        return replace(self, **changes)


Core = Callable[[Call], Any]


def entries(call: Call) -> Any:
    return np.ndindex(*call.w.shape[2:])


def windows(call: Call, padded: Array | None = None, stride: Pair | None = None) -> Array:
    """Every window, (N, C, KH, KW, OH, OW)."""
    images = call.padded if padded is None else padded
    (n, c), kernel = call.x.shape[:2], call.w.shape[2:]
    found = np.zeros((n, c, *kernel, *call.sides))
    for i, j in entries(call):
        found[:, :, i, j] = images[call.places(i, j, stride)]
    return found


def product(seen: Array, w: Array, b: Array) -> Array:
    return np.einsum("nckluv,fckl->nfuv", seen, w) + b[:, None, None]


def forward(call: Call) -> Array:
    return product(windows(call), call.w, call.b)


def scattered(call: Call, dout: Array, w: Array | None = None, stride: Pair | None = None) -> Array:
    """The gradient of the padded images."""
    weights = call.w if w is None else w
    dpadded = np.zeros(call.padded.shape)
    for i, j in entries(call):
        dpadded[call.places(i, j, stride)] += np.einsum("nfuv,fc->ncuv", dout, weights[:, :, i, j])
    return dpadded


def cropped(call: Call, dpadded: Array) -> Array:
    (ph, pw), (height, width) = call.pad, call.x.shape[2:]
    return dpadded[:, :, ph : ph + height, pw : pw + width]


def back_x(call: Call, dout: Array) -> Array:
    return cropped(call, scattered(call, dout))


def back_w(call: Call, dout: Array) -> Array:
    return np.einsum("nckluv,nfuv->fckl", windows(call), dout)


def back_b(call: Call, dout: Array) -> Array:
    return dout.sum(axis=(0, 2, 3))


def made(
    out: Callable[[Call], Any] = forward,
    dx: Callable[[Call, Array], Any] = back_x,
    dw: Callable[[Call, Array], Any] = back_w,
    db: Callable[[Call, Array], Any] = back_b,
) -> Core:
    """A convolution of these parts."""

    def core(call: Call) -> Any:
        return out(call), lambda dout: (dx(call, dout), dw(call, dout), db(call, dout))

    return core


def in_two(core: Core) -> Callable[..., Any]:
    """The answer (x, w, b, stride, pad) for images."""

    def answer(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
        return core(Call(x, w, b, (stride, stride), (pad, pad)))

    return answer


def in_one(core: Core) -> Callable[..., Any]:
    """The answer (x, w, b, stride, pad) for signals."""

    def answer(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
        result = core(Call(x[:, :, None], w[:, :, None], b, (1, stride), (0, pad)))
        if not isinstance(result, tuple):
            return _flat(result)
        out, backward = result
        if not callable(backward):
            return _flat(out), backward

        def back(dout: Array) -> Any:
            found = backward(dout[:, :, None])
            return tuple(map(_flat, found)) if isinstance(found, tuple) else _flat(found)

        return _flat(out), back

    return answer


def _flat(value: Any) -> Any:
    """Without the one row, where there is one."""
    return value[:, :, 0] if isinstance(value, np.ndarray) and value.ndim == 4 else value
