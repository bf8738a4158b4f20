"""Mistakes in the quotient and in its largest value for a1.relative_error(a, b) -> one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from .relative_error import BANK, Array, relative

__all__ = ["BANK"]


@BANK.mistake("The place of the largest error came back: return the error itself, max not argmax.")
def place_of_largest(a: Array, b: Array) -> Any:
    return np.argmax(relative(a, b))


@BANK.mistake("max(axis=0) leaves one error a column: take the largest over all entries, max().")
def largest_of_columns(a: Array, b: Array) -> Any:
    return relative(a, b).max(axis=0)


@BANK.mistake("You divide by a + b, which may be negative or 0: divide by |a| + |b|.")
def signed_sum(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, a + b)).max()


@BANK.mistake("Differences and values are squared: divide |a - b| by |a| + |b|, without squares.")
def squares(a: Array, b: Array) -> Any:
    return ((a - b) ** 2 / np.maximum(1e-8, a**2 + b**2)).max()


@BANK.mistake("np.minimum makes the divisor at most 1e-8: it has to be at least 1e-8, np.maximum.")
def minimum_as_guard(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.minimum(1e-8, np.abs(a) + np.abs(b))).max()


@BANK.mistake(
    "Brackets are missing: |a - b| is divided by |a| alone, and |b| is added. "
    "Divide by (|a| + |b|)."
)
def no_brackets(a: Array, b: Array) -> Any:
    return (np.abs(a - b) / np.maximum(1e-8, np.abs(a)) + np.abs(b)).max()


@BANK.mistake("Python's max compares whole arrays and fails: use np.maximum(1e-8, |a| + |b|).")
def python_max(a: Array, b: Array) -> Any:
    return np.max(np.abs(a - b) / max(1e-8, np.abs(a) + np.abs(b)))


@BANK.mistake("Entries that are 0 are left out: 0 against 5 is an error of 1. Keep all entries.")
def zeros_left_out(a: Array, b: Array) -> Any:
    both = (a != 0) & (b != 0)
    return relative(a[both], b[both]).max()


@BANK.odd_but_right
def largest_norm(a: Array, b: Array) -> Any:
    return np.linalg.norm(((a - b) / np.maximum(1e-8, abs(a) + abs(b))).ravel(), np.inf)
