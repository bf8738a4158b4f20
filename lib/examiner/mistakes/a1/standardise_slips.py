"""Slips of types, brackets and mixed statistics for a1.standardise(train, other) -> two sets."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import zmap

from .standardise import BANK, Array

__all__ = ["BANK"]


@BANK.mistake(
    "Brackets are missing: a - mean / std divides the mean alone. Write (a - mean) / std."
)
def no_brackets(train: Array, other: Array) -> Any:
    return tuple(a - train.mean(0) / train.std(0) for a in (train, other))


@BANK.mistake(
    "Your spread is the root mean square: subtract the mean before you square, as np.std does."
)
def root_mean_square(train: Array, other: Array) -> Any:
    spread = np.sqrt((train**2).mean(0))
    return tuple((a - train.mean(0)) / spread for a in (train, other))


@BANK.mistake("The spread is one number for all features: take it for each column, axis=0.")
def one_spread(train: Array, other: Array) -> Any:
    return tuple((a - train.mean(0)) / train.std() for a in (train, other))


@BANK.mistake("The mean is one number for all features: take it for each column, axis=0.")
def one_mean(train: Array, other: Array) -> Any:
    return tuple((a - train.mean()) / train.std(0) for a in (train, other))


@BANK.mistake("The other set's spread divides by N - 1, the training set's by N: use the same.")
def sample_std_for_other(train: Array, other: Array) -> Any:
    mean = train.mean(0)
    return (train - mean) / train.std(0), (other - mean) / train.std(0, ddof=1)


@BANK.mistake("The other set is scaled but not shifted: subtract the training mean, too.")
def other_not_centred(train: Array, other: Array) -> Any:
    return (train - train.mean(0)) / train.std(0), other / train.std(0)


@BANK.mistake(
    "Your results have the dtype of their set: for uint8 they are cut to whole numbers. "
    "Allocate them as float."
)
def in_type_of_train(train: Array, other: Array) -> Any:
    train_z, other_z = np.zeros_like(train), np.zeros_like(other)
    train_z[:] = (train - train.mean(0)) / train.std(0)
    other_z[:] = (other - train.mean(0)) / train.std(0)
    return train_z, other_z


@BANK.mistake("The mean is cut to the dtype of the training set: keep it a float.")
def mean_in_type_of_train(train: Array, other: Array) -> Any:
    mean = train.mean(0).astype(train.dtype)
    return tuple((a - mean) / train.std(0) for a in (train, other))


@BANK.mistake(
    "-= and /= write into the arguments, and fail for uint8: return new arrays, (a - mean) / std."
)
def in_place_operators(train: Array, other: Array) -> Any:
    mean, std = train.mean(0), train.std(0)
    for a in (train, other):
        a -= mean
        a /= std
    return train, other


def _with_epsilon(power: int) -> None:
    def answer(train: Array, other: Array) -> Any:
        spread = train.std(0) + 10.0**-power
        return tuple((a - train.mean(0)) / spread for a in (train, other))

    BANK.add_mistake(
        f"epsilon_1e{power}",
        f"1e-{power} is added to the spread, which shows in the result: leave it out, "
        "or add no more than 1e-8.",
        answer,
    )


for _power in (2, 3, 4):
    _with_epsilon(_power)


@BANK.odd_but_right
def with_scipy(train: Array, other: Array) -> Any:
    return [zmap(a.astype(float), train.astype(float)) for a in (train, other)]


@BANK.odd_but_right
def constant_features_guarded(train: Array, other: Array) -> Any:
    spread = np.where(train.std(0) == 0, 1, np.sqrt(train.var(0)))
    return tuple(((a - train.mean(0)) / spread).tolist() for a in (train, other))
