"""More mistakes for a1.predict(w, x) -> labels (N,): what stands before the argmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from .predict import BANK, Array

__all__ = ["BANK"]


@BANK.mistake("Probabilities came back: return the index of the largest in each row, argmax.")
def probabilities(w: Array, x: Array) -> Any:
    e = np.exp(x @ w - (x @ w).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@BANK.mistake("Scores are rounded before argmax, which makes ties: compare them as they are.")
def rounded_scores(w: Array, x: Array) -> Any:
    return np.round(x @ w).argmax(axis=1)


@BANK.mistake("Scores are cut to whole numbers before argmax: compare them as they are.")
def whole_scores(w: Array, x: Array) -> Any:
    return (x @ w).astype(int).argmax(axis=1)


@BANK.mistake("The second largest score wins: the last of argsort is the largest, [:, -1].")
def second_largest(w: Array, x: Array) -> Any:
    return (x @ w).argsort(axis=1)[:, -2]


@BANK.mistake("Only classes 0 and 1 are compared: take the argmax over all classes.")
def first_two_classes(w: Array, x: Array) -> Any:
    return ((x @ w)[:, 1] > (x @ w)[:, 0]).astype(int)


@BANK.mistake("Row numbers came back: np.where gives rows first, then columns. Use argmax, axis=1.")
def row_numbers(w: Array, x: Array) -> Any:
    scores = x @ w
    return np.where(scores == scores.max(axis=1, keepdims=True))[0]


@BANK.mistake("w is transposed in the product: scores are x @ w, of shape (N, C).")
def transposed_weights(w: Array, x: Array) -> Any:
    return (x @ w.T).argmax(axis=1)


@BANK.mistake("The product is the wrong way round: scores are x @ w, of shape (N, C).")
def product_reversed(w: Array, x: Array) -> Any:
    return (w.T @ x).argmax(axis=0)


@BANK.mistake("x is centred first: the weights were trained without it, so use x as it is.")
def centred(w: Array, x: Array) -> Any:
    return ((x - x.mean(axis=0)) @ w).argmax(axis=1)


@BANK.odd_but_right
def summed_by_einsum(w: Array, x: Array) -> Any:
    return list(np.einsum("nd,dc->cn", x, w).argmax(axis=0))
