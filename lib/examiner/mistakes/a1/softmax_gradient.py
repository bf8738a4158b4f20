"""Mistakes in the gradient for a1.softmax_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from .linear import Array, classifier, twice
from .softmax import BANK, data_mistake
from .softmax_parts import cross_entropy, from_probabilities, probabilities
from .svm import hinge

__all__ = ["BANK"]


@data_mistake("Your gradient is p alone: subtract 1 at the true class.")
def one_not_subtracted(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y)[0], probabilities(scores)


@data_mistake("Your gradient adds 1 at the true class: subtract it.")
def one_added(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y)[0], probabilities(scores) + np.eye(scores.shape[1])[y]


@data_mistake("The label's number is subtracted from p: subtract 1, at the true class only.")
def label_subtracted(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y)[0], probabilities(scores) - y[:, None]


@data_mistake("1 is subtracted from every entry of p: subtract it at the true class only.")
def one_subtracted_everywhere(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y)[0], probabilities(scores) - 1


@data_mistake("d[:, y] -= 1 hits whole columns: use d[np.arange(N), y] -= 1.")
def whole_columns(scores: Array, y: Array) -> tuple[Array, Array]:
    d = probabilities(scores)
    d[:, y] -= 1
    return cross_entropy(scores, y)[0], d


@data_mistake(
    "Your gradient has the factor p (1 - p) of a sigmoid: for the softmax it is p - 1 at y."
)
def sigmoid_slope(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    p = probabilities(scores)
    return losses, d * p * (1 - p)


@data_mistake("Your gradient is that of the true class alone: the other classes get p.")
def only_correct_class_grad(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    return losses, d * np.eye(scores.shape[1])[y]


@data_mistake("The true class's column is missing in your gradient: it gets p - 1.")
def no_correct_class_grad(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    return losses, d * (1 - np.eye(scores.shape[1])[y])


@data_mistake("Your gradient is -1/p at the true class: that is the slope in p, not in the scores.")
def slope_in_p(scores: Array, y: Array) -> tuple[Array, Array]:
    t = np.eye(scores.shape[1])[y]
    return cross_entropy(scores, y)[0], -t / probabilities(scores)


@data_mistake("Your gradient subtracts 1 where p is largest: subtract it at the true class y.")
def one_at_prediction(scores: Array, y: Array) -> tuple[Array, Array]:
    p = probabilities(scores)
    return cross_entropy(scores, y)[0], p - np.eye(scores.shape[1])[p.argmax(axis=1)]


@data_mistake(
    "Your one-hot matrix has max(y) + 1 columns, too few when the last class is absent: "
    "take the number of classes from w."
)
def one_hot_too_narrow(scores: Array, y: Array) -> tuple[Array, Array]:
    one_hot = np.eye(y.max() + 1)[y]
    p = probabilities(scores)
    return -(one_hot * np.log(p)).sum(axis=1), p - one_hot


@data_mistake("This is the SVM's loss: the softmax loss is -log p of the true class.")
def hinge_instead(scores: Array, y: Array) -> tuple[Array, Array]:
    return hinge(scores, y)


@data_mistake(
    "Your gradient is p (1 - p) everywhere, a sigmoid's slope: for the softmax it is p, less 1 at y."
)
def diagonal_slope(scores: Array, y: Array) -> tuple[Array, Array]:
    p = probabilities(scores)
    return cross_entropy(scores, y)[0], p * (1 - p)


@data_mistake("Your gradient is log p, less 1 at the true class: exponentiate first.")
def log_probabilities(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y)[0], np.log(probabilities(scores)) - np.eye(scores.shape[1])[y]


@data_mistake("Your gradient uses the scores in place of the probabilities.")
def scores_as_probabilities(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y)[0], scores - np.eye(scores.shape[1])[y]


@data_mistake(
    "The gradient's exp overflows for large scores: subtract each row's largest score there, too."
)
def no_max_shift_in_gradient(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores)
    return cross_entropy(scores, y)[0], from_probabilities(e / e.sum(axis=1, keepdims=True), y)[1]


@data_mistake(
    "The row's largest score is subtracted in the sum but not from the scores: "
    "z = s - m, then z - log(sum(exp(z)))."
)
def shift_in_log_sum_only(scores: Array, y: Array) -> tuple[Array, Array]:
    z = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(y))
    d = np.exp(log_p)
    d[rows, y] -= 1
    return -log_p[rows, y], d


BANK.add_mistake(
    "log_p_returned",
    "The sign is missing: the loss is -log p, which is never negative.",
    classifier(
        lambda scores, y: (-cross_entropy(scores, y)[0], cross_entropy(scores, y)[1]),
        lambda w, x, losses, d, reg: (
            losses.mean() - reg * np.sum(w * w),
            x.T @ d / len(x) + twice(w, reg),
        ),
    ),
)


@BANK.mistake(
    "p is divided by N before 1 is subtracted at the true class: subtract 1 first, then divide."
)
def divided_before_one(w: Array, x: Array, y: Array, reg: float) -> Any:
    losses, _ = cross_entropy(x @ w, y)
    d = probabilities(x @ w) / len(y)
    d[np.arange(len(y)), y] -= 1
    return losses.mean() + reg * np.sum(w * w), lambda dout=1.0: x.T @ d + twice(w, reg)
