"""Odd but right answers for a1.train(...) -> w, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .train import BANK, Array

__all__ = ["BANK"]


@BANK.odd_but_right
def in_place_update(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
    rng: Any,
) -> Any:
    history = np.zeros(steps)
    for t in range(steps):
        rows = rng.integers(0, x.shape[0], size=batch_size)
        history[t], backward = f(w, x[rows], y[rows], reg)
        w += -learning_rate * backward(1.0)
    return [w, history]


@BANK.odd_but_right
def without_replacement(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
    rng: Any,
    verbose: bool = True,
) -> Any:
    history: list[float] = []
    while len(history) < steps:
        order = rng.permutation(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            if len(history) == steps:
                break
            rows = order[start : start + batch_size]
            history.append(f(w, x[rows], y[rows], reg)[0])
            gradient = f(w, x[rows], y[rows], reg)[1]()
            w = w - learning_rate * (0.25 * gradient + 0.75 * gradient)
            if verbose:
                print(len(history), history[-1])
    return w, tuple(history)


@BANK.odd_but_right
def own_generator(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    learning_rate: float,
    steps: int,
    batch_size: int,
    reg: float,
    rng: Any,
) -> Any:
    own, history = np.random.RandomState(3), []
    for _ in range(steps):
        rows = own.choice(len(x), batch_size, replace=False)
        loss, backward = f(w.copy(), x.take(rows, axis=0), y.take(rows), reg)
        w = np.subtract(w, np.multiply(learning_rate, backward()))
        history += [np.float32(loss)]
    return w, history
