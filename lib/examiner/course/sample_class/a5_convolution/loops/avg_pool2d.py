from collections.abc import Callable

import numpy as np


def avg_pool2d(
    x: np.ndarray, window: int, stride: int
) -> tuple[np.ndarray, Callable[..., np.ndarray]]:
    samples, channels, height, width = x.shape
    oh, ow = (height - window) // stride + 1, (width - window) // stride + 1
    out = np.zeros((samples, channels, oh, ow))
    for n in range(samples):
        for c in range(channels):
            for i in range(oh):
                for j in range(ow):
                    total = 0.0
                    for k in range(window):
                        for m in range(window):
                            total += float(x[n, c, i * stride + k, j * stride + m])
                    out[n, c, i, j] = total / window**2

    def backward(dout: np.ndarray) -> np.ndarray:
        dx = np.zeros(x.shape)
        for n in range(samples):
            for c in range(channels):
                for i in range(oh):
                    for j in range(ow):
                        share = dout[n, c, i, j] / window**2
                        for k in range(window):
                            for m in range(window):
                                dx[n, c, i * stride + k, j * stride + m] += share
        return dx

    return out, backward
