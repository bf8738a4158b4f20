"""Odd but right answers for a1.multilabel_loss(scores, t) -> loss, backward."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import log_softmax

from .multilabel import BANK, Array

__all__ = ["BANK"]


@BANK.odd_but_right
def loops(scores: Array, t: Array) -> Any:
    n, c = scores.shape
    loss, dscores = 0.0, np.zeros((n, c))
    for i in range(n):
        for j in range(c):
            s = float(scores[i, j])
            loss += max(s, 0) - s * t[i, j] + np.log1p(np.exp(-abs(s)))
            p = 1 / (1 + np.exp(-s)) if s > 0 else np.exp(s) / (1 + np.exp(s))
            dscores[i, j] = p - t[i, j]
    return [loss / (n * c), lambda: dscores / (n * c)]


@BANK.odd_but_right
def with_logaddexp(scores: Array, t: Array) -> Any:
    print("shape", scores.shape)
    loss = np.average(np.logaddexp(0, scores) - scores * t)
    return loss, lambda dout=1: dout * (0.5 * (1 + np.tanh(scores / 2)) - t) / scores.size


@BANK.odd_but_right
def plain_sigmoid_in_backward(scores: Array, t: Array) -> Any:
    loss = (np.maximum(scores, 0) - scores * t + np.log1p(np.exp(-abs(scores)))).mean()
    return loss, lambda: (1 / (1 + np.exp(-scores)) - t) / t.size


@BANK.odd_but_right
def softplus_by_pieces(scores: Array, t: Array) -> Any:
    s, up = scores.astype(float), scores > 0
    softplus, p = np.empty(s.shape), np.empty(s.shape)
    softplus[up], softplus[~up] = s[up] + np.log1p(np.exp(-s[up])), np.log1p(np.exp(s[~up]))
    p[up], p[~up] = 1 / (1 + np.exp(-s[up])), np.exp(s[~up]) / (1 + np.exp(s[~up]))
    return np.average(softplus - t * s), lambda up=1.0: up * (p - t) / s.size


@BANK.odd_but_right
def softmax_of_two_scores(scores: Array, t: Array) -> Any:
    log_p = log_softmax(np.stack([np.zeros(scores.shape), scores.astype(float)], -1), axis=-1)
    loss = -(t * log_p[..., 1] + (1 - t) * log_p[..., 0]).mean()
    return loss, lambda: ((np.exp(log_p[..., 1]) - t) / t.size).tolist()
