"""Odd but right answers for a1.train(...) -> w, history."""

from __future__ import annotations

from typing import Any

import numpy as np

from .train import BANK, Run, packed

__all__ = ["BANK"]


def in_place_update(run: Run) -> Any:
    history, w = np.zeros(run.steps), run.w
    for t in range(run.steps):
        rows = run.rng.integers(0, run.x.shape[0], size=run.size)
        history[t], backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
        w += -run.rate * backward(1.0)
    return [w, history]


def without_replacement(run: Run) -> Any:
    history: list[float] = []
    w = run.w
    while len(history) < run.steps:
        order = run.rng.permutation(len(run.x))
        for start in range(0, len(order) - run.size + 1, run.size):
            if len(history) == run.steps:
                break
            rows = order[start : start + run.size]
            history.append(run.loss_function(w, run.x[rows], run.y[rows], run.reg)[0])
            gradient = run.loss_function(w, run.x[rows], run.y[rows], run.reg)[1]()
            w = w - run.rate * (0.25 * gradient + 0.75 * gradient)
            print(len(history), history[-1])
    return w, tuple(history)


def own_generator(run: Run) -> Any:
    own, w, history = np.random.RandomState(3), run.w, []
    for _ in range(run.steps):
        rows = own.choice(len(run.x), run.size, replace=False)
        batch = run.x.take(rows, axis=0), run.y.take(rows)
        loss, backward = run.loss_function(w.copy(), *batch, run.reg)
        w = np.subtract(w, np.multiply(run.rate, backward()))
        history += [np.float32(loss)]
    return w, history


for _answer in (in_place_update, without_replacement, own_generator):
    BANK.right[_answer.__name__] = packed(_answer)
