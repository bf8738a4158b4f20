from collections.abc import Callable

import numpy as np


def conv2d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, Callable[..., tuple[np.ndarray, ...]]]:
    samples, _, height, width = x.shape
    filters, _, kh, kw = w.shape
    padded = np.pad(x, pad)
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    out = np.zeros((samples, filters, oh, ow))
    for n in range(samples):
        for f in range(filters):
            for i in range(oh):
                for j in range(ow):
                    top, left = i * stride, j * stride
                    window = padded[n, :, top : top + kh, left : left + kw]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]

    def backward(dout: np.ndarray) -> tuple[np.ndarray, ...]:
        dpadded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(b.shape)
        for n in range(samples):
            for f in range(filters):
                for i in range(oh):
                    for j in range(ow):
                        top, left = i * stride, j * stride
                        window = np.s_[n, :, top : top + kh, left : left + kw]
                        dpadded[window] += dout[n, f, i, j] * w[f]
                        dw[f] += dout[n, f, i, j] * padded[window]
                        db[f] += dout[n, f, i, j]
        return dpadded[:, :, pad : pad + height, pad : pad + width], dw, db

    return out, backward
