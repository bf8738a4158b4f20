"""Mistakes and odd but right answers for a1.predict(w, x) -> labels (N,)."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.predict")


@BANK.mistake("argmax without axis is an index into the whole matrix: give it axis=1.")
def flat_argmax(w: Array, x: Array) -> Any:
    return (x @ w).argmax()


@BANK.mistake("The largest score came back: return its index, argmax not max.")
def largest_score(w: Array, x: Array) -> Any:
    return (x @ w).max(axis=1)


@BANK.mistake("argmax runs down the columns: one label a sample is axis=1.")
def over_samples(w: Array, x: Array) -> Any:
    return (x @ w).argmax(axis=0)


@BANK.mistake("The class of the smallest score came back: use argmax.")
def smallest(w: Array, x: Array) -> Any:
    return (x @ w).argmin(axis=1)


@BANK.mistake("The scores came back: return the index of the largest in each row.")
def scores(w: Array, x: Array) -> Any:
    return x @ w


@BANK.mistake("Classes are counted from 1: they start at 0.")
def from_one(w: Array, x: Array) -> Any:
    return (x @ w).argmax(axis=1) + 1


@BANK.mistake("The labels stand in a column: return shape (N,).")
def column(w: Array, x: Array) -> Any:
    return (x @ w).argmax(axis=1)[:, None]


@BANK.mistake("One-hot rows came back: return the class indices.")
def one_hot(w: Array, x: Array) -> Any:
    return np.eye(w.shape[1])[(x @ w).argmax(axis=1)]


@BANK.mistake("All classes in order came back: argsort gives them all, the last is the best.")
def full_order(w: Array, x: Array) -> Any:
    return (x @ w).argsort(axis=1)


@BANK.mistake("Scores are made positive before argmax: the largest score counts, sign and all.")
def largest_absolute(w: Array, x: Array) -> Any:
    return np.abs(x @ w).argmax(axis=1)


@BANK.mistake("Scores are thresholded at 0: take the index of the largest.")
def thresholded(w: Array, x: Array) -> Any:
    return (x @ w > 0).argmax(axis=1)


@BANK.mistake("Only one label came back: return one for every row of x.")
def first_sample(w: Array, x: Array) -> Any:
    return (x[:1] @ w).argmax(axis=1)


@BANK.odd_but_right
def last_of_argsort(w: Array, x: Array) -> Any:
    return np.argsort(x.dot(w), axis=1)[:, -1].astype(np.int32)


@BANK.odd_but_right
def list_of_labels(w: Array, x: Array) -> Any:
    return [max(range(w.shape[1]), key=(row @ w).__getitem__) for row in x]


@BANK.odd_but_right
def through_probabilities(w: Array, x: Array) -> Any:
    e = np.exp(x @ w - (x @ w).max())
    return (e / e.sum(axis=1, keepdims=True)).argmax(axis=1).astype(float)
