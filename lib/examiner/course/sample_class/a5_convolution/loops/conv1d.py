from collections.abc import Callable

import numpy as np


def conv1d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, Callable[..., tuple[np.ndarray, ...]]]:
    samples, _, width = x.shape
    filters, _, k = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad)))
    places = (width + 2 * pad - k) // stride + 1
    out = np.zeros((samples, filters, places))
    for n in range(samples):
        for f in range(filters):
            for j in range(places):
                window = padded[n, :, j * stride : j * stride + k]
                out[n, f, j] = np.sum(window * w[f]) + b[f]

    def backward(dout: np.ndarray) -> tuple[np.ndarray, ...]:
        dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(b.shape)
        for n in range(samples):
            for f in range(filters):
                for j in range(places):
                    window = np.s_[n, :, j * stride : j * stride + k]
                    dpadded[window] += dout[n, f, j] * w[f]
                    dw[f] += dout[n, f, j] * padded[window]
                    db[f] += dout[n, f, j]
        return dpadded[:, :, pad : pad + width], dw, db

    return out, backward
