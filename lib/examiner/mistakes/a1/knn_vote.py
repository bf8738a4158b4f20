"""Mistakes in who votes, and how, for a1.knn_predict(distances, y, k) -> labels (M,)."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from .knn import BANK, Array, vote

__all__ = ["BANK"]


def nearest(distances: Array, y: Array, k: int) -> Array:
    """The labels of the k nearest, one row a test point."""
    return y[np.argsort(distances, axis=1)[:, :k]]


@BANK.mistake(
    "np.argsort(distances, axis=1)[:k] keeps the first k rows: the k nearest are columns, [:, :k]."
)
def rows_sliced(distances: Array, y: Array, k: int) -> Array:
    order = np.argsort(distances, axis=1)[:k]
    return np.array([np.bincount(y[row]).argmax() for row in order])


@BANK.mistake("One vote is held over all rows and one label comes back: count each row by itself.")
def pooled_vote(distances: Array, y: Array, k: int) -> Any:
    return np.bincount(nearest(distances, y, k).ravel()).argmax()


@BANK.mistake("The labels stand in a column, (M, 1): return shape (M,), for example with ravel().")
def column(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, k)[:, None]


@BANK.mistake("Only the first row gets its label: is the return inside the loop?")
def early_return(distances: Array, y: Array, k: int) -> Array:
    labels = np.zeros(len(distances), int)
    labels[0] = vote(np.argsort(distances, axis=1), y, k)[0]
    return labels


def _weighted(distances: Array, y: Array, k: int, weigh: Any) -> Array:
    labels = []
    for row in distances:
        order = np.argsort(row)[:k]
        labels.append(np.bincount(y[order], weights=weigh(row[order])).argmax())
    return np.array(labels)


@BANK.mistake("Votes are weighted by the distance: each of the k nearest has one vote.")
def weighted_by_distance(distances: Array, y: Array, k: int) -> Array:
    return _weighted(distances, y, k, lambda d: d)


@BANK.mistake("Votes are weighted by 1 / distance: here each of the k nearest has one vote.")
def weighted_by_inverse(distances: Array, y: Array, k: int) -> Array:
    return _weighted(distances, y, k, lambda d: 1 / (d + 1e-9))


@BANK.mistake("The label with the fewest votes wins, argmin: take argmax.")
def fewest_votes(distances: Array, y: Array, k: int) -> Array:
    return np.array([np.bincount(row).argmin() for row in nearest(distances, y, k)])


@BANK.mistake("The mean label is compared with 0.5, so only 0 and 1 can win: let the labels vote.")
def two_classes(distances: Array, y: Array, k: int) -> Array:
    return (nearest(distances, y, k).mean(axis=1) > 0.5).astype(int)


@BANK.odd_but_right
def heap_and_dictionary(distances: Array, y: Array, k: int) -> Any:
    labels = []
    for row in distances.tolist():
        votes: dict[int, int] = {}
        for i in heapq.nsmallest(k, range(len(row)), key=row.__getitem__):
            votes[int(y[i])] = votes.get(int(y[i]), 0) + 1
        labels.append(max(votes, key=votes.__getitem__))
    return tuple(labels)


@BANK.odd_but_right
def within_the_kth_distance(distances: Array, y: Array, k: int) -> Array:
    near = distances <= np.sort(distances, axis=1)[:, k - 1 : k]
    return (near.astype(int) @ np.eye(y.max() + 1, dtype=int)[y]).argmax(axis=1)
