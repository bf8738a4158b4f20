"""Mistakes and odd but right answers for a1.standardise(train, other) -> two sets."""

from __future__ import annotations

from typing import Any

import numpy as np

from examiner.bank import Bank

Array = np.ndarray
BANK = Bank("a1.standardise")


def _z(a: Array, mean: Any, std: Any) -> Array:
    return (a.astype(float) - mean) / std


@BANK.mistake("The other set is shifted by its own statistics: use those of the training set.")
def own_statistics(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.std(0)), _z(other, other.mean(0), other.std(0))


@BANK.mistake("The other set uses its own mean: use that of the training set.")
def own_mean(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.std(0)), _z(other, other.mean(0), train.std(0))


@BANK.mistake("The other set uses its own spread: use that of the training set.")
def own_std(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.std(0)), _z(other, train.mean(0), other.std(0))


@BANK.mistake("Statistics come from both sets together: the other set leaks into training.")
def statistics_of_both(train: Array, other: Array) -> Any:
    both = np.concatenate([train, other])
    return _z(train, both.mean(0), both.std(0)), _z(other, both.mean(0), both.std(0))


@BANK.mistake("Statistics come from the other set: take them from the training set.")
def statistics_of_other(train: Array, other: Array) -> Any:
    return _z(train, other.mean(0), other.std(0)), _z(other, other.mean(0), other.std(0))


@BANK.mistake("One mean and spread for all features: take them for each column, axis=0.")
def one_statistic(train: Array, other: Array) -> Any:
    return _z(train, train.mean(), train.std()), _z(other, train.mean(), train.std())


@BANK.mistake("Statistics are taken along the rows: take them for each column, axis=0.")
def along_rows(train: Array, other: Array) -> Any:
    mean, std = train.mean(1), train.std(1)
    return _z(train, mean, std), _z(other, mean, std)


@BANK.mistake("Each row has its own statistics: take them for each column, axis=0.")
def each_row(train: Array, other: Array) -> Any:
    return tuple(_z(a, a.mean(1, keepdims=True), a.std(1, keepdims=True)) for a in (train, other))


@BANK.mistake("The mean is subtracted but nothing is divided by the spread.")
def only_centred(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), 1), _z(other, train.mean(0), 1)


@BANK.mistake("The spread is divided by but the mean is not subtracted.")
def only_scaled(train: Array, other: Array) -> Any:
    return _z(train, 0, train.std(0)), _z(other, 0, train.std(0))


@BANK.mistake("You divide by the variance: divide by its root, the standard deviation.")
def variance(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.var(0)), _z(other, train.mean(0), train.var(0))


@BANK.mistake("Your spread divides by N - 1: here it divides by N, as np.std does.")
def sample_std(train: Array, other: Array) -> Any:
    std = train.std(0, ddof=1)
    return _z(train, train.mean(0), std), _z(other, train.mean(0), std)


@BANK.mistake("You multiply by the spread: divide by it.")
def multiplied(train: Array, other: Array) -> Any:
    return tuple((a - train.mean(0)) * train.std(0) for a in (train, other))


@BANK.mistake("The mean is added: subtract it.")
def mean_added(train: Array, other: Array) -> Any:
    return _z(train, -train.mean(0), train.std(0)), _z(other, -train.mean(0), train.std(0))


@BANK.mistake("Features are scaled to the range 0 to 1: subtract the mean, divide by the spread.")
def minmax(train: Array, other: Array) -> Any:
    low, high = train.min(0), train.max(0)
    return (train - low) / (high - low), (other - low) / (high - low)


@BANK.mistake("You divide first and then subtract the mean: subtract first, (a - mean) / std.")
def divided_first(train: Array, other: Array) -> Any:
    return tuple(a / train.std(0) - train.mean(0) for a in (train, other))


@BANK.mistake("Features are divided by their largest value: divide by the standard deviation.")
def divided_by_max(train: Array, other: Array) -> Any:
    return tuple(_z(a, train.mean(0), train.max(0)) for a in (train, other))


@BANK.mistake("Features are divided by their norm: divide by the standard deviation.")
def divided_by_norm(train: Array, other: Array) -> Any:
    norm = np.linalg.norm(train.astype(float), axis=0)
    return tuple(_z(a, train.mean(0), norm) for a in (train, other))


@BANK.mistake("Values are divided by 255: subtract the mean and divide by the standard deviation.")
def divided_by_255(train: Array, other: Array) -> Any:
    return train / 255, other / 255


@BANK.mistake("The median is subtracted: subtract the mean.")
def median(train: Array, other: Array) -> Any:
    return tuple(_z(a, np.median(train, axis=0), train.std(0)) for a in (train, other))


@BANK.mistake(
    "The other set comes back as it was: shift and scale it with the training statistics, taken before the training set is changed."
)
def other_untouched(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.std(0)), other


@BANK.mistake(
    "The other set is centred only: divide it by the training spread, taken before the training set is changed."
)
def other_centred(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.std(0)), _z(other, train.mean(0), 1)


@BANK.mistake("The two sets come back in the other order.")
def order_swapped(train: Array, other: Array) -> Any:
    return _z(other, train.mean(0), train.std(0)), _z(train, train.mean(0), train.std(0))


@BANK.mistake("Only the training set comes back: return train_z, other_z.")
def train_only(train: Array, other: Array) -> Any:
    return _z(train, train.mean(0), train.std(0))


@BANK.mistake("You write into the arguments: return new arrays.")
def in_place(train: Array, other: Array) -> Any:
    mean, std = train.mean(0), train.std(0)
    for a in (train, other):
        a[...] = ((a - mean) / std).astype(a.dtype)
    return train, other


@BANK.mistake("0.1 or more is added to the spread: that is no longer a spread of 1.")
def large_epsilon(train: Array, other: Array) -> Any:
    return tuple(_z(a, train.mean(0), train.std(0) + 0.1) for a in (train, other))


@BANK.odd_but_right
def loops(train: Array, other: Array) -> Any:
    train_z, other_z = np.zeros(train.shape), np.zeros(other.shape)
    for j in range(train.shape[1]):
        column = train[:, j].astype(float)
        mean = sum(column) / len(column)
        spread = (sum((v - mean) ** 2 for v in column) / len(column)) ** 0.5
        train_z[:, j] = (column - mean) / spread
        other_z[:, j] = (other[:, j] - mean) / spread
    return [train_z, other_z]


@BANK.odd_but_right
def tiny_epsilon(train: Array, other: Array) -> Any:
    spread = np.sqrt(np.mean((train - train.mean(axis=0)) ** 2, axis=0)) + 1e-8
    return tuple((a - train.mean(axis=0)) / spread for a in (train, other))
