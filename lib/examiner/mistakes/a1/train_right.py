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


def drawn_at_once(run: Run) -> Any:
    rows = run.rng.integers(len(run.x) - 1, size=(run.steps, run.size), endpoint=True)
    w, history = run.w.astype(float), []
    for batch in rows:
        x, y = run.x.take(batch, axis=0), run.y.take(batch)
        loss, backward = run.loss_function(w=w.copy(), x=x, y=y, reg=run.reg)
        w = np.subtract(w, np.multiply(run.rate, backward()))
        history += [np.float32(loss)]
    return w, history


def looks_at_the_whole_set(run: Run) -> Any:
    w, history = run.w.copy(), np.empty(run.steps)
    for t in range(run.steps):
        rows = np.argsort(run.rng.random(len(run.x)))[: run.size]
        history[t], backward = run.loss_function(w, run.x[rows], run.y[rows], run.reg)
        print(np.linalg.norm(backward()))
        w = w - run.rate * backward()
        if t % 10 == 0:
            print(t, run.loss_function(w, run.x, run.y, run.reg)[0])
    return w, history


def shuffled_together(run: Run) -> Any:
    w, history = run.w, []
    for _ in range(run.steps):
        pairs = np.column_stack([run.x, run.y])
        run.rng.shuffle(pairs, axis=0)
        batch = pairs[: run.size, :-1], pairs[: run.size, -1].astype(int)
        loss, backward = run.loss_function(w, *batch, run.reg)
        history.append(float(loss))
        w = w + -run.rate * backward()
    return [w, tuple(history)]


RIGHT = (
    in_place_update,
    without_replacement,
    drawn_at_once,
    looks_at_the_whole_set,
    shuffled_together,
)
for _answer in RIGHT:
    BANK.right[_answer.__name__] = packed(_answer)
