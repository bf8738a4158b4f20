"""Odd but right answers for a1.svm_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from .linear import Array
from .svm import BANK, hinge

__all__ = ["BANK"]


@BANK.odd_but_right
def double_loop(w: Array, x: Array, y: Array, reg: float) -> Any:
    loss, dw = 0.0, np.zeros(w.shape)
    for i in range(x.shape[0]):
        scores = x[i].dot(w)
        for j in range(w.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dw[:, j] += x[i]
                dw[:, y[i]] -= x[i]
    n = x.shape[0]
    return loss / n + reg * np.sum(w * w), lambda: dw / n + 2 * reg * w


@BANK.odd_but_right
def keeps_correct_class_and_subtracts(w: Array, x: Array, y: Array, reg: float) -> Any:
    scores = x @ w
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y].reshape(-1, 1) + 1)
    loss = margins.sum() / len(y) - 1 + reg * np.linalg.norm(w) ** 2

    def backward(dout: float = 1.0) -> Array:
        mask = (margins > 0).astype(x.dtype)
        mask[np.arange(len(y)), y] -= mask.sum(axis=1)
        return dout * (x.T.dot(mask) / len(y) + reg * w + reg * w)

    return [loss, backward]


@BANK.odd_but_right
def add_at(w: Array, x: Array, y: Array, reg: float, delta: float = 1) -> Any:
    scores = x @ w
    margins = scores - np.take_along_axis(scores, y[:, None], axis=1) + delta
    margins[np.arange(len(y)), y] = -np.inf
    active = margins > 0
    loss = margins[active].sum() / len(y) + reg * np.vdot(w, w)
    dw = np.zeros(w.shape)
    rows, columns = np.nonzero(active)
    np.add.at(dw.T, columns, x[rows])
    np.subtract.at(dw.T, y[rows], x[rows])
    return loss, lambda: 2 * reg * w + dw / len(y)


@BANK.odd_but_right
def one_hot_and_helper(w: Array, x: Array, y: Array, reg: float) -> Any:
    print("scores", (x @ w).shape)
    one_hot = np.eye(w.shape[1])[y]
    correct = np.sum(x @ w * one_hot, axis=1, keepdims=True)
    margins = np.clip((x @ w - correct + 1) * (1 - one_hot), 0, None)
    active = np.sign(margins)
    d = (active - one_hot * active.sum(axis=1, keepdims=True)) / x.shape[0]

    def backward() -> Array:
        return np.einsum("nd,nc->dc", x, d) + 2 * reg * w

    return np.float64(margins.sum(axis=1).mean()) + reg * (w**2).sum(), backward


@BANK.odd_but_right
def other_classes_by_delete(w: Array, x: Array, y: Array, reg: float) -> Any:
    scores = x @ w
    d, loss = np.zeros_like(scores), 0.0
    for n, label in enumerate(y):
        others = np.delete(np.arange(w.shape[1]), label)
        margins = np.maximum(scores[n, others] - scores[n, label] + 1, 0)
        loss += margins.sum()
        d[n, others] = margins > 0
        d[n, label] = -np.count_nonzero(margins)
    return loss / len(y) + reg * np.vdot(
        w, w
    ), lambda: np.tensordot(x, d, axes=(0, 0)) / len(y) + 2 * reg * w


@BANK.odd_but_right
def differences_of_the_loss(w: Array, x: Array, y: Array, reg: float) -> Any:
    def loss_at(weights: Array) -> Any:
        return hinge(x @ weights, y)[0].mean() + reg * np.sum(weights * weights)

    def backward() -> Any:
        steps = 1e-5 * np.eye(w.size).reshape(w.size, *w.shape)
        slopes = [(loss_at(w + step) - loss_at(w - step)) / 2e-5 for step in steps]
        return np.reshape(slopes, w.shape).tolist()

    return loss_at(w), backward
