"""Mistakes and odd but right answers for a1.knn_predict(distances, y, k) -> labels (M,)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.knn_predict")


def vote(order: Array, y: Array, k: int) -> Array:
    return np.array([np.bincount(y[row[:k]]).argmax() for row in order])


@BANK.mistake("These are the k farthest points: sort the distances upwards.")
def farthest(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(-distances, axis=1), y, k)


@BANK.mistake("Only the nearest point decides: let the k nearest vote.")
def nearest_only(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, 1)


@BANK.mistake("k + 1 points vote: the slice is order[:k].")
def one_too_many(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, k + 1)


@BANK.mistake("k - 1 points vote: the slice is order[:k].")
def one_too_few(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, max(k - 1, 1))


@BANK.mistake("The nearest point is left out, order[1:k+1]: no test point is in the training set.")
def nearest_left_out(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1)[:, 1:], y, k)


@BANK.mistake("Every row gets the same label: let the k nearest of each row vote, row by row.")
def everyone_votes(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, len(y))


@BANK.mistake("The first k training points vote: sort by distance first.")
def first_k(distances: Array, y: Array, k: int) -> Array:
    return np.array([np.bincount(y[:k]).argmax()] * len(distances))


@BANK.mistake("Distances are sorted down the columns: sort along the training points, axis=1.")
def sorted_columns(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=0), y, k)


@BANK.mistake("These are indices of training points: look their labels up in y.")
def index_not_label(distances: Array, y: Array, k: int) -> Array:
    return np.argsort(distances, axis=1)[:, 0]


@BANK.mistake("The vote is over indices of training points: take their labels, y[order].")
def vote_of_indices(distances: Array, y: Array, k: int) -> Array:
    return np.array([np.bincount(row[:k]).argmax() for row in np.argsort(distances, axis=1)])


@BANK.mistake("You return the k labels: let them vote, one label a row.")
def all_labels(distances: Array, y: Array, k: int) -> Array:
    return y[np.argsort(distances, axis=1)[:, :k]]


@BANK.mistake("You return the number of votes: return the label that got them, argmax not max.")
def count_not_label(distances: Array, y: Array, k: int) -> Array:
    return np.array([np.bincount(y[row[:k]]).max() for row in np.argsort(distances, axis=1)])


@BANK.mistake("The labels of the neighbours are averaged: let them vote.")
def mean_label(distances: Array, y: Array, k: int) -> Array:
    return y[np.argsort(distances, axis=1)[:, :k]].mean(axis=1)


@BANK.mistake("The labels of the neighbours are averaged and rounded: let them vote.")
def rounded_mean(distances: Array, y: Array, k: int) -> Array:
    return np.round(mean_label(distances, y, k)).astype(int)


@BANK.mistake("The median label is returned: let the neighbours vote.")
def median_label(distances: Array, y: Array, k: int) -> Array:
    return np.median(y[np.argsort(distances, axis=1)[:, :k]], axis=1)


@BANK.mistake("The largest label among the neighbours wins: the most frequent one should.")
def largest_label(distances: Array, y: Array, k: int) -> Array:
    return y[np.argsort(distances, axis=1)[:, :k]].max(axis=1)


@BANK.mistake("The smallest label among the neighbours wins: the most frequent one should.")
def smallest_label(distances: Array, y: Array, k: int) -> Array:
    return y[np.argsort(distances, axis=1)[:, :k]].min(axis=1)


@BANK.mistake("The rarest label among the neighbours wins: the most frequent one should.")
def rarest_label(distances: Array, y: Array, k: int) -> Array:
    order = np.argsort(distances, axis=1)[:, :k]
    return np.array(
        [min(Counter(v).items(), key=lambda p: (p[1], p[0]))[0] for v in y[order].tolist()]
    )


@BANK.mistake("The k-th neighbour alone decides: let the k nearest vote.")
def kth_only(distances: Array, y: Array, k: int) -> Array:
    return y[np.argsort(distances, axis=1)[:, k - 1]]


@BANK.mistake(
    "You sort the distances in place: another k would then see other rows. Use np.argsort."
)
def sorts_in_place(distances: Array, y: Array, k: int) -> Array:
    labels = vote(np.argsort(distances, axis=1), y, k)
    distances.sort(axis=1)
    return labels


@BANK.mistake("Distances are sorted in place before their order is taken: the order is lost.")
def sorted_before_argsort(distances: Array, y: Array, k: int) -> Array:
    distances.sort(axis=1)
    return vote(np.argsort(distances, axis=1, kind="stable"), y, k)


@BANK.mistake(
    "The place of the largest count came back: it is a place among the labels that occur, not a label."
)
def place_of_count(distances: Array, y: Array, k: int) -> Array:
    order = np.argsort(distances, axis=1)[:, :k]
    return np.array([np.unique(y[row], return_counts=True)[1].argmax() for row in order])


@BANK.mistake("The vote runs over the rows: count the labels within each row.")
def vote_over_rows(distances: Array, y: Array, k: int) -> Array:
    labels = y[np.argsort(distances, axis=1)[:, :k]]
    return np.array([np.bincount(column).argmax() for column in labels.T])


@BANK.mistake("These are ranks, argsort of argsort: the first k of one argsort are the nearest.")
def ranks(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(np.argsort(distances, axis=1), axis=1), y, k)


@BANK.mistake(
    "The farthest of the k nearest are kept: argsort is sorted upwards, take [:k] and not [-k:]."
)
def last_of_first(distances: Array, y: Array, k: int) -> Array:
    return (
        vote(np.argsort(distances, axis=1)[:, k:], y, k) if distances.shape[1] >= 2 * k else y[:0]
    )


@BANK.mistake("Only one row is predicted: return a label for every row of distances.")
def first_row(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, k)[:1]


@BANK.mistake("k is ignored: three points always vote.")
def always_three(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, 3)


@BANK.mistake("k is ignored: five points always vote.")
def always_five(distances: Array, y: Array, k: int) -> Array:
    return vote(np.argsort(distances, axis=1), y, 5)


@BANK.mistake("You return the worked example's labels whatever the input is.")
def visible_labels(distances: Array, y: Array, k: int) -> Array:
    return np.array([0, 1])


@BANK.odd_but_right
def counter(distances: Array, y: Array, k: int) -> Any:
    return [Counter(y[np.argsort(row)[:k]].tolist()).most_common(1)[0][0] for row in distances]


@BANK.odd_but_right
def argpartition(distances: Array, y: Array, k: int) -> Array:
    nearest = np.argpartition(distances, k - 1, axis=1)[:, :k]
    return np.array([np.bincount(y[row]).argmax() for row in nearest], dtype=np.int32)


@BANK.odd_but_right
def one_hot_votes_as_floats(distances: Array, y: Array, k: int) -> Array:
    votes = np.eye(y.max() + 1)[y[np.argsort(distances)[:, :k]]].sum(axis=1)
    return votes.argmax(axis=1).astype(float)
