"""What a linear classifier's loss gets wrong whatever the loss on the scores is.

A classifier's answer is made of two parts: per-sample losses with their gradients into the
scores (`data`), and how they are put together with the penalty. The mistakes here are in the
second part: `linear_mean`, `linear_penalty` and `linear_contract` hold them, for the SVM's bank
and for the softmax's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray
Data = Callable[[Array, Array], tuple[Array, Array]]
Combine = Callable[[Array, Array, Array, Array, float], tuple[Any, Any]]


def right(w: Array, x: Array, losses: Array, d: Array, reg: float) -> tuple[Any, Any]:
    """The mean over the samples and the penalty, each with its gradient."""
    return losses.mean() + reg * np.sum(w * w), x.T @ d / len(x) + 2 * reg * w


def classifier(data: Data, combine: Combine = right) -> Callable[..., Any]:
    """An answer (w, x, y, reg) -> loss, backward from its two parts."""

    def answer(w: Array, x: Array, y: Array, reg: float) -> Any:
        losses, d = data(x @ w, y)
        loss, dw = combine(w, x, losses, d, reg)
        return loss, lambda dout=1.0: dw

    return answer


def penalised(penalty: Callable, gradient: Callable) -> Combine:
    """A right data part with another penalty; both functions take (w, reg)."""
    return lambda w, x, losses, d, reg: (
        losses.mean() + penalty(w, reg),
        x.T @ d / len(x) + gradient(w, reg),
    )


def squares(w: Array, reg: float) -> Any:
    return reg * np.sum(w * w)


def twice(w: Array, reg: float) -> Any:
    return 2 * reg * w
