"""Mistakes and odd but right answers for a1.multilabel_loss(scores, t) -> loss, backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, log_expit

from examiner.bank import Bank

from .linear_contract import needs_argument

Array = np.ndarray
BANK = Bank("a1.multilabel_loss")


def entries(s: Array, t: Array) -> Array:
    """The loss of each entry, stable for any score."""
    return -t * log_expit(s) - (1 - t) * log_expit(-s)


def right(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).mean(), (expit(s) - t) / s.size


def mistake(says: str) -> Callable[[Callable], Callable]:
    """Add a mistake given as (scores, t) -> loss, dscores."""

    def add(pair: Callable) -> Callable:
        def answer(scores: Array, t: Array) -> Any:
            loss, dscores = pair(scores, t)
            return loss, lambda dout=1.0: dscores

        BANK.add_mistake(pair.__name__, says, answer)
        return pair

    return add


@mistake("Loss and gradient are sums: take the mean over all N x C entries.")
def no_mean(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).sum(), expit(s) - t


@mistake("Your loss is a sum: take the mean over all N x C entries.")
def no_mean_loss(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).sum(), right(s, t)[1]


@mistake(
    "Your gradient is not divided: divide it by N x C, as the loss is a mean over all entries."
)
def no_mean_grad(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], expit(s) - t


@mistake("You divide by N alone: here the mean runs over all N x C entries.")
def mean_over_samples(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).sum() / len(s), (expit(s) - t) / len(s)


@mistake("Your loss divides by N alone: here the mean runs over all N x C entries.")
def mean_over_samples_loss(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).sum() / len(s), right(s, t)[1]


@mistake("Your gradient divides by N alone: the loss is a mean over N x C entries.")
def mean_over_samples_grad(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], (expit(s) - t) / len(s)


@mistake("You divide by C alone: here the mean runs over all N x C entries.")
def mean_over_classes(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).sum() / s.shape[1], (expit(s) - t) / s.shape[1]


@mistake("Only the labels that are present count in your loss: add -(1 - t) log(1 - p).")
def absent_labels_ignored(s: Array, t: Array) -> tuple[Any, Array]:
    return (-t * log_expit(s)).mean(), -t * expit(-s) / s.size


@mistake("Only the labels that are present count in your loss: add -(1 - t) log(1 - p).")
def absent_labels_ignored_loss(s: Array, t: Array) -> tuple[Any, Array]:
    return (-t * log_expit(s)).mean(), right(s, t)[1]


@mistake("Only the labels that are absent count in your loss: add -t log(p).")
def present_labels_ignored(s: Array, t: Array) -> tuple[Any, Array]:
    return (-(1 - t) * log_expit(-s)).mean(), right(s, t)[1]


@mistake("Targets 0 and 1 are the wrong way round: -t log(p) - (1 - t) log(1 - p).")
def targets_swapped(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, 1 - t)


@mistake("Targets 0 and 1 are the wrong way round in the loss: -t log(p) - (1 - t) log(1 - p).")
def targets_swapped_loss(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, 1 - t)[0], right(s, t)[1]


@mistake("The sigmoid has the wrong sign: p = 1 / (1 + exp(-s)).")
def sigmoid_sign(s: Array, t: Array) -> tuple[Any, Array]:
    return right(-s, t)


@mistake("Your loss is negative: the cross-entropy is minus the log-likelihood.")
def loss_sign(s: Array, t: Array) -> tuple[Any, Array]:
    return -right(s, t)[0], right(s, t)[1]


@mistake("Your gradient has the wrong sign: it is p - t, not t - p.")
def sign(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], -right(s, t)[1]


@mistake("Both have the wrong sign: the loss is minus the log-likelihood, its gradient p - t.")
def both_signs(s: Array, t: Array) -> tuple[Any, Array]:
    return -right(s, t)[0], -right(s, t)[1]


def _softmax(s: Array) -> Array:
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@mistake("You use a softmax: labels do not exclude each other, so each has its own sigmoid.")
def softmax_instead(s: Array, t: Array) -> tuple[Any, Array]:
    p = _softmax(s)
    return (-t * np.log(p) - (1 - t) * np.log(1 - p)).mean(), (p - t) / s.size


@mistake("This is the softmax's cross-entropy: each label has its own sigmoid and two terms.")
def softmax_cross_entropy(s: Array, t: Array) -> tuple[Any, Array]:
    p = _softmax(s)
    return -(t * np.log(p)).sum(axis=1).mean(), (p - t) / len(s)


@mistake("The scores are taken for probabilities: p = sigmoid(s) comes first.")
def no_sigmoid(s: Array, t: Array) -> tuple[Any, Array]:
    return (-t * np.log(s) - (1 - t) * np.log(1 - s)).mean(), (s - t) / s.size


@mistake("The sigmoid is applied twice: the scores become probabilities once.")
def sigmoid_twice(s: Array, t: Array) -> tuple[Any, Array]:
    return right(expit(s), t)


@mistake("Your loss is a squared error: it is -t log(p) - (1 - t) log(1 - p).")
def squared_error(s: Array, t: Array) -> tuple[Any, Array]:
    return np.square(expit(s) - t).mean(), right(s, t)[1]


@mistake("Your gradient has a factor p (1 - p) too many: it cancels, and p - t is left.")
def sigmoid_slope(s: Array, t: Array) -> tuple[Any, Array]:
    p = expit(s)
    return right(s, t)[0], right(s, t)[1] * p * (1 - p)


@mistake("Your gradient is the slope in p: the chain rule through the sigmoid leaves p - t.")
def slope_in_p(s: Array, t: Array) -> tuple[Any, Array]:
    p = expit(s)
    return right(s, t)[0], (p - t) / (p * (1 - p)) / s.size


@mistake("Your gradient uses the scores in place of their sigmoid: it is sigmoid(s) - t.")
def scores_less_targets(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], (s - t) / s.size


@mistake("Your gradient is p alone: subtract the targets.")
def targets_not_subtracted(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], expit(s) / s.size


@mistake("Your logarithm is to the base 2: use np.log.")
def log_base_two(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0] / np.log(2), right(s, t)[1]


@mistake("Your logarithm is to the base 10: use np.log.")
def log_base_ten(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0] / np.log(10), right(s, t)[1]


@mistake("Your loss has one number a sample: take the mean over all entries.")
def loss_per_sample(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).mean(axis=1), right(s, t)[1]


@mistake("Your loss has one number an entry: take the mean over all entries.")
def loss_per_entry(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t), right(s, t)[1]


@mistake("The gradient is divided by N x C twice.")
def double_mean_grad(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], right(s, t)[1] / s.size


@mistake("Soft targets are rounded to 0 or 1: use them as they are.")
def targets_rounded(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, (t > 0.5).astype(s.dtype))


BANK.add_mistake(
    "order_swapped",
    "The two values are in the other order: return loss, backward.",
    lambda s, t: ((lambda dout=1.0: right(s, t)[1]), right(s, t)[0]),
)
BANK.add_mistake(
    "gradient_not_a_function",
    "The second value is the gradient itself: return a function backward() that returns it.",
    right,
)
BANK.add_mistake(
    "loss_only", "You return the loss alone: return loss, backward.", lambda s, t: right(s, t)[0]
)
BANK.add_mistake(
    "backward_returns_none",
    "backward() returns None: does it end with `return dscores`?",
    lambda s, t: (right(s, t)[0], lambda dout=1.0: None),
)
BANK.add_mistake(
    "backward_needs_argument",
    "backward() is called without arguments: give dout the default 1.0.",
    lambda s, t: (right(s, t)[0], needs_argument(BANK, lambda: right(s, t)[1])),
)


@BANK.mistake("Your gradient takes its type from integer targets and is truncated: use floats.")
def integer_gradient(scores: Array, t: Array) -> Any:
    dscores = np.zeros_like(t)
    dscores[...] = right(scores, t)[1]
    return right(scores, t)[0], lambda dout=1.0: dscores


@BANK.mistake("You write into the scores: work on a new array.")
def writes_into_scores(scores: Array, t: Array) -> Any:
    loss, dscores = right(scores, t)
    scores[...] = dscores
    return loss, lambda dout=1.0: scores


@BANK.mistake("You return the numbers of the worked example whatever the input is.")
def visible_answer(scores: Array, t: Array) -> Any:
    loss, dscores = right(np.array([[0.0, 2.0]]), np.array([[1.0, 0.0]]))
    return loss, lambda dout=1.0: dscores
