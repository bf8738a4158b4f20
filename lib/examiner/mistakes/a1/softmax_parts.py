"""The softmax and its cross-entropy, right: what the mistakes are made of."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

Array = np.ndarray


def probabilities(scores: Array) -> Array:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(scores: Array, y: Array) -> tuple[Array, Array]:
    rows = np.arange(len(y))
    d = probabilities(scores)
    d[rows, y] -= 1
    return logsumexp(scores, axis=1) - scores[rows, y], d


def from_probabilities(p: Array, y: Array) -> tuple[Array, Array]:
    """Losses and gradient as an answer computes them that has its probabilities."""
    rows = np.arange(len(y))
    d = p.copy()
    d[rows, y] -= 1
    return -np.log(p[rows, y]), d
