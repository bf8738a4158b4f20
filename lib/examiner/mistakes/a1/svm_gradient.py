"""Mistakes in the gradient for a1.svm_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from .linear import Array
from .svm import BANK, counted, data_mistake, hinge, margins_of

__all__ = ["BANK"]


@data_mistake("The column of the true class is missing in your gradient: it gets minus the count.")
def no_correct_class_grad(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] = 0
    return losses, d


@data_mistake(
    "The true class gets -1 in your gradient however many margins are violated: "
    "it gets minus their number."
)
def correct_class_grad_once(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] = -(d[np.arange(len(y)), y] < 0).astype(float)
    return losses, d


@data_mistake("The true class gets -1 even where no margin is violated: it gets minus the count.")
def correct_class_grad_always(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] = -1
    return losses, d


@data_mistake("The true class has plus the count in your gradient: it gets minus the count.")
def correct_class_grad_sign(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] *= -1
    return losses, d


@data_mistake("Only the true class's column is in your gradient: each violated class j gets +1.")
def only_correct_class_grad(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    only = np.zeros_like(d)
    only[np.arange(len(y)), y] = d[np.arange(len(y)), y]
    return losses, only


@data_mistake("Your gradient weighs each class by its margin: the slope of the hinge is 1.")
def margins_as_gradient(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = np.maximum(margins_of(scores, y), 0)
    d = margins.copy()
    d[np.arange(len(y)), y] = -d.sum(axis=1)
    return margins.sum(axis=1), d


@data_mistake("Your gradient uses s_j > s_y for its mask: a margin s_j - s_y + 1 above 0 counts.")
def mask_without_delta(scores: Array, y: Array) -> tuple[Array, Array]:
    return hinge(scores, y)[0], counted(margins_of(scores, y, 0.0) > 0, y)


@data_mistake(
    "The number of violated margins is not set back to 0 for each sample, so the true class's "
    "column gets too much: start the count inside the loop over the samples."
)
def count_not_reset(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    rows = np.arange(len(y))
    d[rows, y] = np.cumsum(d[rows, y])
    return losses, d


@data_mistake("1 is added after the clamp, to satisfied margins too: it is max(0, s_j - s_y + 1).")
def delta_after_clamp(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = np.maximum(margins_of(scores, y, 0.0), 0) + 1
    margins[np.arange(len(y)), y] = 0
    return margins.sum(axis=1), counted(margins > 0, y)


@data_mistake(
    "Samples whose largest score is that of the true class are left out: their margins below 1 "
    "count, too."
)
def skips_right_samples(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = np.maximum(margins_of(scores, y), 0)
    margins[scores.argmax(axis=1) == y] = 0
    return margins.sum(axis=1), counted(margins > 0, y)


@data_mistake("scores[0, y] takes the first sample's scores: use scores[np.arange(N), y].")
def first_row_of_scores(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = scores - scores[0, y][:, None] + 1
    margins[np.arange(len(y)), y] = 0
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@BANK.mistake(
    "Your gradient is summed in w's type, and x is cut to it: with whole-number weights you lose "
    "the fractions of x. Allocate it as float, np.zeros(w.shape)."
)
def inputs_in_type_of_w(w: Array, x: Array, y: Array, reg: float) -> Any:
    losses, d = hinge(x @ w, y)
    dw = np.zeros_like(w)
    for row, weights in zip(x, d, strict=True):
        dw += np.outer(row.astype(w.dtype), weights).astype(w.dtype)
    loss = losses.mean() + reg * np.sum(w * w)
    return loss, lambda dout=1.0: dw / len(x) + 2 * reg * w
