"""Mistakes and odd but right answers for a1.relative_error(a, b) -> one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.relative_error")


def relative(a: Array, b: Array) -> Array:
    return np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))


@BANK.mistake(
    "Signs are taken off first, so a flipped gradient passes: take |a - b|, not ||a| - |b||."
)
def sign_free(a: Array, b: Array) -> Any:
    return (np.abs(np.abs(a) - np.abs(b)) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max()


@BANK.mistake("The difference has no absolute value: b above a counts as no error.")
def no_absolute(a: Array, b: Array) -> Any:
    return ((a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max()


@BANK.mistake("The errors are averaged: one wrong entry must show, so take the largest.")
def mean_error(a: Array, b: Array) -> Any:
    return relative(a, b).mean()


@BANK.mistake("The errors are added up: take the largest.")
def sum_error(a: Array, b: Array) -> Any:
    return relative(a, b).sum()


@BANK.mistake("The smallest error is returned: take the largest.")
def smallest(a: Array, b: Array) -> Any:
    return relative(a, b).min()


@BANK.mistake("The median error is returned: take the largest.")
def median(a: Array, b: Array) -> Any:
    return np.median(relative(a, b))


@BANK.mistake("The error of every entry is returned: take the largest.")
def every_entry(a: Array, b: Array) -> Any:
    return relative(a, b)


@BANK.mistake("0 / 0 gives nan where both entries are 0: divide by at least 1e-8.")
def no_guard(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / (np.abs(a) + np.abs(b))).max()


@BANK.mistake("This is the absolute error: divide by |a| + |b|.")
def absolute(a: Array, b: Array) -> Any:
    return np.abs(a - b).max()


@BANK.mistake("You divide by |b| alone: divide by |a| + |b|.")
def relative_to_b(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, np.abs(b))).max()


@BANK.mistake("You divide by |a| alone: divide by |a| + |b|.")
def relative_to_a(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, np.abs(a))).max()


@BANK.mistake("You divide by the larger of |a| and |b|: here it is their sum.")
def relative_to_larger(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b)))).max()


@BANK.mistake("You divide by the mean of |a| and |b|: here it is their sum.")
def relative_to_mean(a: Array, b: Array) -> Any:
    return 2 * (np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b))).max()


@BANK.mistake("You divide by |a + b|, which vanishes for opposite signs: divide by |a| + |b|.")
def absolute_of_sum(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, np.abs(a + b))).max()


@BANK.mistake("Your error is one of norms: take the largest over the entries.")
def of_norms(a: Array, b: Array) -> Any:
    return np.linalg.norm(a - b) / max(1e-8, float(np.linalg.norm(a) + np.linalg.norm(b)))


@BANK.mistake(
    "The largest difference is divided by the largest sum: divide entry by entry, then take the largest."
)
def quotient_of_maxima(a: Array, b: Array) -> Any:
    return np.abs(a - b).max() / max(1e-8, float((np.abs(a) + np.abs(b)).max()))


@BANK.mistake("You divide by the smaller of |a| and |b|: here it is their sum.")
def relative_to_smaller(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, np.minimum(np.abs(a), np.abs(b)))).max()


@BANK.mistake("Your error is in percent: here it is a plain fraction.")
def percent(a: Array, b: Array) -> Any:
    return 100 * relative(a, b).max()


@BANK.mistake("The error is squared.")
def squared(a: Array, b: Array) -> Any:
    return (relative(a, b) ** 2).max()


@BANK.mistake("You return whether the arrays are close: return the error itself.")
def close_or_not(a: Array, b: Array) -> Any:
    return np.allclose(a, b)


@BANK.mistake("You return the worked example's number whatever the input is.")
def visible_number(a: Array, b: Array) -> Any:
    return 0.2 / 4.2


@BANK.odd_but_right
def python_loop(a: Array, b: Array) -> Any:
    worst = 0.0
    for p, q in zip(a.ravel(), b.ravel(), strict=True):
        worst = max(worst, abs(p - q) / max(1e-8, abs(p) + abs(q)))
    return worst


@BANK.odd_but_right
def added_guard_elsewhere(a: Array, b: Array) -> Any:
    total = np.abs(a) + np.abs(b)
    return np.max(np.where(total == 0, 0.0, np.abs(b - a) / np.where(total == 0, 1, total)))


@BANK.odd_but_right
def keeps_an_axis(a: Array, b: Array) -> Any:
    return np.amax(relative(a, b), keepdims=True)
