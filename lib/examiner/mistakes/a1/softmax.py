"""Mistakes for a1.softmax_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

from .linear import Array, twice
from .linear_contract import add_shared, data_mistakes
from .softmax_parts import cross_entropy, from_probabilities, probabilities

BANK = Bank("a1.softmax_loss")


def repeated(w: Array, x: Array, y: Array, reg: float) -> Any:
    losses, _ = cross_entropy(x @ w, y)
    dw = x.T @ probabilities(x @ w)
    dw[:, y] -= x.T
    return losses.mean() + reg * np.sum(w * w), lambda dout=1.0: dw / len(x) + twice(w, reg)


add_shared(BANK, cross_entropy, repeated)


data_mistake = data_mistakes(BANK)


@data_mistake(
    "exp overflows for large scores: subtract each row's largest score before exp. "
    "The probabilities do not change."
)
def no_max_shift(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores)
    return from_probabilities(e / e.sum(axis=1, keepdims=True), y)


@data_mistake(
    "The loss is log-sum-exp without a shift: subtract each row's largest score before exp."
)
def no_max_shift_in_loss(scores: Array, y: Array) -> tuple[Array, Array]:
    losses = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(y)), y]
    return losses, cross_entropy(scores, y)[1]


@data_mistake("log(sum(exp)) overflows, in loss and gradient: subtract each row's largest score.")
def no_max_shift_log_sum_exp(scores: Array, y: Array) -> tuple[Array, Array]:
    losses = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(y)), y]
    return losses, no_max_shift(scores, y)[1]


@data_mistake("The smallest score of a row is subtracted, which makes exp larger: use the largest.")
def min_shift(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.min(axis=1, keepdims=True))
    return from_probabilities(e / e.sum(axis=1, keepdims=True), y)


@data_mistake("The largest score is divided by, not subtracted: that changes the probabilities.")
def divided_by_max(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(probabilities(scores / scores.max(axis=1, keepdims=True)), y)


@data_mistake("The shift runs down the columns (axis 0): subtract the maximum of each row, axis 1.")
def max_of_columns(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=0))
    return from_probabilities(e / e.sum(axis=1, keepdims=True), y)


@data_mistake(
    "The row maximum has shape (N,) and is spread along the classes: keep its axis, keepdims=True."
)
def max_without_keepdims(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1))
    return from_probabilities(e / e.sum(axis=1, keepdims=True), y)


@data_mistake(
    "The row sum has shape (N,) and is spread along the classes: keep its axis, keepdims=True."
)
def sum_without_keepdims(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return from_probabilities(e / e.sum(axis=1), y)


@data_mistake("Maximum and sum have shape (N,): keep their axes with keepdims=True.")
def no_keepdims(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1))
    return from_probabilities(e / e.sum(axis=1), y)


@data_mistake("Each row of probabilities must sum to 1; yours sum to 1 over the whole batch.")
def sum_over_all(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max())
    return from_probabilities(e / e.sum(), y)


@data_mistake("Each row must sum to 1; with a shift for each row, yours sum to 1 over the batch.")
def sum_over_all_row_shift(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return from_probabilities(e / e.sum(), y)


@data_mistake("The softmax runs down the columns (axis 0, samples): it runs along classes, axis 1.")
def softmax_over_samples(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(probabilities(scores.T).T, y)


@data_mistake("The sum runs down the columns (axis 0, samples): sum over the classes, axis 1.")
def sum_over_samples(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return from_probabilities(e / e.sum(axis=0), y)


@data_mistake("exp is never divided by its sum: probabilities of a row must sum to 1.")
def not_normalised(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(np.exp(scores - scores.max(axis=1, keepdims=True)), y)


@data_mistake(
    "Scores are divided by their sum without exp: probabilities are exp(s) / sum(exp(s))."
)
def no_exp(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(scores / scores.sum(axis=1, keepdims=True), y)


@data_mistake(
    "Your probabilities are sigmoids of single scores: the softmax divides by a row's sum."
)
def sigmoid_instead(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(1 / (1 + np.exp(-scores)), y)


@data_mistake("exp is taken to the base 2: use np.exp.")
def base_two_exp(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(probabilities(scores * np.log(2)), y)


@data_mistake("The softmax is applied twice: once turns scores into probabilities.")
def softmax_twice(scores: Array, y: Array) -> tuple[Array, Array]:
    return from_probabilities(probabilities(probabilities(scores)), y)


@data_mistake("Your logarithm is to the base 10: use the natural one, np.log.")
def log_base_ten(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    return losses / np.log(10), d


@data_mistake("Your logarithm is to the base 2: use the natural one, np.log.")
def log_base_two(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    return losses / np.log(2), d


@data_mistake("The logarithm is missing: the loss of a sample is -log p, not -p.")
def minus_p(scores: Array, y: Array) -> tuple[Array, Array]:
    return -probabilities(scores)[np.arange(len(y)), y], cross_entropy(scores, y)[1]


@data_mistake("The loss of a sample is -log p, not 1 - p.")
def one_minus_p(scores: Array, y: Array) -> tuple[Array, Array]:
    return 1 - probabilities(scores)[np.arange(len(y)), y], cross_entropy(scores, y)[1]


@data_mistake(
    "You take -log(1 - p): for a true class of probability 0.1 the loss is -log 0.1 = 2.303."
)
def log_of_one_minus_p(scores: Array, y: Array) -> tuple[Array, Array]:
    p = probabilities(scores)[np.arange(len(y)), y]
    return -np.log(1 - p), cross_entropy(scores, y)[1]


@data_mistake("Your loss adds -log p of all the classes: take the true class's alone.")
def all_classes(scores: Array, y: Array) -> tuple[Array, Array]:
    return -np.log(probabilities(scores)).sum(axis=1), cross_entropy(scores, y)[1]


@data_mistake(
    "Your loss also has the terms log(1 - p) of the other classes: it is -log p[y] alone."
)
def binary_terms(scores: Array, y: Array) -> tuple[Array, Array]:
    p, t = probabilities(scores), np.eye(scores.shape[1])[y]
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).sum(axis=1), cross_entropy(scores, y)[1]


@data_mistake("Your loss is the entropy -sum(p log p): it is -log p of the true class.")
def entropy(scores: Array, y: Array) -> tuple[Array, Array]:
    p = probabilities(scores)
    return -(p * np.log(p)).sum(axis=1), cross_entropy(scores, y)[1]


@data_mistake(
    "Your loss is minus the score of the true class: the log of the row's sum is missing."
)
def score_only(scores: Array, y: Array) -> tuple[Array, Array]:
    return -scores[np.arange(len(y)), y].astype(float), cross_entropy(scores, y)[1]


@data_mistake("The row maximum is subtracted and not added back: log(sum(exp(s - m))) + m - s[y].")
def shift_not_added_back(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    return losses - scores.max(axis=1), d


@data_mistake("The loss uses the most probable class: use the labels y.")
def predicted_as_label(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, scores.argmax(axis=1))


@data_mistake("The first class is taken for the true one: use the labels y.")
def first_class_as_label(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, np.zeros_like(y))


@data_mistake("The mean is taken before the log: it is the mean of -log p, not -log of the mean.")
def log_of_mean(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = cross_entropy(scores, y)
    return np.full(len(y), -np.log(np.mean(np.exp(-losses)))), d


@data_mistake("p[:, y] takes N columns for every row: use p[np.arange(N), y].")
def fancy_columns(scores: Array, y: Array) -> tuple[Array, Array]:
    return -np.log(probabilities(scores)[:, y]).mean(axis=1), cross_entropy(scores, y)[1]


@data_mistake("You changed the probabilities in place before the loss is taken from them.")
def probabilities_reused(scores: Array, y: Array) -> tuple[Array, Array]:
    _, d = from_probabilities(probabilities(scores), y)
    return -np.log(d[np.arange(len(y)), y]), d


@data_mistake("Labels are taken to start at 1: they start at 0, so use y as it is.")
def labels_from_one(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, y - 1)


@data_mistake("The shift is in the numerator alone: shift the scores once, then use them in both.")
def shift_in_numerator_only(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return from_probabilities(e / np.exp(scores).sum(axis=1, keepdims=True), y)


@data_mistake(
    "The shift is in the denominator alone: shift the scores once, then use them in both."
)
def shift_in_denominator_only(scores: Array, y: Array) -> tuple[Array, Array]:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return from_probabilities(np.exp(scores) / e.sum(axis=1, keepdims=True), y)


@data_mistake(
    "Your loss is the squared distance of p from the one-hot label: it is -log p of the true class."
)
def squared_error(scores: Array, y: Array) -> tuple[Array, Array]:
    _, d = cross_entropy(scores, y)
    return (d**2).sum(axis=1), d


@data_mistake(
    "Your loss is the share of wrong predictions: it is the mean of -log p of the true class."
)
def wrong_predictions(scores: Array, y: Array) -> tuple[Array, Array]:
    return (scores.argmax(axis=1) != y).astype(float), cross_entropy(scores, y)[1]


@data_mistake("The loss takes log p of the most probable class: take that of the true class, y.")
def predicted_class_in_loss(scores: Array, y: Array) -> tuple[Array, Array]:
    return cross_entropy(scores, scores.argmax(axis=1))[0], cross_entropy(scores, y)[1]


@data_mistake(
    "log_p[:, y] takes N columns for every row, and sums them: use log_p[np.arange(N), y]."
)
def fancy_columns_summed(scores: Array, y: Array) -> tuple[Array, Array]:
    return -np.log(probabilities(scores)[:, y]).sum(axis=1), cross_entropy(scores, y)[1]
