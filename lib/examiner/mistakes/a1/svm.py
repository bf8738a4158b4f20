"""Mistakes and odd but right answers for a1.svm_loss(w, x, y, reg) -> loss, backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from examiner.bank import Bank

from .linear import Array, classifier, twice
from .linear_contract import add_shared, data_mistakes

BANK = Bank("a1.svm_loss")


def margins_of(scores: Array, y: Array, delta: float = 1.0) -> Array:
    margins = scores - scores[np.arange(len(y)), y][:, None] + delta
    margins[np.arange(len(y)), y] = 0
    return margins


def counted(active: Array, y: Array) -> Array:
    """The scores' gradient of active margins: +1 each, and minus their number at the label."""
    d = active.astype(float)
    rows = np.arange(len(y))
    d[rows, y] = 0
    d[rows, y] = -d.sum(axis=1)
    return d


def hinge(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y)
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


def repeated(w: Array, x: Array, y: Array, reg: float) -> Any:
    losses, d = hinge(x @ w, y)
    counts = -d[np.arange(len(y)), y]
    d[np.arange(len(y)), y] = 0
    dw = x.T @ d
    dw[:, y] -= x.T * counts
    return losses.mean() + reg * np.sum(w * w), lambda dout=1.0: dw / len(x) + twice(w, reg)


add_shared(BANK, hinge, repeated)


data_mistake = data_mistakes(BANK)


