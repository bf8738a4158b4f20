"""Mistakes with large scores for a1.multilabel_loss(scores, t) -> loss, backward."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from scipy.special import expit

from .multilabel import BANK, Array, mistake, right

__all__ = ["BANK"]


def _naive(p: Array, s: Array, t: Array) -> tuple[Any, Array]:
    return (-t * np.log(p) - (1 - t) * np.log(1 - p)).mean(), (expit(s) - t) / s.size


@mistake("log of a sigmoid that is exactly 0 or 1 is -inf: use max(s, 0) - s t + log1p(exp(-|s|)).")
def log_of_sigmoid(s: Array, t: Array) -> tuple[Any, Array]:
    return _naive(expit(s), s, t)


@mistake("exp(s) overflows for large scores: use max(s, 0) - s t + log1p(exp(-|s|)).")
def log_one_plus_exp(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.log(1 + np.exp(s)) - s * t).mean(), right(s, t)[1]


@mistake("exp(s) / (1 + exp(s)) is nan for large s: use the form with exp(-|s|).")
def exp_over_one_plus_exp(s: Array, t: Array) -> tuple[Any, Array]:
    p = np.exp(s) / (1 + np.exp(s))
    return (-t * np.log(p) - (1 - t) * np.log(1 - p)).mean(), (p - t) / s.size


@mistake("The last term is log(1 + e^s): with max(s, 0) before it, it is log(1 + e^(-|s|)).")
def wrong_sign_in_exp(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.maximum(s, 0) - s * t + np.log1p(np.exp(s))).mean(), right(s, t)[1]


@mistake(
    "The absolute value is in the wrong place: max(s, 0) - s t + log(1 + e^(-|s|)) has max(s, 0) "
    "first, and |s| in the exponent."
)
def no_absolute_in_exp(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.maximum(s, 0) - s * t + np.log1p(np.exp(-s))).mean(), right(s, t)[1]


@mistake("The minus sign is missing: the last term is log(1 + e^(-|s|)).")
def no_minus_in_exp(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.maximum(s, 0) - s * t + np.log1p(np.exp(np.abs(s)))).mean(), right(s, t)[1]


@mistake("The term s t is missing: max(s, 0) - s t + log(1 + e^(-|s|)).")
def no_product(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))).mean(), right(s, t)[1]


@mistake("The term s t is added: max(s, 0) - s t + log(1 + e^(-|s|)).")
def product_added(s: Array, t: Array) -> tuple[Any, Array]:
    return (np.maximum(s, 0) + s * t + np.log1p(np.exp(-np.abs(s)))).mean(), right(s, t)[1]


@mistake("The term max(s, 0) is missing: max(s, 0) - s t + log(1 + e^(-|s|)).")
def no_maximum(s: Array, t: Array) -> tuple[Any, Array]:
    return (-s * t + np.log1p(np.exp(-np.abs(s)))).mean(), right(s, t)[1]


_HIDES = (
    "A small number in your logs (1e-{}, added or clipped at) hides how wrong a confident answer "
    "is: use max(s, 0) - s t + log1p(exp(-|s|))."
)


def _epsilon(s: Array, t: Array, e: float) -> Any:
    p = expit(s)
    loss = (-t * np.log(p + e) - (1 - t) * np.log(1 - p + e)).mean()
    return loss, lambda dout=1.0: right(s, t)[1]


def _clip(s: Array, t: Array, e: float) -> Any:
    return _naive(np.clip(expit(s), e, 1 - e), s, t)[0], lambda dout=1.0: right(s, t)[1]


for _power in range(5, 17):
    BANK.add_mistake(
        f"epsilon_1e{_power}", _HIDES.format(_power), partial(_epsilon, e=10.0**-_power)
    )
# Between 1e-7 and 1e-12 a clip gives the same numbers as an added epsilon.
for _power in (3, 4, 5, 6, 15):
    BANK.add_mistake(f"clip_1e{_power}", _HIDES.format(_power), partial(_clip, e=10.0**-_power))


@mistake("Scores are clipped, so that a wrong answer costs no more beyond: use the stable form.")
def clipped_scores(s: Array, t: Array) -> tuple[Any, Array]:
    return right(np.clip(s, -500, 500), t)[0], right(s, t)[1]
