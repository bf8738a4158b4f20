"""Mistakes in what a1.train(...) returns, and in how it calls the loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .train import BANK, Array, sgd

__all__ = ["BANK"]


@BANK.mistake("history holds the last loss alone: append one loss in every step.")
def last_loss_only(*args: Any) -> Any:
    w, history = sgd(*args)
    return w, history[-1:]


@BANK.mistake("history is empty: append the loss of every step.")
def empty_history(*args: Any) -> Any:
    return sgd(*args)[0], []


@BANK.mistake(
    "history leaves out the first loss: append one loss in every step, from the first on."
)
def first_loss_missing(*args: Any) -> Any:
    w, history = sgd(*args)
    return w, history[1:]


@BANK.mistake("history is cumulative: append each step's own loss.")
def cumulative_history(*args: Any) -> Any:
    w, history = sgd(*args)
    return w, np.cumsum(history)


@BANK.mistake("The w you return is not the trained one but the one it started from.")
def returns_start(f: Callable, w: Array, *rest: Any) -> Any:
    return w.copy(), sgd(f, w, *rest)[1]


@BANK.mistake("w starts from zeros: start from the argument w.")
def starts_from_zero(f: Callable, w: Array, *rest: Any) -> Any:
    return sgd(f, np.zeros_like(w), *rest)


@BANK.mistake("The two values are in the other order: return w, history.")
def order_swapped(*args: Any) -> Any:
    return sgd(*args)[::-1]


@BANK.mistake("You return w alone: return w, history.")
def w_only(*args: Any) -> Any:
    return sgd(*args)[0]


@BANK.mistake("You return the history alone: return w, history.")
def history_only(*args: Any) -> Any:
    return sgd(*args)[1]


@BANK.mistake("loss_function is never called: it gives the loss and its backward.")
def never_calls(
    f: Callable, w: Array, x: Array, y: Array, rate: float, steps: int, *rest: Any
) -> Any:
    return w, [0.0] * steps


@BANK.mistake("backward is subtracted without being called: write backward().")
def backward_not_called(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    loss, backward = f(w, x[:size], y[:size], reg)
    return w - rate * backward, [loss]


@BANK.mistake("x is shuffled in place: shuffle row numbers, and leave x and y as they are.")
def shuffles_in_place(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    result = sgd(f, w, x.copy(), y.copy(), rate, steps, size, reg, rng)
    order = np.roll(np.arange(len(x)), 1)
    x[...], y[...] = x[order], y[order]
    return result


@BANK.mistake("Every step starts from the first w again: let w keep what it has learned.")
def restarts_each_step(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    history, moved = [], w
    for _ in range(steps):
        rows = rng.choice(len(x), size)
        loss, backward = f(w, x[rows], y[rows], reg)
        moved = w - rate * backward()
        history.append(loss)
    return moved, history


@BANK.mistake("Gradients pile up from step to step: each step uses its own gradient alone.")
def gradients_pile_up(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    history, total = [], np.zeros(w.shape)
    for _ in range(steps):
        rows = rng.choice(len(x), size)
        loss, backward = f(w, x[rows], y[rows], reg)
        total = total + backward()
        w = w - rate * total
        history.append(loss)
    return w, history


@BANK.mistake("The step is divided by batch_size: the loss is a mean already.")
def rate_over_batch(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate / size, steps, size, reg, rng)


@BANK.mistake("The step is multiplied by batch_size: subtract learning_rate * dw.")
def rate_times_batch(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate * size, steps, size, reg, rng)


@BANK.mistake("The step is divided by the number of steps: subtract learning_rate * dw.")
def rate_over_steps(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    return sgd(f, w, x, y, rate / steps, steps, size, reg, rng)


@BANK.mistake(
    "The loss is subtracted from w: subtract learning_rate times the gradient, backward()."
)
def loss_as_gradient(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    history = []
    for _ in range(steps):
        rows = rng.choice(len(x), size)
        loss, _ = f(w, x[rows], y[rows], reg)
        w = w - rate * loss
        history.append(loss)
    return w, history


@BANK.mistake(
    "Batches run through the set in order, without drawing: draw rows at random with rng."
)
def in_order(
    f: Callable,
    w: Array,
    x: Array,
    y: Array,
    rate: float,
    steps: int,
    size: int,
    reg: float,
    rng: Any,
) -> Any:
    history = []
    for t in range(steps):
        rows = np.arange(t * size, (t + 1) * size) % len(x)
        loss, backward = f(w, x[rows], y[rows], reg)
        w = w - rate * backward()
        history.append(loss)
    return w, history
