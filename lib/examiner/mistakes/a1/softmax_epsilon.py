"""Mistakes of hiding large scores for a1.softmax_loss: small numbers in logs, clipped scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .linear import Array, classifier
from .softmax import BANK, data_mistake, no_max_shift
from .softmax_parts import cross_entropy, probabilities

__all__ = ["BANK"]


def _with_epsilon(epsilon: float) -> Callable[[Array, Array], tuple[Array, Array]]:
    def data(scores: Array, y: Array) -> tuple[Array, Array]:
        p = probabilities(scores)
        return -np.log(p[np.arange(len(y)), y] + epsilon), cross_entropy(scores, y)[1]

    return data


def _clipped(epsilon: float) -> Callable[[Array, Array], tuple[Array, Array]]:
    def data(scores: Array, y: Array) -> tuple[Array, Array]:
        p = np.clip(probabilities(scores), epsilon, 1 - epsilon)
        return -np.log(p[np.arange(len(y)), y]), cross_entropy(scores, y)[1]

    return data


_HIDES = (
    "The {} in your log hides how wrong a confident answer is: the loss stops growing. "
    "Keep log p as s - m - log(sum(exp(s - m)))."
)
for _power in range(3, 11):
    BANK.add_mistake(
        f"epsilon_1e{_power}_in_log",
        _HIDES.format(f"1e-{_power}"),
        classifier(_with_epsilon(10.0**-_power)),
    )
for _power in (3, 4, 5, 6, 7, 8):
    BANK.add_mistake(
        f"clip_1e{_power}",
        _HIDES.format(f"clip at 1e-{_power}"),
        classifier(_clipped(10.0**-_power)),
    )


@data_mistake(
    "Scores are clipped before the softmax: 60 and 80 give the same probability. "
    "Subtract the row's maximum instead."
)
def clip_logits_50(scores: Array, y: Array) -> tuple[Array, Array]:
    return no_max_shift(np.clip(scores, -50, 50), y)


@data_mistake("Scores are clipped far out before the softmax: subtract the row's maximum instead.")
def clip_logits_500(scores: Array, y: Array) -> tuple[Array, Array]:
    return no_max_shift(np.clip(scores, -500, 500), y)
