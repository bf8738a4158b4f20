"""Mistakes and odd but right answers for a5.conv1d(x, w, b, stride, pad) -> out, backward."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.signal import correlate

from examiner.bank import Bank

from .conv_contract import add_shared
from .parts import Array, in_one, made

BANK = Bank("a5.conv1d")
add_shared(BANK, in_one)


@BANK.mistake("You return the numbers of the worked example whatever the input is.")
def visible_answer(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    gradients = np.array([[[2.0, -1, 2, 4]]]), np.array([[[8.0, 7, 2]]]), np.array([3.0])
    return np.array([[[0.5, 1.5, 7.5, 10.5]]]), lambda dout: gradients


@BANK.mistake("Positions stand before filters: out is (N, F, OW).")
def positions_before_filters(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    out, backward = in_one(made())(x, w, b, stride, pad)
    return out.transpose(0, 2, 1), backward


@BANK.odd_but_right
def loops(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    (n, c, width), (f, _, k) = x.shape, w.shape
    padded = np.zeros((n, c, width + 2 * pad))
    padded[:, :, pad : pad + width] = x
    size = (width + 2 * pad - k) // stride + 1
    out = np.zeros((n, f, size))
    for i in range(n):
        for g in range(f):
            for j in range(size):
                for channel in range(c):
                    for t in range(k):
                        out[i, g, j] += padded[i, channel, j * stride + t] * w[g, channel, t]
                out[i, g, j] += b[g]

    def backward(dout: Array) -> Any:
        dw, db = np.zeros(w.shape), np.zeros(f)
        dpadded: Any = np.zeros(padded.shape)
        for i, g, j in np.ndindex(n, f, size):
            start = j * stride
            dpadded[i, :, start : start + k] += dout[i, g, j] * w[g]
            dw[g] += dout[i, g, j] * padded[i, :, start : start + k]
            db[g] += dout[i, g, j]
        return [dpadded[:, :, pad : dpadded.shape[2] - pad], dw, db]

    return [out, backward]


@BANK.odd_but_right
def through_scipy(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad)])
    k = w.shape[2]
    full = np.array([[sum(map(_valid, image, f)) for f in w] for image in padded])
    out = full[:, :, ::stride] + b.reshape(1, -1, 1)

    def backward(dout: Array) -> Any:
        wide = np.zeros(full.shape)
        wide[:, :, ::stride] = dout
        dw = np.array(
            [
                [
                    sum(_valid(p[c], d[f]) for p, d in zip(padded, wide, strict=True))
                    for c in range(x.shape[1])
                ]
                for f in range(len(w))
            ]
        )
        dpadded: Any = np.zeros(padded.shape)
        for n, c in np.ndindex(*x.shape[:2]):
            dpadded[n, c] = sum(np.convolve(wide[n, f], w[f, c]) for f in range(len(w)))
        return dpadded[:, :, pad : pad + x.shape[2]], dw[:, :, :k], wide.sum(axis=2).sum(axis=0)

    return out, backward


def _valid(signal: Array, window: Array) -> Array:
    return correlate(signal, window, mode="valid", method="direct")


@BANK.odd_but_right
def views_and_einsum(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    print("conv1d", x.shape)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad)))
    seen = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2], axis=2)[:, :, ::stride]

    def backward(dout: Array) -> Any:
        dpadded = np.zeros(padded.shape)
        places = stride * np.arange(dout.shape[2])[:, None] + np.arange(w.shape[2])
        sent = np.einsum("nfj,fck->ncjk", dout, w)
        where: Any = np.s_[:, :, places]
        np.add.at(dpadded, where, sent)
        dx = dpadded[:, :, pad:-pad] if pad else dpadded
        return dx, np.einsum("ncjk,nfj->fck", seen, dout), np.einsum("nfj->f", dout)

    return np.einsum("ncjk,fck->nfj", seen, w) + b[None, :, None], backward
