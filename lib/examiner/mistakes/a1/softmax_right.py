"""Odd but right answers for a1.softmax_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp

from .linear import Array, right
from .softmax import BANK
from .softmax_parts import from_probabilities, probabilities

__all__ = ["BANK"]


@BANK.odd_but_right
def loops_and_log_sum_exp(w: Array, x: Array, y: Array, reg: float) -> Any:
    n, c = len(x), w.shape[1]
    loss, dw = 0.0, np.zeros((len(w), c))
    for i in range(n):
        scores = [float(sum(a * b for a, b in zip(x[i], w[:, j], strict=True))) for j in range(c)]
        total = np.logaddexp.reduce(scores)
        loss += total - scores[y[i]]
        for j in range(c):
            dw[:, j] += (np.exp(scores[j] - total) - (j == y[i])) * x[i]
    return loss / n + reg * float((w**2).sum()), lambda: dw / n + 2 * reg * w


@BANK.odd_but_right
def global_shift(w: Array, x: Array, y: Array, reg: float) -> Any:
    scores = np.dot(x, w)
    e = np.exp(scores - np.max(scores))
    p = e / np.sum(e, axis=1).reshape(-1, 1)
    losses, d = from_probabilities(p, y)
    loss, dw = right(w, x, losses, d, reg)
    return [loss, lambda: dw]


@BANK.odd_but_right
def row_shift_then_log(w: Array, x: Array, y: Array, reg: float) -> Any:
    losses, d = from_probabilities(probabilities(x @ w), y)
    loss, dw = right(w, x, losses, d, reg)
    return loss, lambda dout=1.0: dout * dw


@BANK.odd_but_right
def tiny_clip(w: Array, x: Array, y: Array, reg: float) -> Any:
    p = np.clip(probabilities(x @ w), 1e-300, 1)
    one_hot = np.zeros_like(p)
    np.put_along_axis(one_hot, y[:, None], 1, axis=1)
    loss = -(one_hot * np.log(p)).sum() / len(y) + reg * np.linalg.norm(w) ** 2
    return loss, lambda: x.T.dot((p - one_hot) / len(y)) + reg * 2 * w


@BANK.odd_but_right
def tiny_epsilon(w: Array, x: Array, y: Array, reg: float) -> Any:
    p = probabilities(x @ w)
    loss = -np.mean(np.log(np.choose(y, p.T) + 1e-12)) + reg * np.vdot(w, w)
    dscores = p - (y[:, None] == np.arange(w.shape[1]))
    return loss, lambda: (dscores.T @ x / len(y)).T + 2 * reg * w


@BANK.odd_but_right
def add_at_and_extra_argument(
    w: Array, x: Array, y: Array, reg: float = 0.0, verbose: bool = True
) -> Any:
    log_p = x @ w - logsumexp(x @ w, axis=1, keepdims=True)
    if verbose:
        print("mean confidence", np.exp(log_p).max(axis=1).mean())

    def backward(scale: float = 1.0) -> Array:
        dw = x.T @ np.exp(log_p)
        np.subtract.at(dw.T, y, x)
        return scale * (dw / len(y) + 2 * reg * w)

    return -log_p[np.arange(len(y)), y].mean(keepdims=True) + reg * (w * w).sum(), backward


@BANK.odd_but_right
def transposed_and_listed(w: Array, x: Array, y: Array, reg: float) -> Any:
    scores = (w.T @ x.T).astype(float)
    log_p = scores - logsumexp(scores, axis=0)
    loss = -sum(log_p[label, n] for n, label in enumerate(y)) / len(y)
    d = np.exp(log_p) - (np.arange(w.shape[1])[:, None] == y)
    gradient = ((d @ x).T / len(y) + 2 * reg * w).tolist()
    return loss + reg * sum(v * v for v in w.ravel()), lambda *_: gradient


@BANK.odd_but_right
def recomputed_in_backward(w: Array, x: Array, y: Array, reg: float) -> Any:
    def log_p() -> Array:
        z = x @ w - (x @ w).max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    class Backward:
        def __call__(self, upstream: float = 1) -> Array:
            d = np.exp(log_p())
            d[range(len(y)), list(y)] -= 1
            d /= len(y)
            return upstream * (np.dot(x.T, d) + reg * w + reg * w)

    return np.mean([-row[label] for row, label in zip(log_p(), y, strict=True)]) + reg * np.sum(
        w**2
    ), Backward()