@data_mistake(
    "Your data loss is larger by exactly 1, the margin: the sum runs over the classes j other "
    "than y. Leave out j = y."
)
def correct_class_counted(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    return losses + 1, d


@data_mistake(
    "The true class is counted among the margins, in the loss (1 too much) and in the gradient: "
    "set its margin to 0 before you sum and count."
)
def correct_class_counted_both(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] -= 1
    return losses + 1, d


@data_mistake("The true class is counted in the gradient's number of margins: leave out j = y.")
def correct_class_in_count(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] -= 1
    return losses, d


@data_mistake("The true class gets +1 in your gradient, as the others do: it gets minus the count.")
def correct_class_plus_one(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    d[np.arange(len(y)), y] = 1
    return losses, d


@data_mistake("The margin is missing: with w = 0 the loss must be C - 1. Add 1 to s_j - s_y.")
def no_delta(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y, 0.0)
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@data_mistake("The margin has the wrong sign: it is s_j - s_y + 1, not - 1.")
def delta_subtracted(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y, -1.0)
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@data_mistake("The scores are subtracted the wrong way round: a margin is s_j - s_y + 1.")
def margin_reversed(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(-scores, y)
    return losses, -d


@data_mistake(
    "The scores are subtracted the wrong way round in the loss: a margin is s_j - s_y + 1."
)
def margin_reversed_loss(scores: Array, y: Array) -> tuple[Array, Array]:
    return hinge(-scores, y)[0], hinge(scores, y)[1]


@data_mistake(
    "A satisfied margin counts as negative: clamp each with max(0, .), in loss and gradient."
)
def no_clamp(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y)
    return margins.sum(axis=1), counted(np.ones_like(margins, bool), y)


@data_mistake("A satisfied margin lowers your loss: clamp each margin with max(0, .).")
def no_clamp_loss(scores: Array, y: Array) -> tuple[Array, Array]:
    return margins_of(scores, y).sum(axis=1), hinge(scores, y)[1]


@data_mistake("Satisfied margins still push in your gradient: only those above 0 count.")
def no_clamp_grad(scores: Array, y: Array) -> tuple[Array, Array]:
    return hinge(scores, y)[0], counted(np.ones_like(scores, bool), y)


@data_mistake("You clamp the sum of the margins: clamp each margin, then sum over the classes.")
def clamp_after_sum(scores: Array, y: Array) -> tuple[Array, Array]:
    total = margins_of(scores, y).sum(axis=1)
    active = np.broadcast_to((total > 0)[:, None], scores.shape)
    return np.maximum(total, 0), counted(active, y)


@data_mistake("The loss clamps the sum of the margins: clamp each margin, then sum.")
def clamp_after_sum_loss(scores: Array, y: Array) -> tuple[Array, Array]:
    return np.maximum(margins_of(scores, y).sum(axis=1), 0), hinge(scores, y)[1]


@data_mistake("Your margins are squared: a margin of 2 costs 2 here, not 4.")
def squared_hinge(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = np.maximum(margins_of(scores, y), 0)
    d = 2 * margins
    d[np.arange(len(y)), y] = -d.sum(axis=1)
    return (margins**2).sum(axis=1), d


@data_mistake("Your loss squares the margins: a margin of 2 costs 2 here, not 4.")
def squared_hinge_loss(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = np.maximum(margins_of(scores, y), 0)
    return (margins**2).sum(axis=1), hinge(scores, y)[1]


@data_mistake("Margins are made positive with abs(): use max(0, .), so that satisfied ones cost 0.")
def absolute_margins(scores: Array, y: Array) -> tuple[Array, Array]:
    return np.abs(margins_of(scores, y)).sum(axis=1), hinge(scores, y)[1]


@data_mistake("Only the largest margin counts in your loss: sum over all classes j other than y.")
def largest_margin_only(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = np.maximum(margins_of(scores, y), 0)
    active = (margins == margins.max(axis=1, keepdims=True)) & (margins > 0)
    return margins.max(axis=1), counted(active, y)


@data_mistake("Your loss counts the margins instead of adding them up.")
def counts_margins(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y)
    return (margins > 0).sum(axis=1).astype(float), counted(margins > 0, y)


@data_mistake("Margins are averaged over the C - 1 other classes: sum them.")
def mean_over_other_classes(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    return losses / (scores.shape[1] - 1), d / (scores.shape[1] - 1)


@data_mistake("The predicted class is taken for the true one: use the labels y.")
def predicted_as_label(scores: Array, y: Array) -> tuple[Array, Array]:
    return hinge(scores, scores.argmax(axis=1))


@data_mistake("The scores of the true class keep the shape (N,): give them a column, [:, None].")
def correct_scores_as_row(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = scores - scores[np.arange(len(y)), y] + 1
    margins[np.arange(len(y)), y] = 0
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@data_mistake("scores[:, y] takes N columns for every row: use scores[np.arange(N), y].")
def fancy_columns(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = scores - scores[:, y] + 1
    margins[np.arange(len(y)), y] = 0
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@data_mistake("1 is subtracted once for the whole batch: the true class adds 1 for each sample.")
def delta_subtracted_once(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    return losses + 1 - 1 / len(y), d


@data_mistake("Each class is a two-class hinge in your loss: compare with the true class's score.")
def one_against_rest(scores: Array, y: Array) -> tuple[Array, Array]:
    t = np.where(np.arange(scores.shape[1]) == y[:, None], 1.0, -1.0)
    violated = np.maximum(0, 1 - t * scores)
    return violated.sum(axis=1), -t * (violated > 0)


@data_mistake("This is the perceptron's loss, max_j s_j - s_y: the SVM sums margins s_j - s_y + 1.")
def perceptron(scores: Array, y: Array) -> tuple[Array, Array]:
    d = np.zeros_like(scores, float)
    d[np.arange(len(y)), scores.argmax(axis=1)] += 1
    d[np.arange(len(y)), y] -= 1
    return scores.max(axis=1) - scores[np.arange(len(y)), y], d


@data_mistake("This is the cross-entropy of the softmax: the SVM's loss is a sum of margins.")
def softmax_instead(scores: Array, y: Array) -> tuple[Array, Array]:
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]), p - np.eye(scores.shape[1])[y]


@data_mistake("The first class is left out of the sum: j runs over 0 to C - 1, without y.")
def first_class_skipped(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y)
    margins[:, 0] = 0
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@data_mistake("The last class is left out of the sum: j runs over 0 to C - 1, without y.")
def last_class_skipped(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y)
    margins[:, -1] = 0
    return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)


@data_mistake("Margins between 0 and 1 are ignored: a margin counts as soon as it is above 0.")
def threshold_at_delta(scores: Array, y: Array) -> tuple[Array, Array]:
    margins = margins_of(scores, y)
    margins[margins <= 1] = 0
    return margins.sum(axis=1), counted(margins > 0, y)


@data_mistake("Labels are taken to start at 1: they start at 0, so use y as it is.")
def labels_from_one(scores: Array, y: Array) -> tuple[Array, Array]:
    return hinge(scores, y - 1)


@data_mistake("You divide by the number of violated margins: divide by the number of samples N.")
def divided_by_violations(scores: Array, y: Array) -> tuple[Array, Array]:
    losses, d = hinge(scores, y)
    share = len(y) / max(1, (margins_of(scores, y) > 0).sum())
    return losses * share, d * share


@data_mistake("Your loss is the share of wrong predictions: sum the margins instead.")
def wrong_predictions(scores: Array, y: Array) -> tuple[Array, Array]:
    return (scores.argmax(axis=1) != y).astype(float), hinge(scores, y)[1]


def _margin(delta: float) -> Callable[[Array, Array], tuple[Array, Array]]:
    def data(scores: Array, y: Array) -> tuple[Array, Array]:
        margins = margins_of(scores, y, delta)
        return np.maximum(margins, 0).sum(axis=1), counted(margins > 0, y)

    return data


for _delta in (0.1, 0.5, 2.0, 10.0):
    BANK.add_mistake(
        f"delta_{_delta:g}".replace(".", "_"),
        f"Your margin is {_delta:g}: in this exercise it is 1.",
        classifier(_margin(_delta)),
    )
