"""Odd but right answers for a5.conv2d and a5.mended_conv2d."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from scipy.signal import correlate2d

from .conv2d import BANK
from .parts import Array

__all__ = ["BANK"]


@BANK.odd_but_right
def seven_loops(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    (n, c, height, width), (f, _, kh, kw) = x.shape, w.shape
    oh, ow = 1 + (height + 2 * pad - kh) // stride, 1 + (width + 2 * pad - kw) // stride
    p = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))).tolist()
    out = np.empty((n, f, oh, ow))
    for i, g, r, s in product(range(n), range(f), range(oh), range(ow)):
        total = float(b[g])
        for a, k, m in product(range(c), range(kh), range(kw)):
            total += p[i][a][r * stride + k][s * stride + m] * w[g, a, k, m]
        out[i, g, r, s] = total

    def backward(dout: Array) -> Any:
        dp, dw, db = np.zeros(np.shape(p)), np.zeros(w.shape), np.zeros(f)
        for i, g, r, s in product(range(n), range(f), range(oh), range(ow)):
            db[g] += dout[i, g, r, s]
            for a, k, m in product(range(c), range(kh), range(kw)):
                row, column = r * stride + k, s * stride + m
                dp[i, a, row, column] += dout[i, g, r, s] * w[g, a, k, m]
                dw[g, a, k, m] += dout[i, g, r, s] * p[i][a][row][column]
        return dp[:, :, pad : height + pad, pad : width + pad], dw, db

    return out, backward


@BANK.odd_but_right
def quadruple_loop(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    (n, _, height, width), (f, _, kh, kw) = x.shape, w.shape
    oh, ow = 1 + (height + 2 * pad - kh) // stride, 1 + (width + 2 * pad - kw) // stride
    padded = np.zeros((n, x.shape[1], height + 2 * pad, width + 2 * pad), x.dtype)
    padded[:, :, pad : pad + height, pad : pad + width] = x
    out = np.zeros((n, f, oh, ow))

    def window(i: int, j: int) -> Any:
        return np.s_[:, i * stride : i * stride + kh, j * stride : j * stride + kw]

    for k, g, i, j in np.ndindex(*out.shape):
        out[k, g, i, j] = np.sum(padded[k][window(i, j)] * w[g]) + b[g]

    def backward(dout: Array) -> Any:
        dpadded, dw, db = np.zeros_like(padded), np.zeros_like(w), np.zeros_like(b)
        for k, g, i, j in np.ndindex(*dout.shape):
            dpadded[k][window(i, j)] += dout[k, g, i, j] * w[g]
            dw[g] += dout[k, g, i, j] * padded[k][window(i, j)]
            db[g] += dout[k, g, i, j]
        dx = dpadded if pad == 0 else dpadded[:, :, pad:-pad, pad:-pad]
        return dx, dw, db

    return out, backward


@BANK.odd_but_right
def columns_with_channels_last(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    (n, c, height, width), (f, _, kh, kw) = x.shape, w.shape
    oh, ow = 1 + (height + 2 * pad - kh) // stride, 1 + (width + 2 * pad - kw) // stride
    rows = stride * np.repeat(np.arange(oh), ow)[:, None] + np.repeat(np.arange(kh), kw)
    columns = stride * np.tile(np.arange(ow), oh)[:, None] + np.tile(np.arange(kw), kh)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    seen = padded[:, :, rows, columns].transpose(0, 2, 3, 1).reshape(n * oh * ow, -1)
    matrix = w.transpose(2, 3, 1, 0).reshape(-1, f)
    out = (seen @ matrix + b).reshape(n, oh, ow, f).transpose(0, 3, 1, 2)

    def backward(dout: Array) -> Any:
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, f)
        dw = (seen.T @ flat).reshape(kh, kw, c, f).transpose(3, 2, 0, 1)
        sent = (flat @ matrix.T).reshape(n, oh * ow, kh * kw, c).transpose(0, 3, 1, 2)
        dpadded = np.zeros(padded.shape)
        where: Any = (slice(None), slice(None), rows, columns)
        np.add.at(dpadded, where, sent)
        return dpadded[..., pad : pad + height, pad : pad + width], dw, flat.sum(axis=0)

    return out, backward


@BANK.odd_but_right
def through_scipy(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    channels = range(x.shape[1])
    full = np.array(
        [[sum(correlate2d(p[c], f[c], "valid") for c in channels) for f in w] for p in padded]
    )
    out = full[:, :, ::stride, ::stride] + b[None, :, None, None]

    def backward(dout: Array) -> Any:
        wide = np.zeros(full.shape)
        wide[:, :, ::stride, ::stride] = dout
        dw: Any = np.zeros(w.shape)
        dpadded: Any = np.zeros(padded.shape)
        for n, f, c in np.ndindex(len(x), len(w), len(channels)):
            dw[f, c] += correlate2d(padded[n, c], wide[n, f], "valid")
            dpadded[n, c] += correlate2d(wide[n, f], w[f, c, ::-1, ::-1], "full")
        end = dpadded.shape[2] - pad, dpadded.shape[3] - pad
        return dpadded[:, :, pad : end[0], pad : end[1]], dw, wide.sum((0, 2, 3))

    return out, backward


@BANK.odd_but_right
def one_sample_after_another(x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0) -> Any:
    print("images", x.shape)
    parts = [quadruple_loop(image[None], w, b, stride, pad) for image in x]

    def backward(dout: Array) -> Any:
        found = [back(d[None]) for (_, back), d in zip(parts, dout, strict=True)]
        dx, dw, db = zip(*found, strict=True)
        return np.concatenate(dx), np.sum(dw, axis=0), np.add.reduce(db)

    return np.vstack([out for out, _ in parts]), backward
