"""Mistakes of axes and terms for a1.log_softmax(scores) -> log_p (N, C)."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from .log_softmax import BANK, Array, mistake

__all__ = ["BANK"]


def _shifted(scores: Array) -> Array:
    return scores - scores.max(axis=1, keepdims=True)


@mistake("The row's sum has shape (N,): keep its axis with keepdims=True.")
def sum_without_keepdims(scores: Array) -> Array:
    z = _shifted(scores)
    return z - np.log(np.exp(z).sum(axis=1))


@mistake("Maximum and sum have shape (N,): keep their axes with keepdims=True.")
def no_keepdims(scores: Array) -> Array:
    z = scores - scores.max(axis=1)
    return z - np.log(np.exp(z).sum(axis=1))


@mistake("The shift is the largest score of each column, axis 0: use that of each row, axis 1.")
def shift_by_columns(scores: Array) -> Array:
    z = scores - scores.max(axis=0)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake("The row's maximum is added: subtract it, s - m - log(sum(exp(s - m))).")
def maximum_added(scores: Array) -> Array:
    m = scores.max(axis=1, keepdims=True)
    return scores + m - np.log(np.exp(scores - m).sum(axis=1, keepdims=True))


@mistake("Each row is shifted, but the sum runs over the whole matrix: sum each row, axis=1.")
def sum_over_everything(scores: Array) -> Array:
    z = _shifted(scores)
    return z - np.log(np.exp(z).sum())


@mistake("The exponentials of a row are averaged: sum them.")
def mean_for_sum(scores: Array) -> Array:
    z = _shifted(scores)
    return z - np.log(np.exp(z).mean(axis=1, keepdims=True))


@mistake("log1p adds 1 to the sum: the row's sum is complete, use np.log.")
def log1p_of_sum(scores: Array) -> Array:
    z = _shifted(scores)
    return z - np.log1p(np.exp(z).sum(axis=1, keepdims=True))


@mistake("Your logarithm is to the base 2: use np.log.")
def log2(scores: Array) -> Array:
    return (scores - logsumexp(scores, axis=1, keepdims=True)) / np.log(2)


@mistake("Only the log-sum of each row came back: subtract it from the scores.")
def log_sum_alone(scores: Array) -> Array:
    return logsumexp(scores, axis=1, keepdims=True)


@mistake("The scores are divided by the log-sum: subtract it.")
def divided_by_log_sum(scores: Array) -> Array:
    return scores / logsumexp(scores, axis=1, keepdims=True)


@mistake("This is the log of each score's own sigmoid: the softmax sums over the row's classes.")
def log_of_sigmoid(scores: Array) -> Array:
    return -np.logaddexp(0, -scores)


@mistake(
    "nan_to_num hides the overflow of exp and leaves a wrong number: subtract each row's largest "
    "score first, and nothing overflows."
)
def nan_to_num(scores: Array) -> Array:
    return np.nan_to_num(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


@mistake(
    "The shift is the largest |score| of the row: where that score is negative, exp is 0 for all. "
    "Use the largest score, without abs."
)
def shift_by_largest_absolute(scores: Array) -> Array:
    z = scores - np.abs(scores).max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@mistake(
    "One shift for the whole matrix leaves small rows with exp = 0, and the 1e-300 hides it: "
    "shift each row by its own largest score."
)
def global_shift_and_epsilon(scores: Array) -> Array:
    z = scores - scores.max()
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True) + 1e-300)


@mistake(
    "np.asarray(scores, float) is no copy of an array of floats, so -= changes your argument: "
    "write z = scores - m."
)
def shifts_floats_in_place(scores: Array) -> Array:
    z = np.asarray(scores, float)
    z -= z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@BANK.odd_but_right
def accumulated(scores: Array) -> Array:
    return scores - np.logaddexp.accumulate(scores.astype(float), axis=1)[:, -1:]


@BANK.odd_but_right
def sum_without_the_largest(scores: Array) -> Array:
    z = _shifted(scores.astype(np.longdouble))
    e = np.exp(z)
    e[np.arange(len(z)), z.argmax(axis=1)] = 0
    return z - np.log1p(e.sum(axis=1, keepdims=True))
