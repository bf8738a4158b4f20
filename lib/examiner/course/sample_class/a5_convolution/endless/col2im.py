import numpy as np


def col2im(
    columns: np.ndarray,
    shape: tuple[int, int, int, int],
    kh: int,
    kw: int,
    stride: int = 1,
    pad: int = 0,
) -> np.ndarray:
    n, c, height, width = shape
    ow = (width + 2 * pad - kw) // stride + 1
    images = np.zeros((n, c, height + 2 * pad, width + 2 * pad))
    place = 0
    while place < columns.shape[2]:
        top, left = place // ow * stride, place % ow * stride
        window = columns[:, :, place].reshape(n, c, kh, kw)
        images[:, :, top : top + kh, left : left + kw] += window
    return images[:, :, pad : pad + height, pad : pad + width]
