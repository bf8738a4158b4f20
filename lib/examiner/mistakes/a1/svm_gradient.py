"""Mistakes in the gradient for a1.svm_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

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
