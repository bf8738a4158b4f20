"""Slips in single terms of a1.multilabel_loss(scores, t) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit, log_softmax, softmax

from .multilabel import BANK, Array, entries, mistake, right

__all__ = ["BANK"]


@mistake("min stands where max should: max(s, 0) - s t + log(1 + e^(-|s|)).")
def minimum_for_maximum(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.minimum(s, 0) - s * t + np.log1p(np.exp(-np.abs(s)))).mean(), right(s, t)[1]


@mistake("The last term is missing: max(s, 0) - s t + log(1 + e^(-|s|)).")
def no_log_term(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.maximum(s, 0) - s * t).mean(), right(s, t)[1]


@mistake("The factor 1 - t is missing: -t log(p) - (1 - t) log(1 - p).")
def no_one_minus_t(s: Array, t: Array) -> tuple[Any, Array]:
    return (t * np.logaddexp(0, -s) + np.logaddexp(0, s)).mean(), right(s, t)[1]


@mistake("Loss and gradient are half of what they should be: divide by N x C, with no 2.")
def half(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0] / 2, right(s, t)[1] / 2


@mistake("You divide by the number of labels that are present: divide by N x C, the entries.")
def mean_over_present(s: Array, t: Array) -> tuple[Any, Array]:
    return entries(s, t).sum() / t.sum(), (expit(s) - t) / t.sum()


@mistake("This is the softmax's loss: each label has its own sigmoid and two terms.")
def softmax_mean(s: Array, t: Array) -> tuple[Any, Array]:
    return -(t * log_softmax(s, axis=1)).mean(), (softmax(s, axis=1) - t) / s.size


@mistake("This is a hinge loss: it is -t log(p) - (1 - t) log(1 - p), with p = sigmoid(s).")
def hinge(s: Array, t: Array) -> tuple[Any, Array]:
    margins = 1 - (2 * t - 1) * s
    return np.maximum(0, margins).mean(), -(2 * t - 1) * (margins > 0) / s.size


@mistake("Your gradient takes 1 off only where t == 1: soft targets are lost. Write p - t.")
def ones_subtracted_alone(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], np.where(t == 1, expit(s) - 1, expit(s)) / s.size


@mistake("Your gradient is (s > 0) - t, the slope of max(s, 0) - s t: it is sigmoid(s) - t.")
def slope_of_maximum(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], ((s > 0) - t) / s.size


@mistake("Your gradient is p (1 - t): the part of the labels that are present is missing, p - t.")
def present_labels_lost(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], expit(s) * (1 - t) / s.size


@mistake("Your gradient is multiplied by the scores: that is one chain rule too many, it is p - t.")
def times_scores(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], (expit(s) - t) * s / s.size


@mistake(
    "The sigmoid in your gradient takes |s|: 1 / (1 + exp(-|s|)) is right for s >= 0 alone, "
    "below it is exp(s) / (1 + exp(s))."
)
def sigmoid_of_absolute(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], (expit(np.abs(s)) - t) / s.size


@mistake(
    "The sigmoid in your gradient has the wrong sign, or its two branches are swapped: "
    "it is 1 / (1 + exp(-s))."
)
def sigmoid_sign_in_gradient(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], (expit(-s) - t) / s.size


@mistake("exp(s) / (1 + exp(s)) in your gradient is nan for large s: use 1 / (1 + exp(-s)) there.")
def exp_over_one_plus_exp_in_gradient(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], (np.exp(s) / (1 + np.exp(s)) - t) / s.size


@mistake("Scores are clipped at 50, so that a wrong answer costs no more beyond: do not clip.")
def clipped_at_50(s: Array, t: Array) -> tuple[Any, Array]:
    return right(np.clip(s, -50, 50), t)[0], right(s, t)[1]


@mistake("Your gradient is transposed: it has the shape (N, C) of the scores.")
def transposed_gradient(s: Array, t: Array) -> tuple[Any, Array]:
    return right(s, t)[0], right(s, t)[1].T


@BANK.mistake("The call changes the scores in place: work on a new array, without out= and -=.")
def changes_scores(scores: Array, t: Array) -> Any:
    loss, dscores = right(scores, t)
    np.maximum(scores, 0, out=scores)
    return loss, lambda dout=1.0: dscores


@BANK.mistake(
    "Your gradient takes its type from the scores: with whole-number scores it is cut to 0. "
    "Allocate it as float, np.zeros(scores.shape)."
)
def gradient_in_type_of_scores(scores: Array, t: Array) -> Any:
    dscores = np.zeros_like(scores)
    dscores[:] = right(scores, t)[1]
    return right(scores, t)[0], lambda dout=1.0: dscores
