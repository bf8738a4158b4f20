from collections.abc import Callable

import numpy as np


def svm_loss(
    w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float
) -> tuple[float, Callable[..., np.ndarray]]:
    scores = x @ w
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) + reg * np.sum(w * w)
    dscores = (margins > 0).astype(scores.dtype)
    dscores[rows, y] = -dscores.sum(axis=1)
    dw = x.T @ dscores + 2 * reg * w

    def backward(dloss: float = 1.0) -> np.ndarray:
        return dloss * dw

    return loss, backward
