from collections.abc import Callable

import numpy as np


def conv2d(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, Callable[..., tuple[np.ndarray, ...]]]:
    height, width = x.shape[2:]
    kh, kw = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    out = np.zeros((len(x), len(w), oh, ow))
    for i, j in np.ndindex(oh, ow):
        top, left = i * stride, j * stride
        window = padded[:, :, top : top + kh, left : left + kw]
        out[:, :, i, j] = np.einsum("nckl,fckl->nf", window, w) + b

    def backward(dout: np.ndarray) -> tuple[np.ndarray, ...]:
        dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
        for i, j in np.ndindex(oh, ow):
            top, left = i * stride, j * stride
            window = np.s_[:, :, top : top + kh, left : left + kw]
            dw += np.einsum("nckl,nf->fckl", padded[window], dout[:, :, i, j])
            dpadded[window] = np.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
        return dpadded[:, :, pad : pad + height, pad : pad + width], dw, dout.sum(axis=(0, 2, 3))

    return out, backward
