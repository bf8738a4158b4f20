import numpy as np


def im2col(x: np.ndarray, kh: int, kw: int, stride: int = 1, pad: int = 0) -> np.ndarray:
    samples, channels, height, width = x.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    columns = np.zeros((samples, channels * kh * kw, oh * ow), x.dtype)
    for n in range(samples):
        for i in range(oh):
            for j in range(ow):
                row = 0
                for c in range(channels):
                    for k in range(kh):
                        for m in range(kw):
                            number = padded[n, c, i * stride + k, j * stride + m]
                            columns[n, row, i * ow + j] = number
                            row += 1
    return columns
