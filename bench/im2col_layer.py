"""The second reference: a convolution as older courses wrote it, by as_strided and one product.

All windows of the whole batch are copied into one matrix, KH * KW times the images, which is kept
for the backward pass. Plain and correct; neither blocks of images nor reused memory.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

Array = np.ndarray[Any, Any]


def im2col_conv2d(
    x: Array, w: Array, b: Array, stride: int = 1, pad: int = 0
) -> tuple[Array, Callable[[Array], tuple[Array, Array, Array]]]:
    """Convolution of x (N, C, H, W) with w (F, C, KH, KW) and b (F,); backward as in strides."""
    n, c, height, width = x.shape
    f, _, kh, kw = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    of_image, of_channel, of_row, of_column = padded.strides
    windows = as_strided(
        padded,
        (c, kh, kw, n, oh, ow),
        (of_channel, of_row, of_column, of_image, stride * of_row, stride * of_column),
    )
    columns = np.ascontiguousarray(windows).reshape(c * kh * kw, n * oh * ow)
    product = w.reshape(f, -1) @ columns + b[:, None]
    out = np.ascontiguousarray(product.reshape(f, n, oh, ow).transpose(1, 0, 2, 3))

    def backward(dout: Array) -> tuple[Array, Array, Array]:
        db = dout.sum(axis=(0, 2, 3))
        flat = dout.transpose(1, 0, 2, 3).reshape(f, -1)
        dw = (flat @ columns.T).reshape(w.shape)
        dcolumns = (w.reshape(f, -1).T @ flat).reshape(c, kh, kw, n, oh, ow)
        dpadded = np.zeros_like(padded)
        for i in range(kh):
            for j in range(kw):
                rows = slice(i, i + stride * oh, stride)
                cols = slice(j, j + stride * ow, stride)
                dpadded[:, :, rows, cols] += dcolumns[:, i, j].transpose(1, 0, 2, 3)
        return dpadded[:, :, pad : pad + height, pad : pad + width], dw, db

    return out, backward
