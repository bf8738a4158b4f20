from collections.abc import Callable

import numpy as np


def svm_loss(
    w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float
) -> tuple[float, Callable[..., np.ndarray]]:
    loss, dw = 0.0, np.zeros(w.shape)
    for i in range(len(x)):
        scores = x[i] @ w
        for j in range(w.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dw[:, j] += x[i]
                dw[:, y[i]] -= x[i]
    loss = loss / len(x) + reg * np.sum(w * w)
    dw = dw / len(x) + 2 * reg * w

    def backward(dloss: float = 1.0) -> np.ndarray:
        return dloss * dw

    return loss, backward
