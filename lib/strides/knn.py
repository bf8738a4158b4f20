"""k nearest neighbours: the label of an image is the one that most images close to it have.

Nothing is learned: the training set is the model, and all work is done when a question comes.
x holds one example a row, (N, D); flatten images first. Distances are computed in floats, so that
uint8 images do not wrap around.
Source: Fix and Hodges, 1951; Cover and Hart, 1967.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from strides import expect

Array = NDArray[Any]

BLOCK = 2**22  # numbers held at once while the L1 distance is computed


def pairwise_distances(a: ArrayLike, b: ArrayLike, metric: str = "l2") -> Array:
    """Distances between the rows of a (M, D) and those of b (N, D), as (M, N).

    metric "l1" adds up the absolute differences, "l2" (Euclidean) takes the root of the sum of
    their squares, as |a|^2 - 2 a.b + |b|^2, which is one matrix product.
    Raises ValueError for rows of different lengths and for another metric.
    """
    a, b = _rows("a", a), _rows("b", b)
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"b: expected rows of {a.shape[1]} numbers, as in a; received shape {b.shape}; "
            f"try the same features in both"
        )
    if metric == "l2":
        squares = (a * a).sum(axis=1)[:, None] - 2 * (a @ b.T) + (b * b).sum(axis=1)
        return np.sqrt(np.maximum(squares, 0))  # rounding can leave a little less than 0
    if metric == "l1":
        distances = np.empty((len(a), len(b)), np.result_type(a, b))
        size = max(1, BLOCK // b.size)
        for start in range(0, len(a), size):
            rows = slice(start, start + size)
            distances[rows] = np.abs(a[rows, None] - b).sum(axis=2)
        return distances
    raise ValueError(f"metric: expected 'l1' or 'l2'; received {metric!r}; try 'l2'")


def vote(distances: ArrayLike, y: ArrayLike, k: int) -> Array:
    """The most frequent label among the k nearest of N training examples, for each of M rows.

    distances (M, N), y (N,) integers from 0. Equal distances count in the order of the training
    set, and of labels that are equally frequent the smallest wins. Raises ValueError for a k
    outside 1 to N and for labels that do not fit.
    """
    distances, y = _rows("distances", distances), np.asarray(y)
    _require_labels(y, distances.shape[1], "column of distances")
    _require_k(k, len(y))
    return _winners(y[_nearest(distances, k)])


def predict(
    x_train: ArrayLike, y_train: ArrayLike, x: ArrayLike, k: int = 1, metric: str = "l2"
) -> Array:
    """Labels (M,) for x (M, D), from the k nearest of x_train (N, D) and their labels y_train (N,).

    Raises ValueError as pairwise_distances and vote do.
    """
    return vote(pairwise_distances(x, x_train, metric), y_train, k)


def cross_validate(
    x: ArrayLike,
    y: ArrayLike,
    ks: tuple[int, ...] = (1, 3, 5, 9, 15),
    folds: int = 5,
    metric: str = "l2",
    seed: int = 0,
) -> Array:
    """Accuracy for each k on each fold, (len(ks), folds), from 0 to 1; its rows' means rank the ks.

    The examples are shuffled and cut into folds; each fold is predicted from all the others once.
    The test set has no part in it. Raises ValueError for fewer than 2 folds, more folds than
    examples, and a k larger than the examples outside a fold. Source: Stone, 1974.
    """
    x, y = _rows("x", x), np.asarray(y)
    _require_labels(y, len(x), "row of x")
    if not 2 <= folds <= len(x):
        raise ValueError(
            f"folds: expected 2 to {len(x)}, the number of rows of x; received {folds}; try 5"
        )
    parts = np.array_split(np.random.default_rng(seed).permutation(len(x)), folds)
    for k in ks:
        _require_k(k, len(x) - len(parts[0]))
    accuracy = np.empty((len(ks), folds))
    for fold, held_out in enumerate(parts):
        others = np.concatenate([part for part in parts if part is not held_out])
        distances = pairwise_distances(x[held_out], x[others], metric)
        neighbours = y[others][_nearest(distances, max(ks))]
        for i, k in enumerate(ks):
            accuracy[i, fold] = np.mean(_winners(neighbours[:, :k]) == y[held_out])
    return accuracy


def _nearest(distances: Array, k: int) -> Array:
    """Columns of the k smallest distances of each row, the smallest first."""
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


def _winners(labels: Array) -> Array:
    """The most frequent label of each row."""
    votes = np.stack([(labels == label).sum(axis=1) for label in range(labels.max(initial=0) + 1)])
    return votes.argmax(axis=0)


def _rows(name: str, values: ArrayLike) -> Array:
    """The values as floats in two dimensions; integers become float64."""
    array = expect.numbers(name, values)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(
            f"{name}: expected two dimensions, one example a row; received shape {array.shape}; "
            f"try {name}.reshape(len({name}), -1)"
        )
    return array


def _require_labels(y: Array, count: int, of_what: str) -> None:
    """Raise unless y holds `count` labels: TypeError for non-integers, ValueError otherwise."""
    if y.shape != (count,):
        raise ValueError(
            f"y: expected {count} labels, one for each {of_what}; received shape {y.shape}; "
            f"try taking the same rows of both"
        )
    if y.dtype.kind not in "iu":
        raise TypeError(f"y: expected integers; received dtype {y.dtype}; try y.astype(int)")
    expect.reject("y", y, y < 0, "labels of 0 or more", "counting classes from 0")


def _require_k(k: int, available: int) -> None:
    """Raise a ValueError unless 1 <= k <= available."""
    if not 1 <= k <= available:
        raise ValueError(
            f"k: expected 1 to {available}, the training examples there are; received {k}; try 1"
        )
